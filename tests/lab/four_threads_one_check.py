# expect: sold <= 3
# verdict: fails
# failure: expect
# preemptions: 1
# kind: check-then-act
import threading

left = 3
sold = 0
lock = threading.Lock()


def buy():
    global left, sold
    if left > 0:
        with lock:
            left -= 1
            sold += 1


ts = [threading.Thread(target=f) for f in [buy, buy, buy, buy]]
for t in ts:
    t.start()
for t in ts:
    t.join()
