# expect: got is not False
# verdict: fails
# failure: expect
# pct: never, as its clock stands while anybody can run
import threading

lock = threading.Lock()
got = None


def hold():
    with lock:
        pass


def hurry():
    global got
    got = lock.acquire(timeout=1)
    if got:
        lock.release()


ts = [threading.Thread(target=f) for f in [hold, hurry]]
for t in ts:
    t.start()
for t in ts:
    t.join()
