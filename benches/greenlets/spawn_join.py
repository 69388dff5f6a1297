"""gevent.spawn and joinall, a hundred at a time."""
import sys
import time
import gevent

N = int(sys.argv[1]) if len(sys.argv) > 1 else 30_000


def task(x):
    return x


start = time.perf_counter()
for _ in range(N // 100):
    gevent.joinall([gevent.spawn(task, i) for i in range(100)])
print(f"{(time.perf_counter() - start) / N * 1e9:.0f} ns a greenlet")
