# Special methods, reflected and in-place, and their order.
class V:
    def __init__(self, n):
        self.n = n

    def __repr__(self):
        return f"V({self.n})"

    def __add__(self, o):
        return NotImplemented if isinstance(o, str) else V(self.n + getattr(o, "n", o))

    def __radd__(self, o):
        return ("radd", o, self.n)

    def __iadd__(self, o):
        self.n += 100
        return self

    def __sub__(self, o):
        return NotImplemented

    def __neg__(self):
        return V(-self.n)

    def __pos__(self):
        return "pos"

    def __invert__(self):
        return "inv"

    def __abs__(self):
        return "abs"

    def __lt__(self, o):
        return self.n < o.n

    def __eq__(self, o):
        return NotImplemented if not isinstance(o, V) else self.n == o.n

    def __hash__(self):
        return 7

    def __contains__(self, x):
        return x == self.n

    def __getitem__(self, k):
        return ("item", k)

    def __setitem__(self, k, v):
        print("setitem", k, v)

    def __delitem__(self, k):
        print("delitem", k)

    def __call__(self, *a, **k):
        return a, k

    def __int__(self):
        return self.n

    def __index__(self):
        return self.n

    def __float__(self):
        return 1.5

    def __bool__(self):
        return self.n > 0

    def __matmul__(self, o):
        return "matmul"

    def __divmod__(self, o):
        return "divmod"

    def __pow__(self, o, m=None):
        return ("pow", o, m)

    def __round__(self, n=None):
        return ("round", n)

v = V(3)
print(v + V(4), v + 1, 1 + v, -v, +v, ~v, abs(v), v < V(5), v > V(1), v == V(3), v != V(3), v == 3, v in [V(3)], 3 in v, 4 in v)
v += 1
print(v, v[1], v[1:2], v[1, 2], v(1, a=2), int(v), float(v), bool(v), bool(V(0)), v @ v, divmod(v, 1), v ** 2, pow(v, 2, 3), round(v), round(v, 2))
v["k"] = 1
del v["k"]
print([10, 20, 30, 40][V(2)], hex(V(255)), "ab" * V(2), list(range(V(3))))
for f in (lambda: v + "s", lambda: "s" + v if False else v - 1, lambda: v - v, lambda: v * 2, lambda: 2 // v, lambda: v >= V(1), lambda: v & 1, lambda: 1 << v):
    try:
        print(f())
    except TypeError as e:
        print(e)

class Base:
    def __add__(self, o):
        return "Base.add"

    def __radd__(self, o):
        return "Base.radd"

class Derived(Base):
    def __radd__(self, o):
        return "Derived.radd"

class Same(Base):
    pass

print(Base() + Derived(), Base() + Same(), Derived() + Base(), 1 + Derived())

class Cmp:
    def __lt__(self, o):
        return "lt"

    def __gt__(self, o):
        return "gt"

class CmpSub(Cmp):
    def __gt__(self, o):
        return "sub gt"

print(Cmp() < CmpSub(), Cmp() > Cmp(), 3 < Cmp(), 3 > Cmp())

class Unhash:
    def __eq__(self, o):
        return True

try:
    {Unhash(): 1}
except TypeError as e:
    print(e)
class NoIter:
    __iter__ = None
    __contains__ = None
    __hash__ = None
for f in (lambda: iter(NoIter()), lambda: 1 in NoIter(), lambda: hash(NoIter())):
    try:
        f()
    except TypeError as e:
        print(e)
class Seq:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return i * i
print(list(Seq()), 4 in Seq(), 5 in Seq(), [*Seq()], max(Seq()))
class It:
    def __init__(self): self.i = 0
    def __iter__(self): return self
    def __next__(self):
        self.i += 1
        if self.i > 3: raise StopIteration
        return self.i
print(list(It()), sum(It()), dict(zip(It(), "abc")))
class Ctx:
    def __enter__(self): print("enter"); return "val"
    def __exit__(self, t, e, tb): print("exit", t and t.__name__, e); return t is KeyError
with Ctx() as x:
    print(x)
with Ctx():
    raise KeyError("swallowed")
class Inst:
    pass
i = Inst()
i.__len__ = lambda: 5
try:
    len(i)
except TypeError as e:
    print(e)
