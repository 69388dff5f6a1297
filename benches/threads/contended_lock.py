"""Four threads that count under one lock: prints seconds for each `with lock: n += 1`."""
import threading, time

N = 200_000
lock, n = threading.Lock(), 0

def work():
    global n
    for i in range(N):
        with lock:
            n += 1

threads = [threading.Thread(target=work) for _ in range(4)]
start = time.perf_counter()
for t in threads:
    t.start()
for t in threads:
    t.join()
assert n == 4 * N
print((time.perf_counter() - start) / n)
