# Texts of the common mistakes.
class A:
    x = 1
    def m(self): pass
    @property
    def p(self): raise AttributeError("inner")
a = A()
cases = [
    lambda: a.nope, lambda: A.nope, lambda: (1).nope, lambda: "".nope, lambda: None.nope, lambda: [].nope, lambda: a.m.nope, lambda: len.nope, lambda: int.nope, lambda: type.nope, lambda: a.p,
    lambda: setattr(1, "x", 2), lambda: setattr(None, "x", 2), lambda: setattr("", "upper", 2), lambda: delattr(a, "q"), lambda: delattr(1, "real"), lambda: setattr(len, "x", 1), lambda: setattr([], "__class__", int),
    lambda: a(), lambda: 1(), lambda: None(), lambda: "x"(), lambda: a[1], lambda: A[1], lambda: None[0], lambda: 1[0], lambda: len(1), lambda: len(A), lambda: iter(1), lambda: next(a), lambda: next([]),
    lambda: 1 + "a", lambda: "a" + 1, lambda: [] + (), lambda: None + 1, lambda: a < a, lambda: a + 1, lambda: 1 in 2, lambda: -"a", lambda: ~1.5, lambda: abs("x"), lambda: [1, 2]["a"], lambda: {}["k"], lambda: {}[[]], lambda: [1][5], lambda: (1,)[5], lambda: "abc"[9],
    lambda: int("x"), lambda: int(None), lambda: float("x"), lambda: int([]), lambda: [].pop(), lambda: {}.popitem(), lambda: [].remove(1), lambda: "a".index("b"), lambda: (1).__add__(), lambda: range(), lambda: range(1, 2, 0), lambda: sum(["a"]), lambda: sorted([1, "a"]), lambda: max(), lambda: max([]),
    lambda: isinstance(1), lambda: print(foo=1), lambda: [].append(), lambda: [].append(1, 2), lambda: "".join([1]), lambda: "".split(1), lambda: chr(-1), lambda: ord("ab"), lambda: hash([]), lambda: dict(1), lambda: dict([1]), lambda: dict([(1, 2, 3)]), lambda: list(1), lambda: tuple(1), lambda: set(1), lambda: undefined_name,
]
for i, f in enumerate(cases):
    try:
        print(i, "no error", f())
    except Exception as e:
        print(i, type(e).__name__, e)
def unbound():
    print(x)
    x = 1
def free():
    def inner():
        return y
    inner()
    y = 1
for f in (unbound, free):
    try:
        f()
    except NameError as e:
        print(type(e).__name__, e, e.name)
try:
    a.nope
except AttributeError as e:
    print(e.name, e.obj is a, e.args)
try:
    [][0]
except LookupError as e:
    print(e)
x, y = 1, 2
for f in ("a, b = 1", "a, b = 1, 2, 3", "a, b = [1]", "a, *b, c = [1]", "(a, b), c = 1, 2"):
    pass
def unpack(n):
    if n == 0: a, b = 1
    if n == 1: a, b = 1, 2, 3
    if n == 2: a, b = [1]
    if n == 3: a, *b, c = [1]
    if n == 4: (a, b), c = 1, 2
    if n == 5: a, b = iter("abc")
    if n == 6: [*1]
    if n == 7: {**1}
    if n == 8: print(*1)
    if n == 9: print(**1)
    if n == 10: print(**{"end": "", "end2": 1})
    if n == 11: dict(**{"a": 1}, **{"a": 2})
for n in range(12):
    try:
        unpack(n)
    except Exception as e:
        print(n, type(e).__name__, e)
