# expect: got == [1, 2]
# verdict: holds
import queue
import threading

q = queue.SimpleQueue()
got = []


def producer():
    q.put(1)
    q.put(2)


def consumer():
    got.append(q.get())
    got.append(q.get())


ts = [threading.Thread(target=f) for f in [producer, consumer]]
for t in ts:
    t.start()
for t in ts:
    t.join()
