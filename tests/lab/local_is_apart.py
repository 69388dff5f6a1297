# expect: sums == {1: 3, 2: 6}
# verdict: holds
import threading

own = threading.local()
sums = {}


def work(k):
    own.n = 0
    for _ in range(3):
        own.n += k
    sums[k] = own.n


def one():
    work(1)


def two():
    work(2)


ts = [threading.Thread(target=f) for f in [one, two]]
for t in ts:
    t.start()
for t in ts:
    t.join()
