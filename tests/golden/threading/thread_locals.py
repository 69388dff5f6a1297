import threading, weakref, gc

local = threading.local()
local.x = "main"
seen = []
def work(i):
    seen.append(hasattr(local, "x"))
    local.x = i
    local.__dict__["y"] = i * 2
    gate.wait()
    seen.append((local.x, local.y, sorted(local.__dict__)))
gate = threading.Barrier(3)
ts = [threading.Thread(target=work, args=(i,)) for i in range(3)]
for t in ts: t.start()
for t in ts: t.join()
print(seen[:3], sorted(seen[3:]), local.x)

class Local(threading.local):
    default = 5
    made = []
    def __init__(self, *a, **k):
        Local.made.append((a, k))
        self.items = list(a)
    def add(self, v):
        self.items.append(v)
        return self.items
l = Local(1, k=2)
l.add(9)
out = []
def use():
    out.append((list(l.items), l.add(3), l.default))
    l.default = 6
    out.append(l.default)
t = threading.Thread(target=use)
t.start(); t.join()
print(out, l.items, l.default, Local.made)

# a thread's values go with it
class Obj: pass
refs = []
def keep():
    o = Obj()
    local.obj = o
    refs.append(weakref.ref(o))
t = threading.Thread(target=keep)
t.start(); t.join()
gc.collect()
print(refs[0]())
try:
    local.nothing
except AttributeError as e:
    print(e)
try:
    threading.local(1)
except TypeError as e:
    print(e)
del local.x
try:
    del local.x
except AttributeError as e:
    print(e)
