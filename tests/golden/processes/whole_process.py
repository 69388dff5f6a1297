import multiprocessing as mp, os, sys, time, signal
class P(mp.Process):
    def __init__(self, n, q):
        super().__init__(name=f"worker-{n}")
        self.n, self.q = n, q
    def run(self):
        self.q.put((self.n, self.name, mp.current_process().name, mp.parent_process().name))
def boom(): raise ValueError("bad")
def ex(n): sys.exit(n)
def hang(): time.sleep(100)
def ign():
    signal.signal(signal.SIGTERM, lambda *a: (print("got term", flush=True), sys.exit(7)))
    ev.set()
    time.sleep(100)
def daemonic():
    try:
        mp.Process(target=hang).start()
    except AssertionError as e:
        print("assert:", e, flush=True)
class Counter:
    x = 0
c = Counter()
def bump(v, lock, n):
    for _ in range(n):
        with lock: v.value += 1
    c.x += n
    os.chdir("/"); os.environ["ZZ"] = "1"
if __name__ == "__main__":
    q = mp.Queue()
    ps = [P(i, q) for i in range(3)]
    for p in ps: p.start()
    print(sorted(q.get() for _ in ps))
    for p in ps: p.join()
    print([p.exitcode for p in ps], ps[0].is_alive())
    p = mp.Process(target=boom); p.start(); p.join(); print(p.exitcode)
    for n in (0, 3, None, "text"):
        p = mp.Process(target=ex, args=(n,)); p.start(); p.join(); print(repr(n), p.exitcode)
    p = mp.Process(target=hang); p.start(); print(p.exitcode, p.is_alive()); p.terminate(); p.join(); print(p.exitcode)
    p = mp.Process(target=hang); p.start(); p.kill(); p.join(); print(p.exitcode)
    print(p.name)
    ev = mp.Event()
    p = mp.Process(target=ign); p.start(); ev.wait(); p.terminate(); p.join(); print(p.exitcode)
    p = mp.Process(target=daemonic, daemon=True); p.start(); p.join(); print(p.exitcode, p.daemon)
    v = mp.Value("i", 0); lock = mp.Lock()
    here = os.getcwd()
    ps = [mp.Process(target=bump, args=(v, lock, 100)) for _ in range(4)]
    [p.start() for p in ps]; [p.join() for p in ps]
    print(v.value, c.x, os.getcwd() == here, "ZZ" in os.environ)
    p = mp.Process(target=hang); p.start(); p.join(0.05); print(p.is_alive(), mp.active_children() == [p]); p.kill(); p.join(); print(mp.active_children())
    try: p.start()
    except AssertionError as e: print(e)
    p2 = mp.Process(target=hang)
    for f in (p2.join, p2.is_alive):
        try: print(f())
        except AssertionError as e: print(e)
    print(repr(p2)[:8])
    p.close()
    try: p.is_alive()
    except ValueError as e: print(e)
    try: mp.Process(target=hang).terminate()
    except AttributeError as e: print(e)
    a, b = mp.Pipe()
    a.send({"x": [1, 2]}); print(b.poll(), b.recv(), b.poll(0.01))
    b.close()
    try: a.send(1)
    except BrokenPipeError as e: print("bp", e.errno)
    try: a.recv()
    except (EOFError, ConnectionResetError) as e: print(type(e).__name__)
    r, w = mp.Pipe(False)
    try: r.send(1)
    except OSError as e: print(e)
    try: w.recv()
    except OSError as e: print(e)
    w.send_bytes(b"hello world", 3, 5); print(r.recv_bytes())
    w.send_bytes(b"0123456789"); buf = bytearray(4)
    try: r.recv_bytes_into(buf)
    except mp.BufferTooShort as e: print(e.args)
    w.send_bytes(b"x" * 10)
    try: r.recv_bytes(5)
    except OSError as e: print("OSError", e)
    from multiprocessing.connection import wait
    pairs = [mp.Pipe(False) for _ in range(3)]
    pairs[1][1].send("one")
    print([pairs.index(next(p for p in pairs if p[0] is c)) for c in wait([p[0] for p in pairs], 1)])
    try: mp.Queue().get(timeout=0.01)
    except Exception as e: print(type(e).__module__, type(e).__name__)
    q = mp.Queue(2); q.put(1); q.put(2)
    try: q.put(3, False)
    except Exception as e: print(type(e).__name__)
    arr = mp.Array("d", [1, 2, 3]); print(arr[:], len(arr), arr[1]); arr[0:2] = [9, 8]; print(list(arr))
    s = mp.Array("c", b"hello"); print(s.value, s.raw)
    bar = mp.Barrier(3)
    def b_(i): 
        r = bar.wait(); out.put(r)
    out = mp.SimpleQueue()
    ps = [mp.Process(target=b_, args=(i,)) for i in range(3)]; [p.start() for p in ps]; [p.join() for p in ps]
    print(sorted(out.get() for _ in ps), out.empty())
    cond = mp.Condition(); flag = mp.Value("b", 0)
    def waiter():
        with cond:
            cond.wait_for(lambda: flag.value); out.put("woken")
    p = mp.Process(target=waiter); p.start()
    with cond: flag.value = 1; cond.notify_all()
    print(out.get()); p.join()
    sem = mp.BoundedSemaphore(1)
    try: sem.release()
    except ValueError as e: print(e)
    print(mp.Lock(), mp.RLock(), mp.Semaphore(3), mp.Event().is_set())
