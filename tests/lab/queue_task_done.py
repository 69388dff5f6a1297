# expect: n == 2
# verdict: holds
import queue
import threading

q = queue.Queue()
n = 0


def work():
    global n
    for _ in range(2):
        n += q.get()
        q.task_done()


def boss():
    q.put(1)
    q.put(1)
    q.join()


ts = [threading.Thread(target=f) for f in [work, boss]]
for t in ts:
    t.start()
for t in ts:
    t.join()
