# expect: bad == 0
# verdict: fails
# failure: expect
# preemptions: 1
# kind: order violation
import threading

x = y = 0
bad = 0
lock = threading.Lock()


def write():
    global x, y
    x = 1
    y = 1


def read():
    global bad
    with lock:
        if x != y:
            bad += 1


ts = [threading.Thread(target=f) for f in [write, read, read, read]]
for t in ts:
    t.start()
for t in ts:
    t.join()
