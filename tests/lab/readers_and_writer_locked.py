# expect: bad == 0
# verdict: holds
# traces: 24
import threading

x = y = 0
bad = 0
lock = threading.Lock()


def write():
    global x, y
    with lock:
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
