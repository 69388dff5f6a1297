# a counter under each kind of lock is exact; list.append and dict.setdefault are atomic
import threading, collections, itertools

def count(enter, leave):
    box = [0]
    def work():
        for i in range(150):
            enter()
            n = box[0]
            for j in range(3):
                pass
            box[0] = n + 1
            leave()
    ts = [threading.Thread(target=work) for _ in range(4)]
    for t in ts: t.start()
    for t in ts: t.join()
    return box[0]

l, r, s, c = threading.Lock(), threading.RLock(), threading.Semaphore(1), threading.Condition()
for o in (l, r, s, c):
    print(type(o).__name__.lower(), count(o.acquire, o.release))

items, d, dq, ticket = [], {}, collections.deque(), itertools.count()
taken = []
def work(n):
    for i in range(200):
        items.append((n, i))
        d.setdefault(i, n)
        dq.append(i)
        taken.append(next(ticket))
ts = [threading.Thread(target=work, args=(n,)) for n in range(5)]
for t in ts: t.start()
for t in ts: t.join()
print(len(items), len(d), len(dq), sorted(taken) == list(range(1000)))
for n in range(5):
    assert [i for m, i in items if m == n] == list(range(200))
popped = []
def pop():
    while True:
        try:
            popped.append(dq.popleft())
        except IndexError:
            return
ts = [threading.Thread(target=pop) for _ in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(len(popped), len(dq), collections.Counter(popped) == collections.Counter(list(range(200)) * 5))
