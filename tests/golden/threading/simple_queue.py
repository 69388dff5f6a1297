import threading
import time
import _queue

q = _queue.SimpleQueue()
print(q.empty(), q.qsize())
q.put(1)
q.put_nowait(2)
print(q.qsize(), q.get(), q.get(timeout=1), q.empty())
for f in (q.get_nowait, lambda: q.get(False), lambda: q.get(timeout=0.01)):
    try:
        f()
    except _queue.Empty as e:
        print("Empty", e.args)
try:
    q.get(timeout=-1)
except ValueError as e:
    print(e)
got = []
threads = [threading.Thread(target=lambda: got.append(q.get())) for _ in range(4)]
for t in threads:
    t.start()
for i in range(4):
    q.put(i)
for t in threads:
    t.join()
print(sorted(got), q.qsize())
