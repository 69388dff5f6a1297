# expect: out == [0, 1]
# verdict: holds
import queue
import threading

q1, q2, q3 = (queue.SimpleQueue() for _ in range(3))
out = []


def source():
    for i in range(2):
        q1.put(i)


def double():
    for _ in range(2):
        q2.put(q1.get())


def halve():
    for _ in range(2):
        q3.put(q2.get())


def sink():
    for _ in range(2):
        out.append(q3.get())


ts = [threading.Thread(target=f) for f in [source, double, halve, sink]]
for t in ts:
    t.start()
for t in ts:
    t.join()
