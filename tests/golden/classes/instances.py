# Instance dictionaries, many attributes, deletion and sharing.
class A:
    pass
a = A()
for i in range(100):
    setattr(a, f"attr{i}", i)
print(len(a.__dict__), a.attr99, a.attr0)
for i in range(0, 100, 2):
    delattr(a, f"attr{i}")
print(len(vars(a)), hasattr(a, "attr2"), a.attr3)
b, c = A(), A()
b.x, b.y = 1, 2
c.y, c.x = 3, 4
print(list(b.__dict__), list(c.__dict__), b.x, c.x)
d = b.__dict__
b.z = 5
print(d, d is b.__dict__)
d["w"] = 6
print(b.w)
d.clear()
print(hasattr(b, "x"), b.__dict__)
b.__dict__.update(c.__dict__)
print(b.x, b.y)
b.__dict__ = c.__dict__
b.shared = True
print(c.shared)
del c.shared
print(hasattr(b, "shared"))
class P:
    def __init__(self, x, y):
        self.x = x
        if y:
            self.y = y
        self.z = x
ps = [P(i, i % 3) for i in range(9)]
print([(p.x, getattr(p, "y", None), p.z) for p in ps])
for p in ps:
    p.__class__ = A
print([type(p).__name__ for p in ps[:2]], ps[1].x)
class Count:
    alive = 0
    def __init__(self): Count.alive += 1
    def __del__(self): Count.alive -= 1
cs = [Count() for _ in range(5)]
print(Count.alive)
cs.pop()
print(Count.alive)
cs.clear()
print(Count.alive)
class Res:
    def __del__(self):
        print("del", self.n)
r = Res()
r.n = 1
del r
def scope():
    r = Res()
    r.n = 2
    print("in scope")
scope()
print("after scope")
r = Res()
r.n = 3
r = None
class Resurrect:
    saved = None
    def __del__(self):
        Resurrect.saved = self
x = Resurrect()
x.tag = "t"
del x
print(Resurrect.saved.tag)
def same_names(o):
    return o.v
class One:
    v = "class one"
class Two:
    def __init__(self): self.v = "inst two"
class Three:
    @property
    def v(self): return "prop three"
class Four:
    def __getattr__(self, n): return "dyn " + n
class Five:
    __slots__ = ("v",)
    def __init__(self): self.v = "slot five"
objs = [One(), Two(), Three(), Four(), Five()]
print([same_names(o) for o in objs * 2])
One.v = "changed"
objs[1].__dict__["v"] = "patched"
Three.v = "no longer a property"
Four.v = 4
print([same_names(o) for o in objs])
o = One()
o.v = "own"
print(same_names(o), same_names(One()))
del o.v
print(same_names(o))
def call_m(o): return o.m()
class M:
    def m(self): return "class m"
m = M()
print(call_m(m))
m.m = lambda: "instance m"
print(call_m(m))
del m.m
M.m = lambda self: "new class m"
print(call_m(m))
M.m = staticmethod(lambda: "static m")
print(call_m(m))
M.m = classmethod(lambda cls: cls.__name__)
print(call_m(m))
M.m = 3
try:
    call_m(m)
except TypeError as e:
    print(e)
