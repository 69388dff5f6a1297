# expect: most == 1
# verdict: fails
# failure: expect
import threading

# mutual exclusion by flags where each looks before it raises its own
want = [False, False]
inside = 0
most = 0


def enter(me):
    global inside, most
    if want[1 - me]:
        return
    want[me] = True
    inside += 1
    most = max(most, inside)
    inside -= 1
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
