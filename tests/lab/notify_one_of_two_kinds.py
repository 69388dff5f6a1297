# verdict: fails
# failure: deadlock
import threading

# producers and consumers share one condition, and notify() wakes the wrong kind
cond = threading.Condition()
slot = []


def put():
    with cond:
        while slot:
            cond.wait()
        slot.append(1)
        cond.notify()


def take():
    with cond:
        while not slot:
            cond.wait()
        slot.pop()
        cond.notify()


ts = [threading.Thread(target=f) for f in [take, take, put, put]]
for t in ts:
    t.start()
for t in ts:
    t.join()
