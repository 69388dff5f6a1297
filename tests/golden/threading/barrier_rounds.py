import threading

N, ROUNDS = 5, 6
acts, indices, seen = [], [[] for _ in range(ROUNDS)], [0] * ROUNDS
lock = threading.Lock()

def act():
    acts.append(tuple(seen))

b = threading.Barrier(N, action=act)

def work():
    for r in range(ROUNDS):
        with lock:
            seen[r] += 1
        i = b.wait()
        with lock:
            indices[r].append(i)

ts = [threading.Thread(target=work) for _ in range(N)]
for t in ts: t.start()
for t in ts: t.join()
print([sorted(i) for i in indices])
print(acts[0], acts[-1], len(acts))
print(b.n_waiting, b.broken, b.parties)

# an action that fails breaks it for all
def bad():
    raise ValueError("bad action")
b = threading.Barrier(3, action=bad)
got = []
def meet():
    try:
        b.wait()
    except Exception as e:
        got.append(type(e).__name__)
ts = [threading.Thread(target=meet) for _ in range(3)]
for t in ts: t.start()
for t in ts: t.join()
print(sorted(got), b.broken)
b.reset()
print(b.broken, b.n_waiting)

# abort and reset while others wait
for how in ("abort", "reset"):
    b = threading.Barrier(3)
    got = []
    ts = [threading.Thread(target=meet) for _ in range(2)]
    for t in ts: t.start()
    while b.n_waiting < 2:
        pass
    getattr(b, how)()
    for t in ts: t.join()
    print(how, got, b.broken, b.n_waiting)

# a timeout breaks it; its default comes from the constructor
b = threading.Barrier(2, timeout=0.005)
try:
    b.wait()
except threading.BrokenBarrierError as e:
    print("broken", repr(str(e)), b.broken)
try:
    b.wait()
except threading.BrokenBarrierError:
    print("still")
