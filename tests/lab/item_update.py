# expect: d['a'] == 2
# verdict: fails
# failure: expect
# preemptions: 1
import threading

d = {'a': 0}


def work():
    d['a'] += 1


ts = [threading.Thread(target=f) for f in [work, work]]
for t in ts:
    t.start()
for t in ts:
    t.join()
