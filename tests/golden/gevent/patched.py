"""monkey.patch_all: time, threading, queue of the standard library let other greenlets run."""
import queue
import threading
import time
from gevent import monkey

print(monkey.is_module_patched("time"), monkey.is_module_patched("threading"))
original = time.sleep
monkey.patch_all()
import gevent

print(monkey.is_module_patched("time"), monkey.is_object_patched("time", "sleep"), monkey.is_object_patched("time", "time"))
print(monkey.get_original("time", "sleep") is original, time.sleep is original)
log = []


def nap(name, seconds):
    for _ in range(2):
        time.sleep(seconds)
        log.append(name)


gevent.joinall([gevent.spawn(nap, "slow", 0.03), gevent.spawn(nap, "fast", 0.01)])
print(log)
log.clear()

# threads are greenlets
lock, event, done = threading.Lock(), threading.Event(), threading.Semaphore(0)
local = threading.local()


def thread(n):
    local.n = n
    with lock:
        time.sleep(0.005)
        log.append((n, local.n, threading.current_thread().name))
    event.wait()
    done.release()


ts = [threading.Thread(target=thread, args=(i,), name=f"t{i}") for i in range(3)]
for t in ts:
    t.start()
print([t.is_alive() for t in ts], threading.active_count(), threading.current_thread() is threading.main_thread())
time.sleep(0.05)
print(log, hasattr(local, "n"))
event.set()
for t in ts:
    t.join()
print([t.is_alive() for t in ts], done.acquire(), done.acquire(blocking=True), done.acquire(), done.acquire(timeout=0.001), threading.active_count())
log.clear()

# queues of the standard library
q = queue.Queue(2)


def producer():
    for i in range(6):
        q.put(i)
    q.put(None)


def consumer():
    while (x := q.get()) is not None:
        log.append(x)
        q.task_done()


ps = [threading.Thread(target=producer), threading.Thread(target=consumer)]
for p in ps:
    p.start()
for p in ps:
    p.join()
print(log)
try:
    q.get(timeout=0.01)
except queue.Empty:
    print("empty")
sq = queue.SimpleQueue()
gevent.spawn_later(0.005, sq.put, "simple")
print(sq.get())

# conditions, barriers, timers, rlocks
cond, items = threading.Condition(), []


def taker():
    with cond:
        while not items:
            cond.wait()
        log.append(items.pop())


log.clear()
gs = [gevent.spawn(taker) for _ in range(2)]
gevent.sleep(0)
with cond:
    items.extend("ab")
    cond.notify_all()
gevent.joinall(gs)
print(sorted(log))
barrier = threading.Barrier(3)
print(sorted(g.get() for g in [gevent.spawn(barrier.wait) for _ in range(3)]))
t = threading.Timer(0.005, lambda: log.append("timer"))
t.start()
t.join()
print(log[-1])
r = threading.RLock()
with r, r:
    print(gevent.spawn(r.acquire, blocking=False).get())
try:
    threading.Lock().release()
except RuntimeError as e:
    print(e)
t = threading.Thread(target=lambda: None)
print(t.daemon, t.ident)
t.start()
t.join()
try:
    t.start()
except RuntimeError as e:
    print(e)


def ended():
    time.sleep(0.01)
    print("the process waits for this thread")


threading.Thread(target=ended).start()
