import queue, threading, time

q = queue.SimpleQueue()
def error(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__module__, type(e).__name__, e.args)
print(q.empty(), q.qsize(), type(q))
print(q.put(1), q.put(2, False), q.put(3, timeout=1), q.put_nowait(4))
print(q.qsize(), q.get(), q.get(False), q.get(timeout=1), q.get_nowait())
error(q.get, False)
error(q.get_nowait)
error(q.get, timeout=0.001)
error(q.get, timeout=-1)
error(q.get, True, 0)
error(queue.SimpleQueue, 1)
error(q.put)
print(queue.Empty is __import__("_queue").Empty)
got = []
def take():
    for _ in range(20):
        got.append(q.get())
ts = [threading.Thread(target=take) for _ in range(3)]
for t in ts: t.start()
for i in range(60):
    q.put(i)
for t in ts: t.join()
print(sorted(got) == list(range(60)), q.empty())

# late put, early timeout
def later():
    time.sleep(0.02)
    q.put("late")
t = threading.Thread(target=later)
t.start()
error(q.get, timeout=0.001)
print(q.get(timeout=5))
t.join()
class Sub(queue.SimpleQueue):
    pass
s = Sub()
s.x = 1
s.put(s)
print(s.get() is s, s.x)
