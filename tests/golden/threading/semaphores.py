import threading, time

sem = threading.Semaphore(3)
inside, most, total = 0, 0, 0
guard = threading.Lock()
def work():
    global inside, most, total
    for i in range(10):
        with sem:
            with guard:
                inside += 1
                most = max(most, inside)
                total += 1
            time.sleep(0.0001)
            with guard:
                inside -= 1
ts = [threading.Thread(target=work) for _ in range(8)]
for t in ts: t.start()
for t in ts: t.join()
print(most, total, inside, sem._value)

# release(n) lets n in
sem = threading.Semaphore(0)
got = []
def enter(i):
    sem.acquire()
    got.append(i)
ts = [threading.Thread(target=enter, args=(i,)) for i in range(4)]
for t in ts: t.start()
time.sleep(0.02)
print(got)
sem.release(3)
while len(got) < 3:
    time.sleep(0.001)
time.sleep(0.005)
print(len(got), sem._value)
sem.release()
for t in ts: t.join()
print(sorted(got), sem._value)

b = threading.BoundedSemaphore(2)
b.acquire(); b.acquire()
print(b.acquire(blocking=False), b.acquire(timeout=0.001))
b.release(2)
try:
    b.release()
except ValueError as e:
    print(e, b._value)
with b:
    try:
        b.release(2)
    except ValueError as e:
        print(e, b._value)
print(isinstance(b, threading.Semaphore), b._value)

class Sub(threading.Semaphore):
    def __init__(self):
        super().__init__(1)
        self.extra = []
    def acquire(self, *a, **k):
        self.extra.append("acquire")
        return super().acquire(*a, **k)
s = Sub()
s.acquire()
s.release()
print(s.extra, s._value)
