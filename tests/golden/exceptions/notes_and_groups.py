# add_note, exception groups and except*.
e = ValueError("x")
e.add_note("one")
e.add_note("two")
print(e.__notes__)
try:
    e.add_note(3)
except TypeError as err:
    print(err)
e.__notes__ = 5
try:
    e.add_note("x")
except TypeError as err:
    print(err)
g = ExceptionGroup("msg", [ValueError(1), TypeError(2), ExceptionGroup("in", [KeyError(3), ValueError(4)])])
print(g, repr(g), g.message, g.exceptions, g.args)
print(g.split(ValueError))
print(g.subgroup(KeyError), g.subgroup((TypeError, KeyError)), g.subgroup(OSError))
print(g.split(lambda e: isinstance(e, ValueError) and e.args[0] > 1))
print(g.derive([OSError()]), type(BaseExceptionGroup("b", [ValueError()])).__name__, type(BaseExceptionGroup("b", [KeyboardInterrupt()])).__name__)
for f in (lambda: ExceptionGroup(), lambda: ExceptionGroup("a"), lambda: ExceptionGroup(1, [ValueError()]), lambda: ExceptionGroup("a", []), lambda: ExceptionGroup("a", 3), lambda: ExceptionGroup("a", [3]), lambda: ExceptionGroup("a", [KeyboardInterrupt()]), lambda: g.split(3), lambda: g.split(int), lambda: g.subgroup("x")):
    try:
        print(f())
    except (TypeError, ValueError) as err:
        print(type(err).__name__, err)
def run(exc):
    try:
        raise exc
    except* ValueError as eg:
        print("values", eg.exceptions)
    except* (TypeError, KeyError) as eg:
        print("others", eg.exceptions)
    else:
        print("else")
    finally:
        print("finally")
run(g)
run(ValueError("naked"))
try:
    run(ExceptionGroup("g", [OSError(1), ValueError(2)]))
except ExceptionGroup as eg:
    print("left", eg, eg.exceptions)
try:
    run(IndexError("none"))
except IndexError as i:
    print("index", i)
try:
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError:
        raise KeyError("new")
except ExceptionGroup as eg:
    print(repr(eg), [type(x).__name__ for x in eg.exceptions], repr(eg.exceptions[0].__context__))
try:
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError:
        raise
except ExceptionGroup as eg:
    print(repr(eg))
try:
    try:
        raise ValueError(1)
    except* ExceptionGroup:
        pass
except TypeError as err:
    print(err)
class MyGroup(ExceptionGroup):
    def __new__(cls, msg, excs, code=0):
        self = super().__new__(cls, msg, excs)
        self.code = code
        return self
    def derive(self, excs):
        return MyGroup(self.message, excs, self.code)
m = MyGroup("mine", [ValueError(1), KeyError(2)], 7)
m.add_note("n")
a, b = m.split(ValueError)
print(type(a).__name__, a.code, a.__notes__, b.exceptions, b.__notes__ is not a.__notes__)
def nothing():
    try:
        pass
    except* ValueError:
        print("no")
    else:
        print("else ran")
nothing()
for i in range(2):
    try:
        raise ExceptionGroup("loop", [ValueError(i)])
    except* ValueError as eg:
        print(i, eg.exceptions[0].args)
