"""Events, results, queues, locks: who waits, who goes on, in which order."""
import gevent
from gevent import Timeout, queue
from gevent.event import AsyncResult, Event
from gevent.lock import BoundedSemaphore, DummySemaphore, RLock, Semaphore

log = []


def show(f):
    try:
        print("->", repr(f()))
    except BaseException as e:
        print(type(e).__name__, str(e).splitlines()[0] if str(e) else "")


def flush(label):
    print(label, log)
    log.clear()


# --- Event
e = Event()


def waiter(n, timeout=None):
    log.append((n, e.wait(timeout)))


gs = [gevent.spawn(waiter, i, 0.01 if i == 1 else None) for i in range(3)]
gevent.sleep(0.03)
flush("before")
print(e.is_set(), e.ready())
e.set()
e.clear()
gevent.joinall(gs)
flush("after")
e.set()
print(e.wait(), e.is_set())
e.clear()
print(e.wait(0), e.wait(timeout=0.001))

# --- AsyncResult
a = AsyncResult()
gs = [gevent.spawn(lambda: log.append(a.get())) for _ in range(3)]
show(a.get_nowait)
show(lambda: a.get(timeout=0.001))
print(a.wait(timeout=0.001), a.ready(), a.value)
a.set("v")
gevent.joinall(gs)
flush("result")
print(a.ready(), a.successful(), a.value, a.exception, a.get(), a.get_nowait())
a = AsyncResult()
a.set_exception(KeyError("k"))
show(a.get)
print(a.ready(), a.successful(), a.value, repr(a.exception))
a = AsyncResult()
gevent.spawn(lambda: 42).link(a)
print(a.get())
print(len(gevent.wait([a, Event()], timeout=0.01)))

# --- queues
q = queue.Queue(2)


def producer():
    for i in range(5):
        q.put(i)
        log.append(f"put {i}")
    q.put(StopIteration)


def consumer():
    for x in q:
        log.append(f"got {x}")
    log.append("end")


gevent.joinall([gevent.spawn(producer), gevent.spawn(consumer)])
print(sorted(log), [x for x in log if x.startswith("got")] == [f"got {i}" for i in range(5)])
log.clear()
print(q.qsize(), q.empty(), q.full(), q.maxsize, len(q), bool(q))
show(q.get_nowait)
show(lambda: q.get(timeout=0.001))
q.put(1)
q.put(2)
print(q.full())
show(lambda: q.put_nowait(3))
show(lambda: q.put(3, timeout=0.001))
print(q.peek(), q.peek_nowait(), q.get(), q.get())
for cls in (queue.Queue, queue.LifoQueue, queue.PriorityQueue, queue.SimpleQueue):
    q = cls()
    for x in (3, 1, 2):
        q.put(x)
    print(cls.__name__, [q.get() for _ in range(3)], q.empty())
j = queue.JoinableQueue()


def worker():
    while True:
        x = j.get()
        try:
            gevent.sleep(0.001 * x)
            log.append(x)
        finally:
            j.task_done()


ws = [gevent.spawn(worker) for _ in range(2)]
for x in range(5):
    j.put(x)
print(j.join(timeout=0.002), j.unfinished_tasks > 0)
print(j.join(), j.unfinished_tasks, sorted(log))
log.clear()
show(j.task_done)
gevent.killall(ws)
c = queue.Channel()
g = gevent.spawn(lambda: [log.append(("put", i, c.put(i))) for i in range(3)])
print([c.get() for _ in range(3)], g.get() and None)
flush("channel")
show(lambda: c.get(block=False))
show(lambda: c.put(1, timeout=0.001))
gs = [gevent.spawn(lambda q=q: q.get()) for q in [queue.Queue()] for _ in range(3)]
gevent.sleep(0)
for x in "abc":
    q.put(x)
print([q.get() for _ in range(3)])
gevent.killall(gs)
show(lambda: queue.Queue().get())

# --- semaphores: who waits longest comes first
s = Semaphore(2)


def user(n):
    with s:
        log.append(f"in {n}")
        gevent.sleep(0.03 + n / 10 if n % 2 else 0.03)
    log.append(f"out {n}")


gevent.joinall([gevent.spawn(user, i) for i in range(4)])
flush("semaphore")
print(s.counter, s.locked(), s.acquire(), s.acquire(), s.locked(), s.acquire(blocking=False), s.acquire(timeout=0.001), s.wait(0.001))
print(s.release(), s.release(), s.counter)
show(lambda: Semaphore(-1))
show(lambda: BoundedSemaphore(1).release())
b = BoundedSemaphore(1)
print(b.acquire(), b.acquire(False))
r = RLock()
with r:
    with r:
        other = gevent.spawn(lambda: (r.acquire(blocking=False), r.acquire(timeout=0.001)))
        print(other.get(), r.locked())
print(r.locked())
g = gevent.spawn(r.release)
g.join() if False else gevent.kill(g)
d = DummySemaphore()
print(d.acquire(), d.release(), d.locked())
