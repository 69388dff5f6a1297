import threading, time

# many at once, blocked on one event, each counted
N = 300
go, n, lock = threading.Event(), 0, threading.Lock()
def work():
    global n
    go.wait()
    with lock:
        n += 1
ts = [threading.Thread(target=work) for _ in range(N)]
for t in ts: t.start()
print(threading.active_count() == N + 1, sum(t.is_alive() for t in ts))
go.set()
for t in ts: t.join()
print(n, threading.active_count())

# threads that start threads
def tree(depth, out):
    if depth == 0:
        with lock:
            out.append(1)
        return
    kids = [threading.Thread(target=tree, args=(depth - 1, out)) for _ in range(2)]
    for k in kids: k.start()
    for k in kids: k.join()
out = []
tree(6, out)
print(len(out))

# started and joined one after the other; the ident may come back, the object does not
seen = []
for i in range(200):
    t = threading.Thread(target=seen.append, args=(i,))
    t.start()
    t.join()
print(seen == list(range(200)))

# join from many threads at once
slow = threading.Thread(target=time.sleep, args=(0.02,))
slow.start()
ended = []
js = [threading.Thread(target=lambda: (slow.join(), ended.append(slow.is_alive()))) for _ in range(5)]
for j in js: j.start()
for j in js: j.join()
print(ended, slow.join(), slow.join(0))
# what start() promises
t = threading.Thread(target=lambda: None)
t.start()
print(t.ident is not None, t.native_id is not None)
t.join()
