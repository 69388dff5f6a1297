"""typing without looking at reprs that changed between versions."""
import typing
from typing import *
import collections.abc

T = TypeVar("T")
K = TypeVar("K", bound=int)
C = TypeVar("C", int, str)
V = TypeVar("V", covariant=True)
W = TypeVar("W", contravariant=True)
P = ParamSpec("P")
Ts = TypeVarTuple("Ts")
print(T, K, C, V, W, P, Ts)
print(T.__name__, K.__bound__, C.__constraints__, V.__covariant__, W.__contravariant__, T.__module__)
print(P.args, P.kwargs, P.args.__origin__ is P, P.args == P.args, P.args == P.kwargs)
for bad in [lambda: TypeVar("A", int), lambda: TypeVar("A", covariant=True, contravariant=True), lambda: TypeVar("A", int, str, bound=int),
            lambda: TypeVar("A", bound=3), lambda: TypeVar(3), lambda: TypeVar("A", covariant=True, infer_variance=True)]:
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)


class Box(Generic[T]):
    def __init__(self, v: T): self.v = v
    def get(self) -> T: return self.v


class Pair(Generic[T, K]):
    pass


class Sub(Box[int]):
    pass


print(Box[int], Box[int]("x").get(), Box[int] == Box[int], hash(Box[int]) == hash(Box[int]), Box[int] is Box[int])
print(Box.__parameters__, Box[int].__origin__, Box[int].__args__, Box[T].__parameters__)
print(Pair[str, int], Pair[T, K][str, bool], Pair[T, int][str])
print(Sub.__orig_bases__, Sub.__mro__, Sub(3).get())
print(Box[int](1).__orig_class__)
for bad in [lambda: Box[int, str], lambda: Pair[int], lambda: Box[int][str], lambda: Generic[int], lambda: Generic[T, T]]:
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)
try:
    class Bad(Generic[T], Generic[K]): pass
except TypeError as e:
    print(e)

print(List[int], Dict[str, List[int]], Tuple[int, ...], Tuple[()], Set[T], FrozenSet[int], Type[int], Deque[int], DefaultDict[str, int])
print(Callable[[int, str], bool], Callable[..., int], Callable[P, T], Iterable[T], Iterator[int], Generator[int, None, str], Awaitable[int])
print(List[T][int], Dict[K, T][int, str], Callable[[T], K][str, int], Callable[P, T][[int, str], bool])
print(list[T][int], dict[T, list[T]][str], tuple[T, ...][int])
print(get_origin(List[int]), get_args(Dict[str, int]), get_origin(list[int]), get_args(Callable[[int], str]), get_origin(int), get_args(int))
print(get_args(Annotated[int, 1, "x"]), Annotated[int, 1], Annotated[Annotated[int, 1], 2])
print(Literal[1, "a", None], get_args(Literal[1, Literal[2, 3]]), Literal[1] == Literal[1], Literal[1] == Literal[True], Literal[1, 2] == Literal[2, 1])
print(ClassVar[int], Final[str], Any, NoReturn, Never, Self, LiteralString, TypeAlias)
print(Concatenate[int, P], TypeGuard[int], Required[int], NotRequired[str], Unpack[Ts])
print(isinstance([], List), isinstance({}, Mapping), issubclass(dict, MutableMapping), isinstance(3, Hashable), isinstance(print, Callable))
for bad in [lambda: isinstance([], List[int]), lambda: isinstance(1, Literal[1]), lambda: List[int, str], lambda: Literal(), lambda: ClassVar[1, 2],
            lambda: Any(), lambda: isinstance(3, Any), lambda: Optional[int, str], lambda: Callable[int]]:
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)

U = Union[int, str]
print(get_origin(U) is Union, get_args(U), Union[int] is int, Union[int, int] is int, get_args(Union[int, Union[str, bytes]]))
print(get_args(Optional[int]), Optional[None] is type(None), isinstance(3, int | str), get_args(T | None), get_args(List[int] | None))

UserId = NewType("UserId", int)
print(UserId(5), UserId.__name__, UserId.__supertype__, UserId)
print(cast(int, "x"), assert_type(3, int), reveal_type.__name__)


class Point(NamedTuple):
    """A point."""
    x: int
    y: int = 0

    def dist(self): return abs(self.x) + abs(self.y)


p = Point(3)
print(p, p.dist(), Point._fields, Point._field_defaults, Point.__doc__, p._replace(y=2), Point.__annotations__, p._asdict())
E = NamedTuple("E", [("name", str), ("id", int)])
print(E("a", 1), E.__mro__[1])
try:
    class Wrong(NamedTuple):
        a: int = 1
        b: int
except TypeError as e:
    print(e)


class Movie(TypedDict, total=False):
    name: str
    year: Required[int]


class Film(Movie):
    length: NotRequired[float]


print(Movie(name="x", year=3), Movie.__total__, sorted(Movie.__required_keys__), sorted(Movie.__optional_keys__), sorted(Film.__optional_keys__))
print(Movie.__annotations__["name"], is_typeddict(Movie), is_typeddict(dict))
try:
    isinstance({}, Movie)
except TypeError as e:
    print(e)


@runtime_checkable
class Closer(Protocol):
    def close(self): ...


class Sized2(Protocol):
    size: int


class F:
    def close(self): pass


print(isinstance(F(), Closer), isinstance(3, Closer), issubclass(F, Closer), Closer._is_protocol)
for bad in [lambda: Closer(), lambda: isinstance(F(), Sized2)]:
    try:
        bad()
    except TypeError as e:
        print(e)


class Impl(Closer):
    pass


print(Impl().close(), Impl.__mro__[1:3])
print(isinstance(3, SupportsInt), isinstance("", SupportsInt), isinstance(3, SupportsIndex), issubclass(float, SupportsFloat), isinstance([], SupportsAbs))


@overload
def f(x: int) -> int: ...
@overload
def f(x: str) -> str: ...
def f(x): return x


print(len(get_overloads(f)), f(3))


@final
class Fin: pass
print(Fin.__final__)


def g(a: int, b: "Box[str]" = None, *c: "list[int]", d: Optional["Fin"] = None, **e: Any) -> "Point": ...


h = get_type_hints(g)
print(h["a"], h["b"], h["c"], get_args(h["d"]), h["e"], h["return"])


class Hints:
    a: "int"
    b: Annotated[str, "doc"] = ""
    c: ClassVar["int"] = 3


class Hints2(Hints):
    a: "Hints"


print(get_type_hints(Hints), get_type_hints(Hints, include_extras=True)["b"], get_type_hints(Hints2)["a"])
try:
    get_type_hints(lambda: 0, {}), print(get_type_hints(lambda: 0))
    def bad(x: "Nope"): ...
    get_type_hints(bad)
except NameError as e:
    print(e)
print(no_type_check(g) is g, get_type_hints(g), TYPE_CHECKING, AnyStr, Text)
print(typing.get_protocol_members(Closer) if hasattr(typing, "get_protocol_members") else frozenset({"close"}))
print(isinstance(Box[int], typing._GenericAlias), repr(typing.Pattern[str]), typing.Counter[str], typing.ChainMap[str, int], typing.OrderedDict[str, int])
import copy
print(copy.copy(Box[int]) == Box[int], copy.deepcopy(T) is T)
