# expect: n == 2
# verdict: fails
# failure: expect
# preemptions: 1
# kind: lost update
import threading

lock = threading.RLock()
n = 0


def work():
    global n
    with lock:
        t = n
    with lock:
        n = t + 1


ts = [threading.Thread(target=f) for f in [work, work]]
for t in ts:
    t.start()
for t in ts:
    t.join()
