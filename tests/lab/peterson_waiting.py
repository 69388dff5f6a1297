# expect: n == 2
# verdict: holds
# blocked: by spins
import threading

# Peterson's algorithm (1981) with its busy wait
want = [False, False]
turn = 0
n = 0


def enter(me):
    global n, turn
    want[me] = True
    turn = 1 - me
    while want[1 - me] and turn == 1 - me:
        pass
    n += 1
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
