# expect: sold == 3
# verdict: holds
# traces: 24
import threading

left = 3
sold = 0
lock = threading.Lock()


def buy():
    global left, sold
    with lock:
        if left > 0:
            left -= 1
            sold += 1


ts = [threading.Thread(target=f) for f in [buy, buy, buy, buy]]
for t in ts:
    t.start()
for t in ts:
    t.join()
