# expect: made == 1 and early is False
# verdict: fails
# failure: expect
# preemptions: 1
import threading

lock = threading.Lock()
ready = False
value = None
made = 0
early = False


def get():
    global ready, value, made, early
    if not ready:
        with lock:
            if not ready:
                made += 1
                ready = True
                value = 7
    if value is None:
        early = True


ts = [threading.Thread(target=f) for f in [get, get]]
for t in ts:
    t.start()
for t in ts:
    t.join()
