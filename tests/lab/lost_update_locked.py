# expect: n == 2
# verdict: holds
# traces: 2
import threading

n = 0
lock = threading.Lock()


def work():
    global n
    with lock:
        n += 1


ts = [threading.Thread(target=f) for f in [work, work]]
for t in ts:
    t.start()
for t in ts:
    t.join()
