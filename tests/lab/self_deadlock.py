# verdict: fails
# failure: deadlock
# preemptions: 0
import threading

lock = threading.Lock()


def outer():
    with lock:
        inner()


def inner():
    with lock:
        pass


ts = [threading.Thread(target=f) for f in [outer]]
for t in ts:
    t.start()
for t in ts:
    t.join()
