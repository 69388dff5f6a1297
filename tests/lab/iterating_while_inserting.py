# verdict: fails
# failure: exception
# preemptions: 1
import threading

d = {1: 1, 2: 2}


def walk():
    for k in d:
        d[k]


def insert():
    d[3] = 3


ts = [threading.Thread(target=f) for f in [walk, insert]]
for t in ts:
    t.start()
for t in ts:
    t.join()
