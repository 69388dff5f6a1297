# expect: a is b
# verdict: holds
import threading

d = {}
a = b = None


def one():
    global a
    a = d.setdefault("k", [])


def two():
    global b
    b = d.setdefault("k", [])


ts = [threading.Thread(target=f) for f in [one, two]]
for t in ts:
    t.start()
for t in ts:
    t.join()
