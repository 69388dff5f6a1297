# expect: c.n == 2
# verdict: holds
# traces: 2
import threading


class Counter:
    def __init__(self):
        self.n = 0
        self.lock = threading.RLock()

    def add(self):
        with self.lock:
            self.bump()

    def bump(self):
        with self.lock:
            self.n += 1


c = Counter()

ts = [threading.Thread(target=f) for f in [c.add, c.add]]
for t in ts:
    t.start()
for t in ts:
    t.join()
