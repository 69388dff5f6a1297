# expect: len(seen) == 5
# verdict: holds
# traces: 1
import threading

seen = {}


def writer(i):
    def write():
        seen[i] = i * i
    return write


ts = [threading.Thread(target=f) for f in [writer(0), writer(1), writer(2), writer(3), writer(4)]]
for t in ts:
    t.start()
for t in ts:
    t.join()
