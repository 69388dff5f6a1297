# expect: out == [1, 2]
# verdict: fails
# failure: expect
import queue
import threading

q = queue.SimpleQueue()
out = []


def one():
    q.put(1)


def two():
    q.put(2)


def take():
    for _ in range(2):
        out.append(q.get())


def idle():
    pass


ts = [threading.Thread(target=f) for f in [one, two, take, idle]]
for t in ts:
    t.start()
for t in ts:
    t.join()
