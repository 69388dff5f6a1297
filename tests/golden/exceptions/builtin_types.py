# Constructors, attributes, str and repr of the built-in exceptions.
def show(e):
    print(type(e).__name__, "|", str(e), "|", repr(e), "|", e.args)

for e in (Exception(), Exception(1), Exception(1, 2), ValueError("x"), KeyError("k"), KeyError(), KeyError(1, 2), KeyError(("t",)), IndexError("i"), StopIteration(), StopIteration(5), StopIteration(1, 2), SystemExit(), SystemExit(3), SystemExit("msg"), SystemExit(1, 2), AssertionError("a"), RecursionError("r"), NotImplementedError(), UnicodeError("u"), EOFError(), GeneratorExit(), KeyboardInterrupt(), Warning("w"), ArithmeticError(), MemoryError(), ImportError("imp"), AttributeError("att"), NameError("nam")):
    show(e)
print(StopIteration(5).value, StopIteration().value, StopIteration(1, 2).value, SystemExit(3).code, SystemExit().code, SystemExit(1, 2).code)
s = StopIteration(1)
s.value = 9
print(s.value, s.args)
for args in ((), (1,), (2, "No such file"), (2, "No such file", "f.txt"), (2, "msg", "a", None, "b"), (13, "denied", b"x"), ("a", "b"), (1, 2, 3, 4, 5, 6)):
    e = OSError(*args)
    show(e)
    print(e.errno, e.strerror, e.filename, e.filename2)
for n in (1, 2, 3, 4, 10, 11, 13, 17, 20, 21, 32, 103, 104, 110, 111, 114, 115, 999):
    print(n, type(OSError(n, "x")).__name__)
print(type(FileNotFoundError(13, "x")).__name__, OSError is IOError is EnvironmentError, type(ConnectionError(111, "x")).__name__)
class MyOS(OSError):
    pass
print(type(MyOS(2, "x")).__name__, MyOS(2, "x", "f"))
class MyOS2(OSError):
    def __init__(self, a, b, extra):
        self.extra = extra
        super().__init__(a, b)
e = MyOS2(2, "text", "more")
print(e, e.errno, e.extra, e.args)
e = BlockingIOError(11, "again", 5)
print(e.characters_written, e.args)
try:
    OSError(1, "x").characters_written
except AttributeError as err:
    print(err)
i = ImportError("m", name="n", path="p")
print(i, i.name, i.path, i.msg, i.name_from, i.args)
n = NameError("m", name="n")
print(n, n.name, n.args)
a = AttributeError("m", name="n", obj=3)
print(a, a.name, a.obj)
for f in (lambda: ImportError(foo=1), lambda: NameError(foo=1), lambda: AttributeError(foo=1), lambda: ValueError(foo=1), lambda: OSError(foo=1), lambda: KeyError(foo=1)):
    try:
        f()
    except TypeError as e:
        print(e)
for args in ((), ("m",), ("m", ("f.py", 3, 5, "text\n")), ("m", ("f.py", 3, 5, "text\n", 3, 8)), ("m", (None, 3, None, None)), ("m", ("d/f.py", None, None, None))):
    e = SyntaxError(*args)
    print(str(e), "|", e.msg, e.filename, e.lineno, e.offset, e.text, e.end_lineno, e.end_offset, e.print_file_and_line, e.args)
for bad in (("m", (1, 2)), ("m", (1, 2, 3, 4, 5)), ("m", 3)):
    try:
        SyntaxError(*bad)
    except TypeError as e:
        print(type(e).__name__)
d = UnicodeDecodeError("utf-8", b"ab\xff", 2, 3, "invalid start byte")
print(d, "|", d.encoding, d.object, d.start, d.end, d.reason, d.args)
print(UnicodeDecodeError("utf-8", b"ab\xff\xfe", 2, 4, "bad"))
print(UnicodeEncodeError("ascii", "a\xe9", 1, 2, "ordinal not in range(128)"))
print(UnicodeEncodeError("ascii", "a\u4e2d\U0001F600", 1, 2, "r"), UnicodeEncodeError("ascii", "a\u4e2d\U0001F600", 2, 3, "r"), UnicodeEncodeError("ascii", "abcd", 1, 3, "r"))
print(UnicodeTranslateError("a\xe9b", 1, 2, "r"), UnicodeTranslateError("a\xe9b", 0, 2, "r"))
for f in (lambda: UnicodeDecodeError(), lambda: UnicodeDecodeError("a", "b", 1, 2, "c"), lambda: UnicodeEncodeError("a", 1, 1, 2, "c"), lambda: UnicodeTranslateError("a", 1)):
    try:
        f()
    except TypeError as e:
        print(e)
print([c.__name__ for c in FileNotFoundError.__mro__], [c.__name__ for c in ModuleNotFoundError.__mro__], [c.__name__ for c in ExceptionGroup.__mro__])
print([c.__name__ for c in UnboundLocalError.__mro__], [c.__name__ for c in TabError.__mro__], issubclass(KeyboardInterrupt, Exception))
e = ValueError("x")
e.custom = 1
print(e.__dict__, e.custom)
print(e == ValueError("x"), e == e, len({e, e}))
e.__setstate__({"a": 1})
print(e.a, e.__reduce__())
print(OSError(2, "x", "f").__reduce__(), KeyError("k").__reduce__())
try:
    class Bad(OSError, ImportError): pass
except TypeError as err:
    print(err)
class Good(KeyError, AttributeError): pass
print(str(Good("x")), Good.__mro__[1].__name__)
