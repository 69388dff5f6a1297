# expect: d == {'a': 1, 'b': 1}
# verdict: holds
# traces: 1
import threading

d = {'a': 0, 'b': 0}


def first():
    d['a'] += 1


def second():
    d['b'] += 1


ts = [threading.Thread(target=f) for f in [first, second]]
for t in ts:
    t.start()
for t in ts:
    t.join()
