import queue, heapq

q = queue.LifoQueue()
for x in "abc":
    q.put(x)
print([q.get() for _ in range(3)])
p = queue.PriorityQueue()
for x in (5, 1, 4, 1, 3):
    p.put(x)
print([p.get() for _ in range(5)])
for x in [(2, "b"), (1, "z"), (2, "a"), (0, [])]:
    p.put(x)
print([p.get() for _ in range(4)])
class Job:
    def __init__(self, n): self.n = n
    def __lt__(self, o): return self.n > o.n
    def __repr__(self): return "Job(%d)" % self.n
for n in (1, 3, 2):
    p.put(Job(n))
print([p.get() for _ in range(3)])
p.put((1, {}))
try:
    p.put((1, {}))
except TypeError as e:
    print(e)
print(p.qsize(), p.mutex.locked())
print(type(p.queue).__name__)
p = queue.PriorityQueue(maxsize=2)
p.put(2); p.put(1)
try:
    p.put(0, timeout=0.001)
except queue.Full:
    print("full", p.get(), p.get())
class Own(queue.Queue):
    def _init(self, maxsize):
        self.queue = set()
    def _qsize(self):
        return len(self.queue)
    def _put(self, item):
        self.queue.add(item)
    def _get(self):
        return self.queue.pop()
o = Own()
for i in (3, 3, 3):
    o.put(i)
print(o.qsize(), o.get(), o.empty(), o.unfinished_tasks)
