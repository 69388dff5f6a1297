"""time.sleep() blocks the thread and every greenlet in it: nothing overlaps (26)."""
import time
import gevent


def errand(name, *seconds):
    for s in seconds:
        time.sleep(s)
        print(name, "is back")


start = time.monotonic()
gevent.joinall([gevent.spawn(errand, "baker", 0.1, 0.1), gevent.spawn(errand, "post", 0.1)])
print(f"{time.monotonic() - start:.1f} s in all")
