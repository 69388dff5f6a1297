# enum: members, flags, auto, boundaries, errors
import enum, pickle, copy
from enum import *
def show(f, *a, **k):
    try:
        r = f(*a, **k)
    except Exception as e:
        r = f"{type(e).__name__}: {e}"
    print(r if isinstance(r, str) else repr(r))
class C(Enum):
    R = 1; G = 2; B = 3; RED = 1
    def hi(self): return f"hi {self.name}"
    @classmethod
    def first(cls): return next(iter(cls))
    @property
    def low(self): return self.name.lower()
    def __str__(self): return f"C<{self.value}>"
print(list(C), C.R, repr(C.R), C(2), C["B"], C.RED is C.R, C.R.name, C.R.value, C.R.hi(), C.first(), C.R.low, len(C), C.R in C, list(C.__members__), C.__members__["RED"], C.R == 1, C.R != C.G, hash(C.R) == hash("R"), bool(C.R), isinstance(C.R, C), f"{C.R} {C.G!r} {C.B:>6}", dir(C.R)[-5:], [c.value for c in reversed(C)], C.R.__class__, type(C), C.__name__, repr(C), 1 in C, 9 in C)
for f in [lambda: C(9), lambda: C["X"], lambda: C.X, lambda: setattr(C, "R", 5), lambda: delattr(C, "R"), lambda: setattr(C.R, "name", 5), lambda: C.R < C.G, lambda: C(), lambda: C.R(), lambda: type("D", (C,), {}), lambda: Enum("E", "a a"), lambda: C.R.X, lambda: C("x", "y"), lambda: Enum.__new__(C), lambda: exec("class Z(Enum):\n A=1\n A=2"), lambda: exec("@unique\nclass Z(Enum):\n A=1\n B=1"), lambda: exec("class Z(Enum):\n mro=1"), lambda: exec("class Z(Enum):\n _x_=1"), lambda: exec("class Z(int, Enum):\n A='q'"), lambda: exec("class Z(Enum):\n def _generate_next_value_(n,s,c,l): return n\n A=auto()\nprint(Z.A.value)", globals()), lambda: exec("@verify(CONTINUOUS)\nclass Z(IntEnum):\n A=1\n B=3", globals()), lambda: exec("@verify(NAMED_FLAGS)\nclass Z(Flag):\n A=3", globals()), lambda: exec("class Z(StrEnum):\n A=1", globals())]: show(f)
class I(IntEnum): A = 1; B = 5
class S(StrEnum): X = auto(); LONG_NAME = auto(); Y = "why"
print(I.A + 1, I.B > I.A, I.A == 1, f"{I.A}", str(I.A), repr(I.A), I.A | 2, [10, 20][I.A], sorted([I.B, I.A]), isinstance(I.A, int), I(5), int(I.B), I.B.bit_length(), "%d %s" % (I.A, I.B), S.X, repr(S.X), S.X == "x", S.LONG_NAME.upper(), f"{S.Y:>5}", S("why"), str(S.Y), "".join(S), {S.X: 1}["x"])
class P(Flag): R = auto(); W = auto(); X = auto(); RW = R | W
print(P.R, P.R | P.X, repr(P.R | P.X), P.RW, P(0), repr(P(0)), P(7), P(3) is P.RW, ~P.R, P.R & P.RW, P.R ^ P.RW, P.R in P.RW, bool(P.R & P.W), list(P.RW), list(P), len(P.RW), P["RW"], P.RW.name, (P.R | P.X).name, (P.R | P.X).value, P.R.value, ~P(0), P.R <= P.RW if 0 else "", hash(P.R) == hash(P(1)), iter(P.R) is not None, P(5)); show(P, 8); show(P, -1); show(lambda: P.R | 1); show(lambda: 1 in P.RW); show(lambda: P.R + 1)
class IF(IntFlag): A = 1; B = 2; D = 8
print(IF.A | IF.B, repr(IF.A | 4), IF(15), repr(IF(16)), ~IF.A, IF.A + 1, IF.A | 1, IF.D in IF(9), list(IF(11)), IF(-1), str(IF(3)), f"{IF.A}", IF.A & 3, repr(IF(0)))
for b in [STRICT, CONFORM, EJECT, KEEP]:
    class BF(Flag, boundary=b): A = 1; B = 2
    show(BF, 5)
A = Enum("A", "x y z"); B = Enum("B", [("p", 1), ("q", "two")]); D = Enum("D", {"m": 5}, module="mod", qualname="q.D"); E2 = IntEnum("E2", ["u", "v"], start=10); print(list(A), list(B), list(D), list(E2), D.__module__, D.__qualname__)
class Planet(Enum):
    EARTH = (5.97e24, 6.37e6); MARS = (6.4e23, 3.39e6)
    def __init__(self, m, r): self.m = m; self.r = r
    @property
    def g(self): return round(6.67e-11 * self.m / self.r ** 2, 2)
print(Planet.EARTH.g, Planet.MARS.value, Planet((6.4e23, 3.39e6)))
class New(bytes, Enum):
    A = (1, "lab"); B = (2, "el")
    def __new__(cls, v, l): o = bytes.__new__(cls, [v]); o._value_ = v; o.label = l; return o
print(New.A, New.B.label, New(2), New.A == b"\x01")
class Miss(Enum):
    A = 1
    @classmethod
    def _missing_(cls, v): return cls.A if v == "one" else None if v != "bad" else 5
print(Miss("one")); show(Miss, "two"); show(Miss, "bad")
class Ign(Enum):
    _ignore_ = ["tmp", "i"]; tmp = 5
    for i in range(2): pass
    A = tmp
    @nonmember
    def helper(): return "h"
    M = member(lambda self=None: 5)
    n = nonmember(3)
print(len(Ign), Ign.n, Ign.helper(), type(Ign.M).__name__)
class Au(Enum):
    @staticmethod
    def _generate_next_value_(name, start, count, last): return (name, start, count, list(last))
    A = auto(); B = auto(); Z = 5; Y = auto()
print([a.value for a in Au]); 
class Mix(str, Enum): A = "a"; B = "b"
print(Mix.A, f"{Mix.A}", str(Mix.A), Mix.A.upper(), Mix("b"), "a" == Mix.A, repr(Mix.A))
for v in [C.R, I.A, S.X, P.R, P.R | P.X, IF(9), Planet.MARS, New.A, Mix.B]:
    for p in range(6): assert pickle.loads(pickle.dumps(v, p)) is v or pickle.loads(pickle.dumps(v, p)) == v
    assert copy.deepcopy(v) is v and copy.copy(v) is v
@enum.global_enum
class G(IntFlag): GA = 1; GB = 2
print(repr(G.GA), str(G.GB), GA is G.GA, G.GA | G.GB)
class Prop(Enum):
    A = 1
    @enum.property
    def name2(self): return self._name_ + "!"
print(Prop.A.name2); show(lambda: Prop.name2); print(enum.show_flag_values(11), enum.bin(10), enum.bin(-3, 5)) 
match C.G:
    case C.R: print("r")
    case C.G: print("g")
print(EnumType is EnumMeta, issubclass(IntEnum, ReprEnum), C.R._member_type_ if hasattr(C.R, "_member_type_") else C._member_type_, C._member_names_, C._value2member_map_[1])
