# verdict: fails
# failure: deadlock
# preemptions: 2
# kind: lock-order cycle
import threading

a, b, c = (threading.Lock() for _ in range(3))


def ab():
    with a:
        with b:
            pass


def bc():
    with b:
        with c:
            pass


def ca():
    with c:
        with a:
            pass


ts = [threading.Thread(target=f) for f in [ab, bc, ca]]
for t in ts:
    t.start()
for t in ts:
    t.join()
