# expect: made == 1
# verdict: fails
# failure: expect
# preemptions: 1
# kind: check-then-act
import threading

instance = None
made = 0
lock = threading.Lock()


def get():
    global instance, made
    if instance is None:
        with lock:
            made += 1
        instance = object()


ts = [threading.Thread(target=f) for f in [get, get]]
for t in ts:
    t.start()
for t in ts:
    t.join()
