# verdict: holds
import threading

cond = threading.Condition()
items = []


def take():
    with cond:
        while not items:
            cond.wait()
        items.pop()


def put():
    with cond:
        items.append(1)
        cond.notify_all()


ts = [threading.Thread(target=f) for f in [take, take, put, put]]
for t in ts:
    t.start()
for t in ts:
    t.join()
