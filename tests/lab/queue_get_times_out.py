# verdict: fails
# failure: exception
# pct: never, as its clock stands while anybody can run
import queue
import threading

q = queue.Queue()


def take():
    q.get(timeout=1)


def put():
    q.put(1)


ts = [threading.Thread(target=f) for f in [take, put]]
for t in ts:
    t.start()
for t in ts:
    t.join()
