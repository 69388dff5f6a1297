"""Ten thousand greenlets asleep at once: what the process takes at most, and each of them."""
import sys
import time
import gevent

N = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000


def peak_kb():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


before, start = peak_kb(), time.perf_counter()
gs = [gevent.spawn(gevent.sleep, 1) for _ in range(N)]
gevent.sleep(0.5)
gevent.joinall(gs)
print(f"{peak_kb() / 1024:.0f} MB at most, {(peak_kb() - before) / N:.1f} KB a greenlet, {time.perf_counter() - start:.2f} s")
