import threading
import time


def error(f, *args, **kw):
    try:
        f(*args, **kw)
    except BaseException as e:
        print(type(e).__name__, e)
    else:
        print("no error")


lock = threading.Lock()
print(type(lock), repr(lock)[:36])
print(lock.acquire(), lock.locked(), lock.acquire(False), lock.acquire(timeout=0.01), repr(lock)[:34])
error(lock.acquire, False, 1)
error(lock.acquire, True, -2)
error(lock.acquire, timeout=1e10)
lock.release()
error(lock.release)
with lock as got:
    print("in", got, lock.locked())

r = threading.RLock()
print(repr(r)[:43])
with r:
    with r:
        print(r._is_owned(), "count=2" in repr(r))
error(r.release)
r.acquire()
t = threading.Thread(target=error, args=(r.release,))
t.start()
t.join()
t = threading.Thread(target=lambda: print(r.acquire(False), r.acquire(timeout=0.01)))
t.start()
t.join()
r.release()

sem = threading.Semaphore(2)
print(sem._value, sem.acquire(), sem.acquire(), sem.acquire(False), sem.acquire(timeout=0.01), sem._value)
sem.release(3)
print(sem._value, repr(sem).endswith(": value=3>"), repr(sem).startswith("<threading.Semaphore at 0x"))
error(sem.release, 0)
error(sem.acquire, False, 1)
error(threading.Semaphore, -1)
bounded = threading.BoundedSemaphore(1)
with bounded:
    print(bounded._value, repr(bounded).endswith(": value=0/1>"))
error(bounded.release)

event = threading.Event()
print(event.is_set(), event.wait(0.01), repr(event).endswith(": unset>"))
threading.Timer(0.01, event.set).start()
print(event.wait(), event.is_set(), repr(event).endswith(": set>"))
event.clear()
print(event.is_set())

cond = threading.Condition()
error(cond.wait)
error(cond.notify)
with cond:
    print(cond.wait(0.01), cond.wait_for(lambda: 7), cond.wait_for(lambda: 0, 0.01))

order = []
ready = []


def waiter(n):
    with cond:
        ready.append(n)
        cond.wait()
        order.append(n)


threads = []
for n in range(5):
    threads.append(threading.Thread(target=waiter, args=(n,)))
    threads[-1].start()
    while len(ready) <= n:
        time.sleep(0.001)
with cond:
    cond.notify(2)
while len(order) < 2:
    time.sleep(0.001)
print(sorted(order))
with cond:
    cond.notify_all()
for t in threads:
    t.join()
print(sorted(order))


class Odd:
    """A lock that is none of ours."""

    def __init__(self):
        self.lock = threading.Lock()
        self.acquire = self.lock.acquire
        self.release = self.lock.release

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *args):
        self.release()


odd = threading.Condition(Odd())
done = []


def odd_waiter():
    with odd:
        while not done:
            odd.wait()
        print("odd", done)


t = threading.Thread(target=odd_waiter)
t.start()
with odd:
    done.append(1)
    odd.notify()
t.join()

barrier = threading.Barrier(3, action=lambda: print("all there"))
print(barrier.parties, barrier.n_waiting, barrier.broken)
seen = []
threads = [threading.Thread(target=lambda: seen.append(barrier.wait())) for _ in range(6)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(seen))
error(barrier.wait, 0.01)
print(barrier.broken)
error(barrier.wait)
barrier.reset()
print(barrier.broken)
barrier.abort()
error(barrier.wait)
