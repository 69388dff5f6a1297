"""warnings: filters, catch_warnings, syntax warnings, errors, deprecated."""
import sys
import warnings


def show(message, category, filename, lineno, file=None, line=None):
    print("W", category.__name__, message, lineno - base if filename == __file__ else filename, line)


warnings.showwarning = show
base = sys._getframe().f_lineno


def old():
    warnings.warn("old is old", DeprecationWarning, stacklevel=2)


old()
warnings.warn("user")
warnings.warn("user")
for _ in range(3):
    warnings.warn("in loop")
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    old()
    warnings.warn(RuntimeWarning("instance"))
    warnings.warn("resource", ResourceWarning)
    print([(x.category.__name__, str(x.message), x.lineno - base) for x in w])
with warnings.catch_warnings():
    warnings.simplefilter("error")
    try:
        warnings.warn("now an error", UserWarning)
    except UserWarning as e:
        print("raised", e)
    for src in [r"'\d'", "x is 1", "assert (1, 2)", "1()", "'a' 'b'[1, 2]"]:
        try:
            compile(src, "<src>", "exec")
            print("compiled", src)
        except SyntaxError as e:
            print(e.msg, e.lineno, e.filename)
with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message=".*secret.*")
    warnings.warn("a secret thing")
    warnings.warn("a public thing")
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    for src in [r"'\d \w'", r"b'\q'", "x is 'a'", "x is not 5", "x is ()", "assert (x, 'm')", "[1][2, 3]", "{1: 2}()", "0x1for x in y", "f'{x!r}\\.'", "5 is y",
                "None[0]", "(1,)['a']", "'abc'.x\n'\\p'", "def f():\n  '''\\s'''"]:
        try:
            compile(src, "<src>", "exec")
        except SyntaxError as e:
            print("error", e.msg)
    for x in w:
        print(x.category.__name__, x.message, x.filename, x.lineno)
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("once")
    for i in range(2):
        warnings.warn("once only")
    print(len(w))
warnings.simplefilter("default")
print(warnings.formatwarning("msg", UserWarning, "file.py", 3, "the line"), end="")
print(warnings.filters[0][:3])
try:
    warnings.warn("x", int)
except TypeError as e:
    print(e)
warnings.warn_explicit("explicit", UserWarning, "other.py", 7)


async def never(): pass


never()


class Sub(UserWarning): pass


warnings.warn("sub", Sub)
with warnings.catch_warnings(action="error"):
    try:
        never()
        import gc; gc.collect()
    except RuntimeWarning:
        print("not here")
print(issubclass(Sub, Warning), DeprecationWarning.__mro__[1].__name__)
