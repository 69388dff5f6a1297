# expect: a is b
# verdict: fails
# failure: expect
# preemptions: 1
# kind: check-then-act
import threading

d = {}
a = b = None


def one():
    global a
    if "k" not in d:
        d["k"] = []
    a = d["k"]


def two():
    global b
    if "k" not in d:
        d["k"] = []
    b = d["k"]


ts = [threading.Thread(target=f) for f in [one, two]]
for t in ts:
    t.start()
for t in ts:
    t.join()
