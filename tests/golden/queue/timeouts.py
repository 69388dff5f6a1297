import queue, threading, time

def timed(f, *a, **k):
    start = time.monotonic()
    try:
        r = f(*a, **k)
    except Exception as e:
        r = type(e).__name__
    return r, time.monotonic() - start

q = queue.Queue(1)
r, took = timed(q.get, timeout=0.03)
print(r, 0.03 <= took < 3)
q.put(1)
r, took = timed(q.put, 2, timeout=0.03)
print(r, 0.03 <= took < 3)
r, took = timed(q.get, timeout=100)
print(r, took < 3)

# many who wait with timeouts: each item goes to exactly one, all others end with Empty
got, missed = [], []
def impatient():
    try:
        got.append(q.get(timeout=0.05))
    except queue.Empty:
        missed.append(1)
ts = [threading.Thread(target=impatient) for _ in range(10)]
for t in ts: t.start()
for i in range(4):
    q.put(i)
for t in ts: t.join()
print(sorted(got), len(missed), q.empty())

# a full queue with producers that give up
full, put = [], []
def pushy(i):
    try:
        q.put(i, timeout=0.02)
        put.append(i)
    except queue.Full:
        full.append(i)
ts = [threading.Thread(target=pushy, args=(i,)) for i in range(6)]
for t in ts: t.start()
for t in ts: t.join()
print(len(put), len(full), q.full(), q.get() in put)
