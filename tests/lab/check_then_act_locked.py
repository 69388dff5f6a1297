# expect: made == 1
# verdict: holds
# traces: 2
import threading

instance = None
made = 0
lock = threading.Lock()


def get():
    global instance, made
    with lock:
        if instance is None:
            made += 1
            instance = object()


ts = [threading.Thread(target=f) for f in [get, get]]
for t in ts:
    t.start()
for t in ts:
    t.join()
