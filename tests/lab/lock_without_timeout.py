# expect: got is True
# verdict: holds
import threading

lock = threading.Lock()
got = None


def hold():
    with lock:
        pass


def hurry():
    global got
    got = lock.acquire()
    lock.release()


ts = [threading.Thread(target=f) for f in [hold, hurry]]
for t in ts:
    t.start()
for t in ts:
    t.join()
