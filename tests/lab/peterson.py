# expect: most <= 1
# verdict: holds
import threading

# Peterson's algorithm (1981), giving up instead of waiting
want = [False, False]
turn = 0
inside = 0
most = 0


def enter(me):
    global inside, most, turn
    want[me] = True
    turn = 1 - me
    if want[1 - me] and turn == 1 - me:
        want[me] = False
        return
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
