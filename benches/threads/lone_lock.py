"""One thread: prints seconds for each `with lock: pass` and acquire and release."""
import threading, time

N = 1_000_000
lock = threading.Lock()

def with_block():
    for i in range(N):
        with lock:
            pass

def by_hand():
    acquire, release = lock.acquire, lock.release
    for i in range(N):
        acquire()
        release()

def least(f):
    times = []
    for i in range(3):
        start = time.perf_counter()
        f()
        times.append(time.perf_counter() - start)
    return min(times) / N

print(least(with_block) + least(by_hand))
