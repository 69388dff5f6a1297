import threading, time

# who waits longest gets a lock first, and none is passed over
def in_order(make, acquire, release):
    lock, order, ready = make(), [], []
    acquire(lock)
    def work(i):
        ready.append(i)
        acquire(lock)
        order.append(i)
        release(lock)
    ts = []
    for i in range(8):
        t = threading.Thread(target=work, args=(i,))
        t.start()
        while len(ready) <= i:
            time.sleep(0.001)
        time.sleep(0.002)
        ts.append(t)
    release(lock)
    for t in ts:
        t.join()
    return sorted(order)

a, r = (lambda l: l.acquire()), (lambda l: l.release())
print(in_order(threading.Lock, a, r))
print(in_order(lambda: threading.Semaphore(1), a, r))
print(in_order(lambda: threading.BoundedSemaphore(1), a, r))

# timeouts that expire leave no trace
lock = threading.Lock()
lock.acquire()
missed = []
def impatient():
    missed.append(lock.acquire(timeout=0.005))
ts = [threading.Thread(target=impatient) for i in range(5)]
for t in ts: t.start()
for t in ts: t.join()
print(missed, lock.locked())
lock.release()
print(lock.acquire(False), lock.acquire(False))

# anyone may release a lock; only its owner an RLock
t = threading.Thread(target=lock.release)
t.start(); t.join()
print(lock.locked())
r = threading.RLock()
r.acquire()
out = []
def try_it():
    try:
        r.release()
    except RuntimeError as e:
        out.append(str(e))
    out.append(r.acquire(False))
    out.append(r.acquire(timeout=0.002))
t = threading.Thread(target=try_it)
t.start(); t.join()
print(out)
r.release()
t = threading.Thread(target=lambda: out.append(r.acquire()))
t.start(); t.join()
# held by a thread that has ended: nobody gets it
print(out[-1], r.acquire(timeout=0.002))

# with and exceptions
lock = threading.Lock()
try:
    with lock:
        raise KeyError(1)
except KeyError:
    print("left", lock.locked())
for cls in (threading.Lock, threading.RLock, threading.Condition, threading.Semaphore):
    with cls() as got:
        print(cls().__class__.__name__, got)
