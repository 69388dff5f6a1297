"""Greenlets that nobody refers to any more: GreenletExit, cycles, other threads; contexts; tracing."""
import contextvars
import gc
import sys
import threading
import weakref
import greenlet
from greenlet import GreenletExit, getcurrent

main = getcurrent()
log = []


def waiting(name):
    try:
        main.switch()
        log.append((name, "went on"))
    except GreenletExit:
        log.append((name, "exit"))
        raise
    finally:
        log.append((name, "finally", getcurrent() is main))


g = greenlet.greenlet(waiting)
g.switch("a")
del g
gc.collect()
print(log)
log.clear()


# as long as something refers to it, it lives
class Holder:
    pass


h = Holder()
h.g = greenlet.greenlet(waiting)
h.g.switch("held")
w = weakref.ref(h)
print(log)
del h
gc.collect()
print(log, w())
log.clear()


# one that goes on all the same
def stubborn():
    try:
        main.switch()
    except GreenletExit:
        log.append("stubborn")
        main.switch("again")
        log.append("never")


g = greenlet.greenlet(stubborn)
g.switch()
print(g.throw(), g.dead, log)
print(g.switch(), g.dead, log)
log.clear()


# an error while it ends is told to nobody but the hook
def bad():
    try:
        main.switch()
    finally:
        raise KeyError("while ending")


sys.unraisablehook = lambda u: print("unraisable", repr(u.exc_value))
g = greenlet.greenlet(bad)
g.switch()
del g
gc.collect()
sys.unraisablehook = sys.__unraisablehook__

# --- threads: each has its own main greenlet, and its greenlets are nobody else's
made, ready, done = [], threading.Event(), threading.Event()


def thread():
    me = getcurrent()
    g = greenlet.greenlet(lambda: me.switch("in thread"))
    made.extend([me, g, g.switch(), greenlet.greenlet(lambda: 1)])
    ready.set()
    done.wait()


t = threading.Thread(target=thread)
t.start()
ready.wait()
print(made[0] is main, made[2], made[0].parent, made[1].parent is made[0])
for g in (made[0], made[1], made[3]):
    try:
        g.switch()
    except greenlet.error as e:
        print(str(e).splitlines()[0])
    print(g.dead, bool(g))
done.set()
t.join()
for g in (made[0], made[1], made[3]):
    try:
        g.switch()
    except greenlet.error as e:
        print(e)
    print(g.dead, bool(g))
del made[:], g
gc.collect()

# --- contexts
var = contextvars.ContextVar("var", default="default")


def in_context():
    a = var.get()
    var.set("inner")
    main.switch((a, var.get()))
    return var.get()


var.set("outer")
g = greenlet.greenlet(in_context)
print(g.gr_context, g.switch(), var.get(), g.gr_context[var])
g.gr_context = contextvars.copy_context()
print(g.switch(), var.get())
g = greenlet.greenlet(in_context)
g.gr_context = contextvars.copy_context()
print(g.switch(), var.get(), g.switch())
for value in (3, "x"):
    try:
        g.gr_context = value
    except TypeError as e:
        print(e)

# --- tracing
events = []


def tracer(event, args):
    origin, target = args
    events.append((event, names.get(id(origin)), names.get(id(target))))


def traced():
    main.switch(1)
    raise ValueError("out")


g = greenlet.greenlet(traced)
names = {id(main): "main", id(g): "g"}
print(greenlet.settrace(tracer), greenlet.gettrace() is tracer)
g.switch()
try:
    g.switch()
except ValueError:
    pass
print(greenlet.settrace(None) is tracer, greenlet.gettrace())
print(events)


def failing(event, args):
    raise RuntimeError("tracer")


g = greenlet.greenlet(lambda: 1)
greenlet.settrace(failing)
try:
    g.switch()
except RuntimeError as e:
    print(e, greenlet.gettrace())

# --- a profiler sees the functions of all greenlets
calls = []


def work():
    main.switch()


g = greenlet.greenlet(work)
sys.setprofile(lambda frame, event, arg: calls.append((event, frame.f_code.co_name)) if event in ("call", "return") else None)
g.switch()
g.switch()
sys.setprofile(None)
print(calls)
