"""After monkey.patch_all() time.sleep(), threads, locks and queues of the standard library let the others run (27)."""
from gevent import monkey

monkey.patch_all()

import queue
import threading
import time
import gevent


def errand(name, *seconds):
    for s in seconds:
        time.sleep(s)
        print(name, "is back")


start = time.monotonic()
gevent.joinall([gevent.spawn(errand, "baker", 0.1, 0.2), gevent.spawn(errand, "post", 0.2)])
print(f"{time.monotonic() - start:.1f} s in all")

orders = queue.Queue(2)


def cook():
    while (order := orders.get()) is not None:
        time.sleep(0.05)
        print(threading.current_thread().name, "serves", order)


thread = threading.Thread(target=cook, name="cook")
thread.start()
for dish in ("soup", "fish", "cake", None):
    orders.put(dish)
thread.join()
