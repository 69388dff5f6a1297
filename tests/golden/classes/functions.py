# Function objects, closures, cells and code objects.
def f(a, /, b=2, *args, c, d=4, **kw) -> int:
    "doc"
    local = 1
    return a

print(f.__name__, f.__qualname__, f.__module__, f.__doc__, f.__defaults__, f.__kwdefaults__, f.__dict__, f.__closure__)
c = f.__code__
print(c.co_name, c.co_qualname, c.co_argcount, c.co_posonlyargcount, c.co_kwonlyargcount, c.co_varnames, c.co_nlocals, c.co_firstlineno, c.co_flags & 0xF)
print(f.__annotations__)
f.__defaults__ = (5, 6)
f.__kwdefaults__ = None
f.attr = 1
print(f.attr, f.__dict__, f.__defaults__, f.__kwdefaults__)
saved = f.__qualname__
f.__name__ = "g"
f.__qualname__ = "mod.g"
f.__doc__ = None
print(f.__name__, f.__qualname__, f.__doc__, repr(f).startswith("<function mod.g at 0x"))
f.__qualname__ = saved
for k, v in (("__name__", 3), ("__qualname__", None), ("__defaults__", [1]), ("__kwdefaults__", 3), ("__code__", 3), ("__dict__", 3), ("__globals__", {}), ("__closure__", None), ("__annotations__", 3)):
    try:
        setattr(f, k, v)
    except (TypeError, AttributeError) as e:
        print(k, type(e).__name__, e)

def outer(x):
    y = 2

    def inner():
        nonlocal y
        y += x
        return y

    return inner

i = outer(10)
print(i(), i(), i.__closure__[0].cell_contents, i.__code__.co_freevars, outer.__code__.co_cellvars)
i.__closure__[1].cell_contents = 100
print(i(), i.__qualname__)
F = type(f)
g = F(i.__code__, {"__builtins__": {}}, "renamed", None, i.__closure__)
print(g(), g.__name__, g.__qualname__)
for args in ((1, {}), (i.__code__, 3), (i.__code__, {}), (i.__code__, {}, 3), (i.__code__, {}, None, None, (1, 2)), (i.__code__, {}, None, None, ()), (f.__code__, {}, None, 3)):
    try:
        F(*args)
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
Cell = type(i.__closure__[0])
e = Cell()
try:
    e.cell_contents
except ValueError as err:
    print(err)
e.cell_contents = 3
print(e.cell_contents, Cell(1) == Cell(1), Cell(1) < Cell(2), Cell() < Cell(1))
def h(): return 1
def h2(): return 2
h.__code__ = h2.__code__
print(h())
h = h2
try:
    h.__code__ = i.__code__
except ValueError as err:
    print(err)
c2 = h.__code__.replace(co_name="other", co_firstlineno=50)
print(c2.co_name, c2.co_firstlineno, c2 == h.__code__, h.__code__ == h2.__code__, list(c2.co_positions())[-1][0])
m = (lambda self, a=1: a).__get__(5)
print(m(), m.__self__, m.__func__.__name__, type(m).__name__)
print(f.__get__(None, int) is f, f.__get__(3).__self__)
for call in (lambda: h(1), lambda: outer(), lambda: outer(1, 2), lambda: outer(y=1), lambda: f(), lambda: f(1), lambda: outer(1, x=2), lambda: f(a=1, c=1), lambda: (lambda a, b, c: 0)(), lambda: (lambda *, k1, k2: 0)(), lambda: (lambda a, b=1: 0)(1, 2, 3), lambda: outer(**{1: 2})):
    try:
        call()
    except TypeError as err:
        print(err)
print((lambda: 0).__name__, (lambda: 0).__qualname__, [x for x in (1,)], outer.__get__(1)().__qualname__)
print(len.__name__, len.__qualname__, len.__module__, [].append.__qualname__, [].append.__self__, str.join.__qualname__)
