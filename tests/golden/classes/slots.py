# __slots__ in every form.
class P:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y

p = P(1, 2)
print(p.x, p.y, P.x, P.__slots__, hasattr(p, "__dict__"))
for f in (lambda: p.z, lambda: setattr(p, "z", 1), lambda: delattr(p, "z")):
    try:
        f()
    except AttributeError as e:
        print(e)
del p.x
try:
    p.x
except AttributeError as e:
    print(e)
try:
    del p.x
except AttributeError as e:
    print(e)
p.x = [1]
print(p.x, P.x.__get__(p), type(P.x).__name__, P.x.__name__, P.x.__objclass__ is P)
P.x.__set__(p, 8)
print(p.x)
P.x.__delete__(p)
print(hasattr(p, "x"))

class Q(P):
    pass

q = Q(3, 4)
q.extra = 5
print(q.__dict__, q.x)
q.__dict__["x"] = "shadowed"
print(q.x)

class R(P):
    __slots__ = ("z", "__private", "__dict__")

r = R(1, 2)
r.z = 3
r.any = 4
print(r.__dict__, r.z, sorted(n for n in dir(R) if n.endswith("private")))
r.__dict__.update(q=1)
r.x = 100
print(r.q, r.x, r.__dict__)
del r.z
print(hasattr(r, "z"), hasattr(r, "x"))

class S:
    __slots__ = "single"

s = S()
s.single = 1
print(s.single)

class Empty:
    __slots__ = ()

try:
    Empty().a = 1
except AttributeError as e:
    print(e)

class D:
    __slots__ = {"a": "doc of a", "b": None}

d = D()
d.a = 1
print(d.a, D.__slots__)
for ns in (dict(__slots__=3), dict(__slots__=["1a"]), dict(__slots__=[3]), dict(__slots__="x", x=1), dict(__slots__=("__dict__", "__dict__")), dict(__slots__=("__weakref__", "__weakref__"))):
    try:
        type("T", (), ns)
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
for base in (int, tuple, bytes, type):
    try:
        type("T", (base,), {"__slots__": "x"})
    except TypeError as e:
        print(e)
class L(list):
    __slots__ = ("tag",)
l = L([1, 2])
l.tag = "t"
print(l, l.tag, len(l))
try:
    l.other = 1
except AttributeError as e:
    print(e)
class A1:
    __slots__ = ("a",)
class B1:
    __slots__ = ("b",)
try:
    class AB(A1, B1):
        pass
except TypeError as e:
    print(e)
class C1:
    __slots__ = ()
class AC(A1, C1):
    __slots__ = ("c",)
ac = AC()
ac.a = ac.c = 1
print(ac.a, ac.c)
class X:
    __slots__ = ("v",)
class Y:
    __slots__ = ("v",)
x = X()
x.v = 1
x.__class__ = Y
print(type(x).__name__, x.v)
class Z: pass
try:
    x.__class__ = Z
except TypeError as e:
    print(e)
