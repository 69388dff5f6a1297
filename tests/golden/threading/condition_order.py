import threading, time

# notified in the order of waiting; each gets the lock before the next
c = threading.Condition()
order, ready = [], []

def waiter(i):
    with c:
        ready.append(i)
        c.wait()
        order.append(i)

ts = []
for i in range(6):
    t = threading.Thread(target=waiter, args=(i,))
    t.start()
    while len(ready) <= i:
        time.sleep(0.001)
    ts.append(t)
with c:
    pass
with c:
    c.notify()
ts[0].join()
print(order)
with c:
    c.notify(2)
ts[1].join(); ts[2].join()
print(sorted(order))
with c:
    c.notify_all()
for t in ts:
    t.join()
print(sorted(order), len(c._waiters))

# a notification without a waiter is lost; one that comes within a held lock waits for its release
with c:
    c.notify(5)
    print(c.wait(0.001))
log = []
def late():
    with c:
        log.append("waits")
        print(c.wait(5))
        log.append("woken")
t = threading.Thread(target=late)
t.start()
while not log:
    time.sleep(0.001)
with c:
    c.notify()
    time.sleep(0.01)
    log.append("notifier still has it")
t.join()
print(log)

# RLock inside: wait releases all levels and takes them back
r = threading.RLock()
c = threading.Condition(r)
got = []
def other():
    with c:
        got.append("other has it")
        c.notify()
with r:
    with c:
        t = threading.Thread(target=other)
        t.start()
        print(c.wait(5), r._recursion_count(), got)
t.join()

# wait_for: the predicate's value comes back
c = threading.Condition(threading.Lock())
box = []
def fill():
    for i in range(5):
        with c:
            box.append(i)
            c.notify_all()
t = threading.Thread(target=fill)
with c:
    t.start()
    print(c.wait_for(lambda: len(box) >= 5 and box))
    print(c.wait_for(lambda: [], timeout=0.001), c.wait_for(lambda: 0, 0))
t.join()

# a condition upon an object that only has acquire and release
class Plain:
    def __init__(self):
        self.lock = threading.Lock()
        self.calls = []
    def acquire(self, *a):
        self.calls.append("acquire" + str(a))
        return self.lock.acquire(*a)
    def release(self):
        self.calls.append("release")
        self.lock.release()
    def __enter__(self):
        return self.acquire()
    def __exit__(self, *a):
        self.release()
p = Plain()
c = threading.Condition(p)
with c:
    print(c.wait(0.001))
print(p.calls[0], p.calls[-1], p.lock.locked())
