import multiprocessing as mp, os, time, pickle
from multiprocessing.pool import ThreadPool
from concurrent.futures import ProcessPoolExecutor, as_completed, ThreadPoolExecutor, wait
def sq(x): return x * x
def add(a, b): return a + b
def fail(x):
    if x == 3: raise KeyError("three")
    return x
def init(n):
    global base
    base = n
def based(x): return base + x
class E(Exception):
    def __init__(self, a, b): super().__init__(a, b); self.a = a
def raise_e(): raise E(1, 2)
def slow(x): time.sleep(0.05 * x); return x
if __name__ == "__main__":
    with mp.Pool(3) as pool:
        print(pool.map(sq, range(10)), pool.apply(add, (2, 3)))
        print(pool.starmap(add, [(1, 2), (3, 4)]), list(pool.imap(sq, range(5), 2)), sorted(pool.imap_unordered(sq, range(5))))
        r = pool.apply_async(sq, (7,)); print(r.get(5), r.ready(), r.successful())
        got = []
        r = pool.map_async(fail, range(5), callback=got.append, error_callback=lambda e: got.append(repr(e)))
        try: r.get(5)
        except KeyError as e: print("KeyError", e, type(e.__cause__).__name__)
        print(got, r.successful())
        r = pool.apply_async(slow, (20,))
        try: r.get(0.01)
        except mp.TimeoutError as e: print("timeout", type(e).__mro__[1].__name__)
        try: print(r.successful())
        except ValueError as e: print(str(e)[-10:])
        it = pool.imap(fail, range(5))
        out = []
        while True:
            try: out.append(next(it))
            except StopIteration: break
            except KeyError as e: out.append("!")
        print(out)
        try: pool.apply(raise_e)
        except E as e: print("E", e.args, e.a)
        try: pool.map(lambda x: x, [1])
        except (pickle.PicklingError, AttributeError) as e: print(type(e).__name__, str(e)[:30])
    try: pool.apply(sq, (1,))
    except ValueError as e: print(str(e)[-10:])
    with mp.Pool(2, initializer=init, initargs=(100,), maxtasksperchild=2) as pool:
        print(pool.map(based, range(6), chunksize=1))
        pool.close(); pool.join()
    with ThreadPool(4) as tp: print(tp.map(sq, range(6)))
    with ProcessPoolExecutor(2) as ex:
        fs = [ex.submit(sq, i) for i in range(4)]
        print([f.result() for f in fs], sorted(f.result() for f in as_completed(fs)))
        print(list(ex.map(add, [1, 2], [3, 4])))
        f = ex.submit(fail, 3); print(repr(f.exception()))
    with mp.Manager() as m:
        l = m.list([1, 2]); d = m.dict(a=1); n = m.Namespace(x=1); v = m.Value("i", 5); a = m.Array("i", [1, 2]); q = m.Queue(); lk = m.Lock(); ev = m.Event(); 
        l.append(3); d["b"] = l; n.y = 2; v.value += 1; q.put("z"); l.extend([7, 6]); l.sort(); l[0] = 99
        print(l, l[:2], len(l), d["b"][0], sorted(d.keys()), n, v.value, a[:], q.get(), q.empty(), repr(lk)[:10], ev.is_set(), type(l).__name__)
        try: d["zz"]
        except KeyError as e: print("KeyError", e)
        try: l.index(1000)
        except ValueError as e: print("ValueError", e)
        with lk: print("locked")
        def w(l, d): l.append(os.getpid() > 0); d["child"] = True
        p = mp.Process(target=w, args=(l, d)); p.start(); p.join(); print(l[-1], d["child"])
        nested = m.list([m.dict(k=1), m.list([5])]); nested[0]["k"] = 2; print(nested[0]["k"], nested[1][0], [x for x in l][:2])
        print(d.copy()["a"], d.get("q", 5), d.setdefault("s", 1), d.pop("s"), "a" in d, len(d))
