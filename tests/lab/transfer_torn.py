# expect: seen == 100
# verdict: fails
# failure: expect
# preemptions: 1
import threading

a, b = 50, 50
seen = 100


def transfer():
    global a, b
    a -= 10
    b += 10


def audit():
    global seen
    seen = a + b


ts = [threading.Thread(target=f) for f in [transfer, audit]]
for t in ts:
    t.start()
for t in ts:
    t.join()
