"""Type parameters and aliases of the new syntax: lazy bounds, scopes, generic classes and functions."""
from typing import *


def first[T](xs: list[T]) -> T: return xs[0]


class Stack[T]:
    def __init__(self): self.items: list[T] = []
    def push(self, x: T) -> None: self.items.append(x)
    def map[U](self, f: Callable[[T], U]) -> "Stack[U]":
        print(T, U)
        return [f(x) for x in self.items]


print(first([3]), first.__type_params__, Stack.__type_params__, Stack.__mro__[1], Stack.__orig_bases__)
print(Stack[int], Stack.map.__type_params__)
s = Stack[int]()
s.push(1)
print(s.map(str), s.__orig_class__)


class Bounded[A: int, B: (str, bytes), *Ts, **P]: pass


a, b, ts, p = Bounded.__type_params__
print(a, b, ts, p, a.__bound__, b.__constraints__, a.__constraints__, type(ts).__name__, type(p).__name__)
print(a.__infer_variance__, a.__covariant__, a.__name__)


class Lazy[T: Later]: pass


try:
    Lazy.__type_params__[0].__bound__
except NameError as e:
    print(e)
class Later: pass
print(Lazy.__type_params__[0].__bound__)

type IntList = list[int]
type Pair[A, B] = tuple[A, B]
type Tree[T] = T | list[Tree[T]]
type Bad = undefined_name
print(IntList, IntList.__value__, IntList.__name__, type(IntList))
print(Pair, Pair.__type_params__, Pair.__value__, Pair[int, str], Pair[int, str].__origin__ is Pair, Pair[int, str].__args__)
print(Tree.__value__.__args__[0], Pair.__parameters__)
try:
    Bad.__value__
except NameError as e:
    print(e)
undefined_name = 5
print(Bad.__value__)
for bad in [lambda: IntList[int], lambda: TypeAliasType("X", int, type_params=[1]), lambda: TypeAliasType(3, 4)]:
    try:
        print(bad())
    except TypeError as e:
        print(e)
X = TypeAliasType("X", list[int])
print(X, X.__value__, X.__type_params__, X.__module__)
print(get_args(IntList | None))


class Outer[T]:
    class Inner[U]:
        x: dict
        def m[V](self): return (T, U, V)
    type Alias[W] = dict[T, W]


print(Outer.Inner().m(), Outer.Alias.__value__, Outer.Inner.__type_params__)


def scope():
    n = "local"
    class K[T]:
        attr = n
        def f(self, x: T = n): return x, n
    return K


print(scope()().f(), scope().attr, scope().__type_params__, scope().__qualname__)


def deco(f):
    print("decorating", f.__name__, f.__type_params__)
    return f


@deco
def g[T: "forward"](x: T = 1, *, y: list[T] = []) -> T: return x


print(g(), g.__type_params__[0].__bound__, g.__defaults__, g.__kwdefaults__, g.__annotations__["y"])
try:
    class Clash[T](Generic[T]): pass
except TypeError as e:
    print(e)


class Meta(type):
    def __new__(m, name, bases, ns, **kw):
        print(name, [b.__name__ for b in bases], kw)
        return super().__new__(m, name, bases, ns)


class WithMeta[T](list[T], metaclass=Meta, flag=1): pass


print(WithMeta.__orig_bases__, WithMeta[int])


async def coro[T](x: T) -> T: return x
print(coro.__type_params__)
coro(1).close()
L = lambda: [T for T in coro.__type_params__]
print(L())
for src in ["def f[T, T](): pass", "class A[T: (yield)]: pass", "type X[T] = (y := 3)", "def f[*Ts: int](): pass", "class A[T]: nonlocal T", "type = 3; type X = int; print(type)"]:
    try:
        exec(src)
    except SyntaxError as e:
        print(e.msg)
