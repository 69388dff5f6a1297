# locks and their kin across processes
import multiprocessing as mp
import os
import threading
import time


def show(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__, e)


def count(lock, v, n):
    for _ in range(n):
        with lock:
            x = v.value
            v.value = x + 1


def try_lock(lock, out):
    out.put((lock.acquire(False), lock.acquire(timeout=0.01), repr(lock)))


def holder(lock, got):
    lock.acquire()
    got.set()
    os._exit(0)


def release_other(lock, out):
    try:
        lock.release()
        out.put('released')
    except Exception as e:
        out.put((type(e).__name__, str(e)))


def waiter(cond, ready, out):
    with cond:
        ready.release()
        out.put(cond.wait(10))


def at_barrier(b, out):
    out.put(b.wait())


def wait_event(e, out):
    out.put(e.wait(10))


if __name__ == '__main__':
    out = mp.Queue()
    lock, v = mp.Lock(), mp.Value('i', 0)
    ps = [mp.Process(target=count, args=(lock, v, 50)) for _ in range(4)]
    for p in ps:
        p.start()
    for p in ps:
        p.join()
    print(v.value, lock)
    with lock:
        p = mp.Process(target=try_lock, args=(lock, out))
        p.start()
        print(out.get())
        p.join()
        print(lock, lock.acquire(False))
    show(lock.release)
    r = mp.RLock()
    show(r.release)
    with r, r:
        print(r)
        p = mp.Process(target=try_lock, args=(r, out))
        p.start()
        print(out.get())
        p.join()
        t = threading.Thread(target=lambda: print(r, r.acquire(False)))
        t.start()
        t.join()
    print(r)
    s = mp.Semaphore(2)
    print(s, s.acquire(), s.acquire(), s.acquire(False), s.get_value())
    s.release()
    s.release()
    s.release()
    print(s)
    b = mp.BoundedSemaphore(1)
    print(b)
    show(b.release)
    lock.acquire()
    p = mp.Process(target=release_other, args=(lock, out))
    p.start()
    print(out.get(), lock.acquire(timeout=5))
    p.join()
    lock.release()
    r.acquire()
    p = mp.Process(target=release_other, args=(r, out))
    p.start()
    print(out.get())
    p.join()
    r.release()
    # who dies with a lock leaves it locked
    got, dead = mp.Event(), mp.Lock()
    p = mp.Process(target=holder, args=(dead, got))
    p.start()
    got.wait()
    p.join()
    print(dead.acquire(timeout=0.05), dead)
    cond, ready = mp.Condition(), mp.Semaphore(0)
    ps = [mp.Process(target=waiter, args=(cond, ready, out)) for _ in range(3)]
    for p in ps:
        p.start()
    for p in ps:
        ready.acquire()
    with cond:
        cond.notify()
    print(out.get())
    with cond:
        cond.notify_all()
    print(out.get(), out.get())
    for p in ps:
        p.join()
    with cond:
        print(cond.wait(0.01), cond.wait_for(lambda: True), cond.wait_for(lambda: False, 0.01))
    show(cond.wait)
    show(cond.notify)
    e = mp.Event()
    ps = [mp.Process(target=wait_event, args=(e, out)) for _ in range(3)]
    for p in ps:
        p.start()
    print(e.is_set(), e.wait(0.01))
    e.set()
    print([out.get() for p in ps], e.wait(), e.is_set())
    e.clear()
    print(e.is_set())
    bar = mp.Barrier(3)
    ps = [mp.Process(target=at_barrier, args=(bar, out)) for _ in range(2)]
    for p in ps:
        p.start()
    mine = bar.wait()
    print(sorted([mine, out.get(), out.get()]), bar.parties, bar.n_waiting, bar.broken)
    for p in ps:
        p.join()
    bar.abort()
    show(bar.wait)
    bar.reset()
    show(bar.wait, 0.01)
    import pickle
    for x in (lock, s, cond, e, out, v):
        show(pickle.dumps, x)
    print(lock._semlock.kind, r._semlock.kind, s._semlock.maxvalue, lock._semlock.name, lock._semlock._count(), lock._semlock._is_mine())
