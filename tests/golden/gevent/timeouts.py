"""Timeout in all its forms."""
import gevent
from gevent import Timeout


def show(f):
    try:
        print("->", repr(f()))
    except BaseException as e:
        print(type(e).__name__, e)


def within(*args, seconds=0.2):
    def f():
        with Timeout(*args) as t:
            gevent.sleep(seconds)
            return "slept", t.pending

    return f


show(within(0.01))
show(within(0.01, False))
show(within(0.01, ValueError))
show(within(0.01, ValueError("instance")))
show(within(0.01, "text"))
show(within(None))
show(within(5, seconds=0.001))
show(lambda: gevent.with_timeout(0.01, gevent.sleep, 0.2))
show(lambda: gevent.with_timeout(0.01, gevent.sleep, 0.2, timeout_value="instead"))
show(lambda: gevent.with_timeout(1, lambda x: x, 3))

# by hand
t = Timeout(0.01)
print(t.pending, str(t), t.seconds)
t.start()
print(t.pending)
try:
    gevent.sleep(1)
except Timeout as e:
    print(e is t, t.pending)
t = Timeout.start_new(0.01)
t.cancel()
gevent.sleep(0.02)
print("cancelled", t.pending)
t = Timeout.start_new(0.5)
print(Timeout.start_new(t) is t, str(t))
t.close()
t = Timeout(1)
t.start()
show(t.start) if False else None
t.cancel()
for args in ((None,), (1,), (2, ValueError), (3, False), (1.5,)):
    print(repr(str(Timeout(*args))), Timeout(*args).exception)

# nested: the one that comes is the one that is raised
try:
    with Timeout(0.01) as inner:
        with Timeout(0.5) as outer:
            gevent.sleep(1)
except Timeout as e:
    print(e is inner, e is outer)
try:
    with Timeout(0.01) as a:
        try:
            with Timeout(0.01, False):
                with Timeout(0.005, False):
                    gevent.sleep(1)
                gevent.sleep(0.001)
                print("after the silent one")
                gevent.sleep(1)
        finally:
            print("leaving")
        gevent.sleep(1)
except Timeout as e:
    print(e is a)

# it comes into the greenlet that has started it
def sleeper():
    with Timeout(0.02, False):
        gevent.sleep(1)
        return "no"
    return "silent"


gs = [gevent.spawn(sleeper) for _ in range(3)]
gevent.sleep(0.001)
print([g.get() for g in gs])


class Mine(Timeout):
    def __str__(self):
        return "mine"


show(lambda: Mine.start_new(0.01) and gevent.sleep(1))
try:
    with Timeout(0.01):
        while True:
            try:
                gevent.sleep(1)
            except Exception:
                print("not an Exception")
except Timeout:
    print("through")
