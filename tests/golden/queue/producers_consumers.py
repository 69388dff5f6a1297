import queue, threading

def run(make, producers, consumers, each, bound):
    q, got, lock = make(bound), [], threading.Lock()
    def produce(n):
        for i in range(each):
            q.put((n, i))
    def consume():
        mine = []
        while True:
            item = q.get()
            q.task_done()
            if item == (99, 99):
                break
            mine.append(item)
        with lock:
            got.append(mine)
    ps = [threading.Thread(target=produce, args=(n,)) for n in range(producers)]
    cs = [threading.Thread(target=consume) for _ in range(consumers)]
    for t in ps + cs: t.start()
    for t in ps: t.join()
    q.join()
    for _ in cs:
        q.put((99, 99))
    for t in cs: t.join()
    flat = sorted(x for m in got for x in m)
    in_order = all([x for x in m if x[0] == n] == sorted(x for x in m if x[0] == n) for m in got for n in range(producers))
    return len(flat), flat == [(n, i) for n in range(producers) for i in range(each)], in_order, q.unfinished_tasks, q.empty()

print(run(queue.Queue, 3, 2, 40, 0))
print(run(queue.Queue, 3, 2, 40, 1))
print(run(queue.Queue, 1, 4, 60, 3))
print(run(queue.LifoQueue, 2, 2, 40, 0)[:2])
print(run(queue.PriorityQueue, 2, 2, 40, 4)[:2])

# join() waits for task_done, not for get
q, log = queue.Queue(), []
def worker():
    for _ in range(3):
        x = q.get()
        log.append(x)
        q.task_done()
for i in range(3):
    q.put(i)
t = threading.Thread(target=worker)
t.start()
q.join()
print(log)
t.join()

# a blocked put goes on when there is room
q = queue.Queue(1)
q.put(0)
done = []
t = threading.Thread(target=lambda: (q.put(1), done.append("put")))
t.start()
print(q.get(), q.get(timeout=5))
t.join()
print(done, q.qsize())
