"""The traceback module: formatting, TracebackException, StackSummary, notes, groups, causes."""
import io
import sys
import traceback


def f(n):
    if n == 0:
        raise ValueError("bottom")
    return f(n - 1)


def strip(text):
    return text.replace(__file__, "FILE")


try:
    f(2)
except ValueError as e:
    err = e
print(strip("".join(traceback.format_exception(err))))
print(strip("".join(traceback.format_tb(err.__traceback__, 1))), traceback.format_exception_only(err))
print(strip("".join(traceback.format_tb(err.__traceback__, -1))))
for fs in traceback.extract_tb(err.__traceback__):
    print(fs.name, fs.lineno, fs.line, fs.end_lineno, fs.colno, fs.end_colno, len(fs), fs[2])
try:
    try:
        {}["k"]
    except KeyError as e:
        e.add_note("a note\nof two lines")
        raise RuntimeError("second") from e
except RuntimeError as e:
    te = traceback.TracebackException.from_exception(e)
    print(strip("".join(te.format())))
    print(strip("".join(te.format(chain=False))))
    print(te.exc_type_str if hasattr(te, "exc_type_str") else te.exc_type.__name__, te.__cause__ is not None, te.__suppress_context__, str(te))
try:
    raise ExceptionGroup("eg", [ValueError(1), ExceptionGroup("in", [TypeError("t"), KeyError("k")])])
except ExceptionGroup as e:
    print(strip("".join(traceback.format_exception(e))))
try:
    compile("x = (1,\n  2 3)", "<src>", "exec")
except SyntaxError as e:
    print("".join(traceback.format_exception_only(e)))
    s = io.StringIO()
    traceback.print_exception(e, file=s)
    print(strip(s.getvalue()))


def g():
    return traceback.extract_stack(), traceback.format_stack()


st, text = g()
print([x.name for x in st], strip(text[-1]))
print(traceback.StackSummary.extract(traceback.walk_tb(err.__traceback__)).format()[0].count("\n"))


def many(n):
    return many(n - 1) if n else 1 / 0


try:
    many(20)
except ZeroDivisionError as e:
    print(strip("".join(traceback.format_exception(e))))


class Weird(Exception):
    def __str__(self): raise TypeError("no str")


print(traceback.format_exception_only(Weird()), traceback.format_exception_only(KeyError("a")), traceback.format_exception_only(None))
try:
    (lambda x: x.
        missing)(3)
except AttributeError as e:
    print(strip("".join(traceback.format_exception(e))))
try:
    a = [1, 2]
    b = (a[0] +
         a[5])
except IndexError:
    print(strip(traceback.format_exc()))
tb = err.__traceback__
print(tb.tb_lineno, tb.tb_frame.f_code.co_name, tb.tb_next.tb_next.tb_next.tb_next)
print(traceback.format_list([("file.py", 3, "fn", "some code")]))
c = traceback.TracebackException(ValueError, ValueError("x"), None)
print(list(c.format()), c == traceback.TracebackException(ValueError, ValueError("x"), None))
try:
    len(3)
except TypeError:
    t, v, tb = sys.exc_info()
    traceback.clear_frames(tb)
    print(traceback.format_exception_only(t, v))
try:
    naem
except NameError as e:
    name = 1
    print(traceback.format_exception_only(e))
try:
    sys.exut
except AttributeError as e:
    print(traceback.format_exception_only(e))
