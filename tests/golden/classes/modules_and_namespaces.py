# Module objects and namespaces.
import builtins
M = type(builtins)
m = M("name", "doc")
print(m, m.__name__, m.__doc__, m.__dict__ == {"__name__": "name", "__doc__": "doc", "__package__": None, "__loader__": None, "__spec__": None})
m.x = 1
print(m.x, m.__dict__["x"], sorted(n for n in dir(m) if n == "x"))
try:
    m.nope
except AttributeError as e:
    print(e, e.name)
del m.x
try:
    del m.x
except AttributeError as e:
    print(type(e).__name__)
m.__getattr__ = lambda n: "dynamic " + n
print(m.anything, hasattr(m, "q"), getattr(m, "r", 0))
m.__dir__ = lambda: ["b", "a"]
print(dir(m))
class MyMod(M):
    def __repr__(self): return "my module"
    @property
    def p(self): return "prop"
mm = MyMod("mm")
mm.y = 2
print(mm, mm.p, mm.y, type(mm).__name__, mm.__name__)
m.__class__ = MyMod
print(m.p, m)
for f in (lambda: M(), lambda: M(3), lambda: setattr(m, "__dict__", {})):
    try:
        f()
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)
print(builtins.__name__, builtins.len is len, repr(builtins), type(builtins).__name__)
print(__name__, globals()["__name__"], "M" in globals(), vars(builtins)["int"] is int)
def f():
    a = 1
    b = 2
    return sorted(locals())
print(f())
globals()["injected"] = 5
print(injected)
builtins.added = "builtin now"
print(added)
del builtins.added
try:
    added
except NameError as e:
    print(e)
len_saved = len
def len(x): return "shadowed"
print(len([]))
del len
print(len([]))
