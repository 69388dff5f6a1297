"""dataclasses: fields, order, frozen, slots, inheritance, helpers."""
from dataclasses import *
import copy
from typing import ClassVar, Any


@dataclass
class P:
    x: int
    y: int = 0
    tags: list = field(default_factory=list, repr=False, compare=False)
    z: int = field(default=9, init=False)
    count: ClassVar[int] = 0
    scale: InitVar[int] = 1

    def __post_init__(self, scale):
        self.x *= scale


p = P(1, 2, scale=3)
print(p, p == P(3, 2), p.tags is P(1).tags, p.z, [f.name for f in fields(P)], P.__match_args__)
print(asdict(p), astuple(p), replace(p, x=5, scale=2), is_dataclass(P), is_dataclass(p), is_dataclass(int))
for bad in [lambda: P(), lambda: P(1, 2, 3, 4, 5), lambda: P(1, q=2), lambda: p < p, lambda: hash(p), lambda: asdict(3), lambda: fields(3)]:
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)
f = fields(P)[2]
print(f.name, f.type, f.default is MISSING, f.default_factory, f.repr, f.compare, f.hash, f.init, f.kw_only, f.metadata)
print(repr(fields(P)[0])[:40])


@dataclass(order=True, frozen=True)
class V:
    a: int
    b: str = "x"


print(V(1) < V(2), V(1, "a") <= V(1, "b"), sorted([V(3), V(1), V(2)]), hash(V(1)) == hash(V(1)), {V(1), V(1)})
for bad in [lambda: setattr(V(1), "a", 2), lambda: delattr(V(1), "a"), lambda: setattr(V(1), "new", 1), lambda: V(1) < 3]:
    try:
        bad()
    except Exception as e:
        print(type(e).__mro__[0].__name__, type(e).__mro__[1].__name__, e)


@dataclass(slots=True)
class S:
    a: int
    b: list = field(default_factory=list)


s = S(1)
print(S.__slots__, hasattr(s, "__dict__"), s)
try:
    s.c = 3
except AttributeError as e:
    print(e)


@dataclass(kw_only=True)
class KW:
    a: int = 1
    b: int


print(KW(b=2))
try:
    KW(1, 2)
except TypeError as e:
    print(e)


@dataclass
class Mixed:
    a: int
    _: KW_ONLY
    b: int = 2
    c: int


print(Mixed(1, c=3), Mixed.__match_args__)


@dataclass
class Base:
    a: int = 1
    b: int = 2


@dataclass
class Child(Base):
    b: str = "child"
    c: float = 3.0

    def __eq__(self, other): return "custom"


print(Child(), Child() == 1, [f.name for f in fields(Child)], Child.__hash__)
for src in ["@dataclass\nclass A:\n  a: list = []", "@dataclass(frozen=True)\nclass A(Base): pass",
            "@dataclass(order=True, eq=False)\nclass A: pass", "@dataclass\nclass A:\n  a: int = field(default=1, default_factory=int)",
            "@dataclass(slots=True)\nclass A:\n  __slots__=()", "@dataclass(frozen=True)\nclass A:\n  def __setattr__(s,n,v): pass",
            "@dataclass\nclass A:\n  x: int = field()\n  x2: KW_ONLY\n  y2: KW_ONLY",
            "@dataclass(unsafe_hash=True)\nclass A:\n  def __hash__(s): return 1", "@dataclass\nclass A:\n  f = field()"]:
    try:
        exec(src)
        print("fine")
    except Exception as e:
        print(type(e).__name__, e)

A = make_dataclass("A", ["x", ("y", int), ("z", int, field(default=5))], namespace={"total": lambda self: self.x + self.y + self.z}, bases=(Base,), kw_only=True)
print(A(x=1, y=2), A(x=1, y=2).total(), A.__mro__[1].__name__)


@dataclass
class Tree:
    v: Any
    kids: list["Tree"] = field(default_factory=list)


t = Tree(1, [Tree(2), Tree({"a": Tree(3)})])
print(t, asdict(t), astuple(t), asdict(t, dict_factory=lambda kv: sorted(kv)), sep="\n")
t.kids.append(t)
print(t)
u = copy.deepcopy(p)
print(u == p, u is not p)


@dataclass(eq=False)
class Identity:
    a: int


print(Identity(1) == Identity(1), hash(Identity(1)) != 0, isinstance(Identity(1), Identity))


@dataclass(repr=False, init=False)
class Bare:
    a: int = 3
    def __init__(self): self.a = 7


print(Bare().a, "Bare object" in repr(Bare()))
match V(4, "q"):
    case V(a, b="q"):
        print("matched", a)


@dataclass(frozen=True)
class Weird:
    self: int
    _: int = 0


print(Weird(1), Weird(self=2))


@dataclass
class Doc:
    a: int
    b: str = "x"
    c: list = field(default_factory=list)


print(Doc.__doc__, Doc.__init__.__qualname__, Doc.__eq__.__qualname__, Doc.__repr__.__name__)


class Desc:
    def __get__(self, obj, owner): return 42 if obj is None else obj.__dict__.get("_d", None)
    def __set__(self, obj, value): obj.__dict__["_d"] = value


@dataclass
class HasDesc:
    d: int = Desc()


print(HasDesc(), HasDesc(3).d)


@dataclass(weakref_slot=True, slots=True)
class WS:
    a: int
import weakref
w = WS(1)
print(weakref.ref(w)() is w, WS.__slots__)
