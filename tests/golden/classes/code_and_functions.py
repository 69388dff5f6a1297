"""code objects, function objects made by hand, asyncgen hooks, frames."""
import sys
import types


def f(a, b=2, *args, c, d=4, **kw):
    x = a + b
    def inner():
        nonlocal x
        return x + a
    return inner


c = f.__code__
print(c.co_varnames, c.co_argcount, c.co_kwonlyargcount, c.co_posonlyargcount, c.co_names, c.co_nlocals, c.co_name, c.co_qualname)
print(c.co_cellvars, c.co_freevars, bool(c.co_flags & 4), bool(c.co_flags & 8), c.co_firstlineno, c.co_filename == __file__)
i = f(1, c=3)
print(i.__code__.co_freevars, [x.cell_contents for x in i.__closure__], i.__code__.co_qualname, bool(i.__code__.co_flags & 16))
print([k for k in c.co_consts if isinstance(k, types.CodeType)][0].co_name)
lines = {l for _, _, l in c.co_lines() if l is not None}
print(sorted(l - c.co_firstlineno for l in lines))
pos = [p for p in c.co_positions() if p[0] is not None]
print(all(len(p) == 4 for p in pos), min(p[0] for p in pos) == c.co_firstlineno)


def g(a, b=2): return a + b


F = types.FunctionType(g.__code__, {"x": 1}, "newname", (5,))
print(F(1), F.__name__, F.__defaults__, F.__globals__ == {"x": 1}, F.__qualname__, F.__module__)
print(types.FunctionType(g.__code__, globals(), argdefs=(7,))(1))


def outer():
    y = 3
    def inner(): return y
    return inner


inn = outer()
print(types.FunctionType(inn.__code__, globals(), "n", None, inn.__closure__)())
print(types.FunctionType(inn.__code__, globals(), closure=(types.CellType(99),))())
for bad in [lambda: types.FunctionType(inn.__code__, {}), lambda: types.FunctionType(3, {}), lambda: types.FunctionType(g.__code__, 3),
            lambda: types.FunctionType(inn.__code__, {}, None, None, (3,)), lambda: types.FunctionType(g.__code__, {}, 3),
            lambda: types.FunctionType(g.__code__, {}, None, None, inn.__closure__), lambda: types.FunctionType(g.__code__, {}, None, [1])]:
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)
k = g.__code__
r = k.replace(co_name="zz", co_firstlineno=100)
print(r.co_name, r.co_firstlineno, r == k, k == k.replace(), hash(k) == hash(k.replace()), k.replace(co_varnames=("p", "q")).co_varnames)
for kw in [{"co_name": 3}, {"co_argcount": "x"}, {"bogus": 1}, {"co_firstlineno": -1}]:
    try:
        k.replace(**kw)
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)


def h(): return "other code"


g.__code__ = h.__code__
print(g(), g.__name__)
for attr, value in [("__code__", inn.__code__), ("__code__", 3), ("__closure__", None), ("__globals__", {}), ("__name__", 3), ("__defaults__", [1]), ("__kwdefaults__", 3)]:
    try:
        setattr(g, attr, value)
    except Exception as e:
        print(type(e).__name__, e)
f.__qualname__ = "Renamed.f"
for args, kw in [((), {}), ((1,), {}), ((1,), {"c": 1, "a": 2}), ((), {"c": 2})]:
    try:
        f(*args, **kw)
    except TypeError as e:
        print(e)


def pos(a, /, b): pass


pos.__qualname__ = "Q"
for args, kw in [((1, 2, 3), {}), ((), {"a": 1, "b": 2}), ((1,), {"z": 1})]:
    try:
        pos(*args, **kw)
    except TypeError as e:
        print(e)


def show(what):
    def hook(g): print(what, g.__name__)
    return hook


print(sys.get_asyncgen_hooks())
sys.set_asyncgen_hooks(show("first"), show("finalize"))


async def ag():
    yield 1
    yield 2


a = ag()
try:
    a.__anext__().send(None)
except StopIteration as e:
    print(e.value)
a.asend(None)
del a
b = ag()
print("made")
b.aclose()
del b
sys.set_asyncgen_hooks(firstiter=None)
print(sys.get_asyncgen_hooks().firstiter, sys.get_asyncgen_hooks()[1] is not None)
sys.set_asyncgen_hooks(None, None)
try:
    sys.set_asyncgen_hooks(3)
except TypeError as e:
    print(e)
print(sys.is_finalizing())
