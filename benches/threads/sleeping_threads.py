"""Prints seconds for starting 5,000 threads that sleep."""
import threading, time

N = 5_000
start = time.perf_counter()
threads = [threading.Thread(target=time.sleep, args=(5,), daemon=True) for _ in range(N)]
for t in threads:
    t.start()
print(time.perf_counter() - start)
