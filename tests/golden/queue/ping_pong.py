import queue, threading

for kind in (queue.Queue, queue.SimpleQueue, queue.LifoQueue):
    there, back = kind(), kind()
    def echo():
        while True:
            x = there.get()
            if x is None:
                return
            back.put(x * 2)
    t = threading.Thread(target=echo)
    t.start()
    out = []
    for i in range(200):
        there.put(i)
        out.append(back.get())
    there.put(None)
    t.join()
    print(kind.__name__, out == [2 * i for i in range(200)], there.empty(), back.empty())

# a ring of threads, each with its own queue
N = 6
qs = [queue.Queue() for _ in range(N)]
def station(i):
    while True:
        hops = qs[i].get()
        qs[(i + 1) % N].put(hops - 1 if hops is not None and hops > 0 else None)
        if hops is None or hops == 0:
            return
ts = [threading.Thread(target=station, args=(i,)) for i in range(N)]
for t in ts: t.start()
qs[0].put(100)
for t in ts: t.join()
print([q.qsize() for q in qs])
