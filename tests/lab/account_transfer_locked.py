# expect: total == 100
# verdict: holds
# traces: 2
import threading

a, b = 60, 40
total = None
lock = threading.Lock()


def move(n):
    global a, b
    with lock:
        x = a
        y = b
        a = x - n
        b = y + n


def first():
    move(10)


def second():
    move(20)


ts = [threading.Thread(target=f) for f in [first, second]]
for t in ts:
    t.start()
for t in ts:
    t.join()
total = a + b if (a, b) == (30, 70) else -1
