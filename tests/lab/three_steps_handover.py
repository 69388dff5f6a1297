# expect: not broken
# verdict: fails
# failure: expect
# preemptions: 1
import threading

stage = 0
broken = False


def a():
    global stage
    stage = 1
    if stage == 2:
        stage = 3


def b():
    global stage
    if stage == 1:
        stage = 2


def c():
    global broken
    if stage == 3:
        broken = True


ts = [threading.Thread(target=f) for f in [a, b, c]]
for t in ts:
    t.start()
for t in ts:
    t.join()
