# Metaclasses, __prepare__, __init_subclass__, class keywords.
class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases, **kw):
        print("prepare", name, bases, kw)
        return {"injected": 7}

    def __new__(mcs, name, bases, ns, **kw):
        print("new", name, sorted(k for k in ns if not k.startswith("__")), kw)
        return super().__new__(mcs, name, bases, ns)

    def __init__(cls, name, bases, ns, **kw):
        print("init", cls.__name__, kw)
        super().__init__(name, bases, ns)

    def __call__(cls, *args, **kw):
        print("call", args, kw)
        return super().__call__(*args, **kw)

    def __repr__(cls):
        return f"<Meta {cls.__name__}>"

    def __len__(cls):
        return 3

    def __getitem__(cls, k):
        return (cls.__name__, k)

    def __contains__(cls, k):
        return k == 1

    def __iter__(cls):
        return iter("abc")

    def __getattr__(cls, name):
        return f"meta {name}"

    @property
    def mp(cls):
        return "metaprop"

class A(metaclass=Meta, key=1):
    x = 1

    def __init__(self, v=0):
        self.v = v

class B(A, other=2):
    pass

print(A, B, len(A), A["k"], 1 in A, list(A), A.zzz, A.mp, A.injected, B(5).v, type(B))
print(isinstance(B, Meta), isinstance(B, type), issubclass(Meta, type))

class Inst(type):
    def __instancecheck__(cls, obj):
        return obj == 42

    def __subclasscheck__(cls, sub):
        return sub is int

class K(metaclass=Inst):
    pass

print(isinstance(42, K), isinstance("", K), issubclass(int, K), issubclass(str, K), isinstance(K(), K))

def factory(name, bases, ns):
    return (name, bases, sorted(k for k in ns if k[0] != "_"))

class Odd(metaclass=factory):
    a = 1
    b = 2

print(Odd)

class Reg:
    seen = []

    def __init_subclass__(cls, /, name=None, **kw):
        super().__init_subclass__(**kw)
        Reg.seen.append((cls.__name__, name))

class R1(Reg, name="one"):
    pass

class R2(R1):
    pass

print(Reg.seen)
for src in ("class Z(Reg, bad=1): pass", "class Z(bad=1): pass", "class Z(object, metaclass=3): pass"):
    pass
try:
    class Z(Reg, bad=1):
        pass
except TypeError as e:
    print(e)
try:
    class Z2(bad=1):
        pass
except TypeError as e:
    print(e)

class M1(type):
    pass

class M2(type):
    pass

class C1(metaclass=M1):
    pass

class C2(metaclass=M2):
    pass

try:
    class C3(C1, C2):
        pass
except TypeError as e:
    print(e)

class M3(M1, M2):
    pass

class C4(C1, C2, metaclass=M3):
    pass

print(type(C4).__name__, type(type(C4)))

class Custom(type):
    def mro(cls):
        return [cls, int.__mro__[-1]]

class CM(metaclass=Custom):
    pass

print(CM.__mro__)

class Entries:
    def __mro_entries__(self, bases):
        print("entries", len(bases))
        return (A,)

class FromEntries(Entries()):
    pass

print(FromEntries.__bases__, len(FromEntries.__orig_bases__), FromEntries.__mro__)
try:
    type("T", (Entries(),), {})
except TypeError as e:
    print(e)

class NoCell(type):
    def __new__(mcs, name, bases, ns):
        ns.pop("__classcell__", None)
        return super().__new__(mcs, name, bases, ns)

try:
    class Lost(metaclass=NoCell):
        def f(self):
            return super().f()
except RuntimeError as e:
    print(e)

print(type("Dyn", (A,), {"y": 5}).y)
T = type("T", (), dict(a=1, f=lambda self: self.a))
print(T().f(), T.__module__, T.__qualname__)
for args in ((), (1, 2), ("a", 1, {}), ("a", (), 1), (1, (), {}), ("a", (), {}, 4)):
    try:
        print(type(*args))
    except TypeError as e:
        print(e)
