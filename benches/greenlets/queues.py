"""gevent.queue with room for ten, one producer, one consumer."""
import sys
import time
import gevent
from gevent.queue import Queue

N = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
q = Queue(10)


def producer():
    for i in range(N):
        q.put(i)


def consumer():
    for _ in range(N):
        q.get()


start = time.perf_counter()
gevent.joinall([gevent.spawn(producer), gevent.spawn(consumer)])
print(f"{(time.perf_counter() - start) / N * 1e9:.0f} ns an item")
