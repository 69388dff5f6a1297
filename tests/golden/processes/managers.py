# managers and their proxies
import multiprocessing as mp
from multiprocessing.managers import BaseManager, SyncManager


def show(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__, str(e).splitlines()[:1])


def child(d, l, ns, lock, q, v, a, i):
    with lock:
        d[i] = i * i
        l.append(i)
        ns.total += i
        v.value += 1
        a[i] = i
        q.put(i)


class Counter:
    def __init__(self, n=0):
        self.n = n

    def inc(self, k=1):
        self.n += k
        return self.n

    def fail(self):
        raise LookupError('no such thing')

    def _hidden(self):
        return 1


class Mine(BaseManager):
    pass


Mine.register('Counter', Counter)
shared = Counter(100)
Mine.register('shared', callable=lambda: shared)

if __name__ == '__main__':
    with mp.Manager() as m:
        d, l, ns = m.dict(), m.list(), m.Namespace(total=0)
        lock, q, v, a = m.Lock(), m.Queue(), m.Value('i', 0), m.Array('i', [0] * 4)
        ps = [mp.Process(target=child, args=(d, l, ns, lock, q, v, a, i)) for i in range(4)]
        for p in ps:
            p.start()
        for p in ps:
            p.join()
        print(sorted(d.items()), sorted(l), ns.total, v.value, list(a), sorted(q.get() for _ in range(4)))
        print(sorted(d.keys()), len(d), 2 in d, d.get(9, 'none'), d.pop(3), d.copy() == {0: 0, 1: 1, 2: 4}, sorted(d))
        d.update({'x': 1}, y=2)
        del d['x']
        print(d.setdefault('z', 5), d['y'], type(d).__name__, str(ns))
        show(lambda: d['nothing'])
        l2 = m.list([1, 2, 3])
        l2.extend([5, 4])
        l2.sort()
        l2.reverse()
        print(l2, l2[1:3], l2[-1], l2.index(4), l2.count(2), l2 + [9], l2 * 2, 3 in l2, l2.pop(), l2.insert(0, 'i'), list(l2))
        l2 += [7]
        l2 *= 2
        print(l2, type(l2).__name__)
        show(l2.remove, 'absent')
        show(lambda: l2[99])
        # proxies within proxies
        outer = m.list()
        inner = m.dict()
        outer.append(inner)
        inner['k'] = m.list([1])
        outer[0]['k'].append(2)
        print(outer[0]['k'], str(inner['k']), len(outer))
        e, s, r, c = m.Event(), m.Semaphore(2), m.RLock(), m.Condition()
        print(e.is_set(), e.set(), e.wait(1), s.acquire(), s.acquire(), s.acquire(False), r.acquire(), r.acquire(), r.release())
        with c:
            print(c.wait(0.01), c.notify())
        b = m.BoundedSemaphore(1)
        show(b.release)
        bar = m.Barrier(1)
        print(bar.wait(), bar.parties, bar.n_waiting, bar.broken)
        jq = m.JoinableQueue(1)
        jq.put(1)
        print(jq.full(), jq.get(), jq.task_done(), jq.join(), jq.empty())
        show(jq.get, False)
        show(jq.task_done)
        with m.Pool(2) as pool:
            print(pool.map(abs, [-1, -2]))
        print(ns, hasattr(ns, 'other'))
        del ns.total
        show(lambda: ns.total)
    show(lambda: d['y'])
    mine = Mine()
    show(lambda: mine.Counter())
    mine.start()
    c1, c2, sh = mine.Counter(), mine.Counter(10), mine.shared()
    print(c1.inc(), c1.inc(5), c2.inc(), sh.inc(), mine.shared().inc(), shared.n)
    show(c1.fail)
    show(lambda: c1._hidden())
    show(lambda: c1.n)
    other = Mine(address=mine.address, authkey=mp.current_process().authkey)
    other.connect()
    print(other.shared().inc())
    mine.shutdown()
    show(c1.inc)
    print(issubclass(SyncManager, BaseManager), SyncManager._registry['dict'][3].__name__ if len(SyncManager._registry['dict']) > 3 else None)
