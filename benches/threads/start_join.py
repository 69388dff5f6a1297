"""Prints seconds for each start and join of a thread."""
import threading, time

N = 3_000
start = time.perf_counter()
for i in range(N):
    t = threading.Thread(target=int)
    t.start()
    t.join()
print((time.perf_counter() - start) / N)
