# expect: c.n == 2
# verdict: fails
# failure: expect
# preemptions: 1
# kind: lost update
import threading


class Counter:
    def __init__(self):
        self.n = 0

    def add(self):
        self.n += 1


c = Counter()

ts = [threading.Thread(target=f) for f in [c.add, c.add]]
for t in ts:
    t.start()
for t in ts:
    t.join()
