# verdict: holds
import threading

ready = False
cond = threading.Condition()


def consumer():
    with cond:
        while not ready:
            cond.wait()


def producer():
    global ready
    with cond:
        ready = True
        cond.notify()


ts = [threading.Thread(target=f) for f in [consumer, producer]]
for t in ts:
    t.start()
for t in ts:
    t.join()
