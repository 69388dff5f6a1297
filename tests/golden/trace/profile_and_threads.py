"""sys.setprofile, threading.settrace/setprofile, opcode events, frame attributes."""
import sys
import threading

events = []


def profiler(frame, event, arg):
    if event.startswith("c_"):
        arg = arg.__name__
    events.append((frame.f_code.co_name, event, arg))


def g(n):
    return len([n, n]) + max(1, n)


class A:
    def m(self): return "x".upper().join(["a", "b"])


def fails():
    try:
        int("x")
        [].index(3)
    except ValueError:
        pass
    return sorted([2, 1], key=g)


def gen():
    yield 1
    yield 2


def body():
    g(2)
    A().m()
    fails()
    return list(gen())


sys.setprofile(profiler)
body()
sys.setprofile(None)
for e in events:
    if e[2] not in ("setprofile",):
        print(*e)
print(sys.getprofile())


def tr(frame, event, arg):
    seen.append((threading.current_thread().name, frame.f_code.co_name, event))
    return tr


seen = []


def work():
    x = 1
    return x


threading.settrace(tr)
print(threading.gettrace() is tr, sys.gettrace())
t = threading.Thread(target=work, name="T")
t.start()
t.join()
threading.settrace(None)
print([s for s in seen if s[1] == "work"])
seen = []
threading.setprofile(lambda f, e, a: seen.append((f.f_code.co_name, e)))
t = threading.Thread(target=work, name="T")
t.start()
t.join()
threading.setprofile(None)
print([s for s in seen if s[0] == "work"])


def opcodes(frame, event, arg):
    frame.f_trace_opcodes = True
    kinds.append(event)
    return opcodes


kinds = []
sys.settrace(opcodes)
work()
sys.settrace(None)
print(kinds[:2], kinds[-1])
f = sys._getframe()
print(f.f_trace, f.f_trace_lines, f.f_trace_opcodes, f.f_back, f.f_code.co_name, f.f_lasti > 0, f.f_globals is globals(), f.f_builtins["len"] is len)
try:
    f.f_trace_lines = 3
except TypeError as e:
    print(e)


def outer():
    v = 1
    def inner():
        fr = sys._getframe(1)
        return fr.f_code.co_name, fr.f_locals["v"], sorted(fr.f_locals)
    return inner()


print(outer())
try:
    sys._getframe(1000)
except ValueError as e:
    print(e)


def recursive_trace(frame, event, arg):
    work()
    depth.append(event)


depth = []
sys.settrace(recursive_trace)
work()
sys.settrace(None)
print(depth)


class Counter:
    def __init__(self): self.n = {}
    def __call__(self, frame, event, arg):
        self.n[event] = self.n.get(event, 0) + 1
        return self


c = Counter()
sys.settrace(c)
for i in range(3):
    work()
sys.settrace(None)
print(c.n)
