# expect: sorted(l) == [1, 2]
# verdict: holds
# traces: 2
import threading

l = []


def one():
    l.append(1)


def two():
    l.append(2)


ts = [threading.Thread(target=f) for f in [one, two]]
for t in ts:
    t.start()
for t in ts:
    t.join()
