# expect: made == 1 and early is False
# verdict: holds
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
                value = 7
                ready = True
    if value is None:
        early = True


ts = [threading.Thread(target=f) for f in [get, get]]
for t in ts:
    t.start()
for t in ts:
    t.join()
