# expect: not broken
# verdict: holds
import threading

stage = 0
broken = False
lock = threading.Lock()


def a():
    global stage
    with lock:
        stage = 1
        if stage == 2:
            stage = 3


def b():
    global stage
    with lock:
        if stage == 1:
            stage = 2


def c():
    global broken
    with lock:
        if stage == 3:
            broken = True


ts = [threading.Thread(target=f) for f in [a, b, c]]
for t in ts:
    t.start()
for t in ts:
    t.join()
