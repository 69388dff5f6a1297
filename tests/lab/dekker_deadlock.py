# verdict: fails
# failure: livelock
import threading

# each raises its flag and waits for the other to lower his
want = [False, False]


def enter(me):
    want[me] = True
    while want[1 - me]:
        pass
    want[me] = False


def p0():
    enter(0)


def p1():
    enter(1)


ts = [threading.Thread(target=f) for f in [p0, p1]]
for t in ts:
    t.start()
for t in ts:
    t.join()
