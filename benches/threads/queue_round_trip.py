"""To another thread and back through two queues: prints seconds for each round trip."""
import queue, threading, time

N = 20_000
there, back = queue.Queue(), queue.Queue()

def echo():
    for i in range(N):
        back.put(there.get())

t = threading.Thread(target=echo)
t.start()
start = time.perf_counter()
for i in range(N):
    there.put(i)
    back.get()
print((time.perf_counter() - start) / N)
t.join()
