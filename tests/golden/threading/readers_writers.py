import threading

class RWLock:
    def __init__(self):
        self.cond = threading.Condition(threading.RLock())
        self.readers, self.writing, self.waiting = 0, False, 0
    def read(self):
        with self.cond:
            while self.writing or self.waiting:
                self.cond.wait()
            self.readers += 1
    def done_reading(self):
        with self.cond:
            self.readers -= 1
            if not self.readers:
                self.cond.notify_all()
    def write(self):
        with self.cond:
            self.waiting += 1
            while self.writing or self.readers:
                self.cond.wait()
            self.waiting -= 1
            self.writing = True
    def done_writing(self):
        with self.cond:
            self.writing = False
            self.cond.notify_all()

rw, a, b, torn, reads = RWLock(), 0, 0, [], []
def reader():
    for _ in range(40):
        rw.read()
        x = a
        for i in range(5): pass
        if x != b: torn.append((x, b))
        reads.append(x)
        rw.done_reading()
def writer():
    global a, b
    for _ in range(20):
        rw.write()
        a += 1
        for i in range(5): pass
        b += 1
        rw.done_writing()
ts = [threading.Thread(target=f) for f in (reader, writer) * 3]
for t in ts: t.start()
for t in ts: t.join()
print(a, b, torn, len(reads), rw.readers, rw.writing)

# five philosophers who take the lower fork first
forks, meals = [threading.Lock() for _ in range(5)], [0] * 5
def dine(i):
    first, second = sorted((i, (i + 1) % 5))
    for _ in range(20):
        with forks[first]:
            with forks[second]:
                meals[i] += 1
ts = [threading.Thread(target=dine, args=(i,)) for i in range(5)]
for t in ts: t.start()
for t in ts: t.join()
print(meals, any(f.locked() for f in forks))
