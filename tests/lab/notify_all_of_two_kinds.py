# verdict: holds
import threading

cond = threading.Condition()
slot = []


def put():
    with cond:
        while slot:
            cond.wait()
        slot.append(1)
        cond.notify_all()


def take():
    with cond:
        while not slot:
            cond.wait()
        slot.pop()
        cond.notify_all()


ts = [threading.Thread(target=f) for f in [take, take, put, put]]
for t in ts:
    t.start()
for t in ts:
    t.join()
