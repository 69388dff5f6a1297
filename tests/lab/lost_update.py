# expect: n == 2
# verdict: fails
# failure: expect
# preemptions: 1
# kind: lost update
import threading

n = 0


def work():
    global n
    n += 1


ts = [threading.Thread(target=f) for f in [work, work]]
for t in ts:
    t.start()
for t in ts:
    t.join()
