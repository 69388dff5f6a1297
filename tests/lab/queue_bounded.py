# expect: out == [0, 1, 2]
# verdict: holds
import queue
import threading

q = queue.Queue(1)
out = []


def put():
    for i in range(3):
        q.put(i)


def take():
    for _ in range(3):
        out.append(q.get())


ts = [threading.Thread(target=f) for f in [put, take]]
for t in ts:
    t.start()
for t in ts:
    t.join()
