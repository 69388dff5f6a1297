"""gevent.sleep(0) in ten greenlets by turns."""
import sys
import time
import gevent

N = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000


def task():
    for _ in range(N // 10):
        gevent.sleep(0)


start = time.perf_counter()
gevent.joinall([gevent.spawn(task) for _ in range(10)])
print(f"{(time.perf_counter() - start) / N * 1e9:.0f} ns a sleep")
