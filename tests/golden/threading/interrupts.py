# a signal's exception ends each kind of wait, and leaves the object as if there had been no wait
import _thread, queue, signal, threading, time

class Alarm(Exception):
    pass
def ring(n, f):
    raise Alarm
signal.signal(signal.SIGALRM, ring)

def interrupted(wait):
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    try:
        wait()
    except Alarm:
        return "interrupted"
    return "not interrupted"

lock = threading.Lock()
lock.acquire()
def with_lock():
    with lock:
        print("never")
print("lock", interrupted(lock.acquire), interrupted(with_lock), interrupted(lambda: lock.acquire(timeout=100)), lock.locked())
lock.release()
print(lock.acquire(False))
cond = threading.Condition()
def wait():
    with cond:
        try:
            cond.wait()
        finally:
            print("owned", cond._is_owned())
print("condition", interrupted(wait), cond._is_owned(), len(cond._waiters))
q = queue.Queue()
print("queue", interrupted(q.get), interrupted(lambda: q.get(timeout=100)))
q.put(1)
print(q.get())
q = queue.Queue(1)
q.put(1)
print("full queue", interrupted(lambda: q.put(2)), q.qsize(), q.mutex.locked())
s = queue.SimpleQueue()
print("simple queue", interrupted(s.get))
s.put(2)
print(s.get())
sem = threading.Semaphore(0)
print("semaphore", interrupted(sem.acquire))
sem.release()
print(sem.acquire(False), sem._value)
event = threading.Event()
print("event", interrupted(event.wait), interrupted(lambda: event.wait(100)))
print("sleep", interrupted(lambda: time.sleep(100)))
def spin():
    n = 0
    while True:
        n += 1
print("spin", interrupted(spin))
def spin_for():
    for i in range(10 ** 12):
        pass
print("for", interrupted(spin_for))
stop = threading.Event()
t = threading.Thread(target=stop.wait)
t.start()
print("join with timeout", interrupted(lambda: t.join(100)))
stop.set()
t.join()

# a handler that returns: the wait goes on
count = []
signal.signal(signal.SIGALRM, lambda n, f: count.append(n))
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
start = time.monotonic()
time.sleep(0.08)
print(time.monotonic() - start >= 0.08, len(count) >= 3)
print(event.wait(0.05), lock.acquire(timeout=0.03))
signal.setitimer(signal.ITIMER_REAL, 0)
