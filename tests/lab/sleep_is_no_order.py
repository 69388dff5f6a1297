# expect: seen == 1
# verdict: fails
# failure: expect
# pct: never, as its clock stands while anybody can run
import threading
import time

# a sleep that is long enough on most days
x = 0
seen = None


def slow():
    global seen
    time.sleep(0.5)
    seen = x


def fast():
    global x
    x = 1


ts = [threading.Thread(target=f) for f in [slow, fast]]
for t in ts:
    t.start()
for t in ts:
    t.join()
