"""Greenlets: states, results, errors, kills, links."""
import sys
import gevent
from gevent import Greenlet, GreenletExit, Timeout

sys.stderr = open("/dev/null", "w")  # what greenlets fail with is printed there, with the time


def show(f):
    try:
        print("->", repr(f()))
    except BaseException as e:
        print(type(e).__name__, e)


def state(g):
    print(g.ready(), g.started, g.dead, bool(g), g.successful(), repr(g.value), repr(g.exception))


def ok(x, y=1):
    gevent.sleep(0.01)
    return x + y


def bad(x):
    raise ValueError(x)


g = gevent.spawn(ok, 1, y=2)
state(g)
print(g.args, g.kwargs)
g.join()
state(g)
print(g.get(), g.args, g.kwargs)

g = gevent.spawn(bad, "text")
g.join()
state(g)
show(g.get)
print(g.exc_info[0].__name__)

# starting by hand, later, twice
g = Greenlet(ok, 5)
state(g)
g.start()
g.start()
show(g.get)
g = gevent.spawn_later(0.02, ok, 6)
state(g)
show(lambda: g.get(timeout=0.001).x)
show(lambda: g.get(block=False))
show(g.get)

# killing: while it waits, before it starts, one that catches, one that is dead
trace = []


def careful():
    try:
        trace.append("begin")
        gevent.sleep(100)
    except GreenletExit:
        trace.append("exit")
        return "careful"
    finally:
        trace.append("finally")


g = gevent.spawn(careful)
gevent.sleep(0)
show(g.kill)
state(g)
print(trace)
g = gevent.spawn(careful)
g.kill()
state(g)
print(len(trace))
g.kill()
g = gevent.spawn(gevent.sleep, 100)
gevent.sleep(0)
g.kill(KeyError("mine"))
state(g)
g = gevent.spawn(gevent.sleep, 100)
gevent.sleep(0)
g.kill(block=False)
print(g.dead)
gevent.sleep(0)
print(g.dead)
gs = [gevent.spawn(gevent.sleep, 100) for _ in range(5)] + [gevent.spawn(ok, 1)]
gevent.sleep(0)
gevent.killall(gs)
print([(g.dead, repr(g.value)) for g in gs])

# joining
gs = [gevent.spawn(ok, i) for i in range(3)] + [gevent.spawn(bad, 1)]
print(gevent.joinall(gs) == gs)
show(lambda: gevent.joinall([gevent.spawn(bad, "raised"), gevent.spawn(ok, 1)], raise_error=True))
slow = [gevent.spawn(gevent.sleep, 1), gevent.spawn(gevent.sleep, 0.001)]
print([slow.index(g) for g in gevent.joinall(slow, timeout=0.1)])
print([slow.index(g) for g in gevent.wait(slow, count=1)], [slow.index(g) for g in gevent.iwait(slow, count=1)])
gevent.killall(slow)
print(gevent.wait(timeout=0.1), gevent.wait([]))

# links
heard = []
g = gevent.spawn(ok, 1)
g.link(lambda g: heard.append(("link", g.value)))
g.link_value(lambda g: heard.append(("value", g.value)))
g.link_exception(lambda g: heard.append(("exception", g.exception)))
unwanted = lambda g: heard.append("unwanted")
g.link(unwanted)
g.unlink(unwanted)
g.join()
gevent.sleep(0)
print(heard)
heard.clear()
g = gevent.spawn(bad, 2)
g.link(lambda g: heard.append("link"))
g.link_value(lambda g: heard.append("value"))
g.link_exception(lambda g: heard.append(("exception", repr(g.exception))))
g.rawlink(lambda g: heard.append("raw"))
g.join()
gevent.sleep(0)
g.link(lambda g: heard.append("late"))
gevent.sleep(0)
gevent.sleep(0)
print(heard)


# subclasses
class Mine(Greenlet):
    def __init__(self, n):
        Greenlet.__init__(self)
        self.n = n

    def _run(self):
        gevent.sleep(0)
        return self.n * 2


m = Mine(4)
m.start()
print(m.get(), [g.get() for g in map(Mine.spawn, range(3))])

# order
order = []


def step(name):
    for i in range(3):
        order.append(f"{name}{i}")
        gevent.sleep(0)


gevent.joinall([gevent.spawn(step, n) for n in "abc"])
print(order)
order.clear()


def nap(name, *seconds):
    for s in seconds:
        gevent.sleep(s)
        order.append(f"{name}{s}")


gevent.joinall([gevent.spawn(nap, "x", 0.02, 0.06), gevent.spawn(nap, "y", 0.05, 0.06), gevent.spawn(nap, "z", 0.13)])
print(order)

# raw ones, names, wrong arguments
gevent.spawn_raw(lambda *a, **k: print("raw", a, k), 1, b=2)
gevent.sleep(0)
g = gevent.spawn(ok, 1)
g.name = "named"
print(g.name, repr(g).split(" at ")[0])
for f in (lambda: gevent.spawn(3), lambda: Greenlet("x"), lambda: g.rawlink(3), lambda: g.link(None)):
    show(f)
g.get()
print(type(gevent.getcurrent()).__name__, gevent.getcurrent().parent, gevent.get_hub() is gevent.get_hub())
try:
    gevent.get_hub().switch()
except gevent.hub.LoopExit as e:
    print(str(e).splitlines()[0], e.hub is gevent.get_hub())
