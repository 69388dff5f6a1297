"""One thread: prints seconds for each put and get."""
import queue, time

N = 100_000
q = queue.Queue()

def work():
    for i in range(N):
        q.put(i)
        q.get()

work()
start = time.perf_counter()
work()
print((time.perf_counter() - start) / N)
