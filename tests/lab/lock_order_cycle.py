# verdict: fails
# failure: deadlock
# preemptions: 1
# kind: lock-order cycle
import threading

a = threading.Lock()
b = threading.Lock()


def first():
    with a:
        with b:
            pass


def second():
    with b:
        with a:
            pass


ts = [threading.Thread(target=f) for f in [first, second]]
for t in ts:
    t.start()
for t in ts:
    t.join()
