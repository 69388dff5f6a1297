# Pool: every way to give it work, and every way in which work fails
import multiprocessing as mp
import os
import sys
import time
from multiprocessing.pool import ThreadPool


def sq(x):
    return x * x


def err(x):
    if x == 3:
        raise KeyError('three')
    return x


def add(a, b=0):
    return a + b


def unpicklable(x):
    return lambda: x


kept = None


def init(v):
    global kept
    kept = v


def get_kept(_):
    return kept


def pid(_):
    time.sleep(0.01)
    return os.getpid()


class Big:
    def __reduce__(self):
        raise RuntimeError('no pickle')


def show(f, *a, **k):
    try:
        r = f(*a, **k)
    except BaseException as e:
        print(type(e).__name__, str(e).split(' at 0x')[0], type(e.__cause__).__name__)
        return
    print(r)


def gen():
    yield 1
    yield 2
    raise OSError('gen')


def main():
    with mp.Pool(3) as p:
        print(p.map(sq, range(20)), p.map(sq, []), p.map(sq, range(7), chunksize=3))
        print(list(p.imap(sq, range(10))), list(p.imap(sq, range(10), 4)), sorted(p.imap_unordered(sq, range(10), 3)))
        print(p.starmap(add, [(1, 2), (3, 4)]), p.starmap_async(add, [(5,)]).get())
        show(p.map, err, range(5))
        show(p.apply, err, (3,))
        show(list, p.imap(err, range(5)))
        it = p.imap(err, range(5))
        print(next(it), next(it), next(it))
        show(next, it)
        print(next(it))
        show(next, it)
        done, failed = [], []
        r = p.apply_async(sq, (5,), callback=done.append)
        r.wait()
        print(r.get(), r.ready(), r.successful(), done)
        r = p.apply_async(err, (3,), error_callback=failed.append)
        r.wait()
        print(r.successful(), failed)
        show(r.get)
        r = p.apply_async(time.sleep, (5,))
        show(r.get, 0.01)
        show(r.successful)
        show(p.apply, unpicklable, (1,))
        show(p.apply, sq, (Big(),))
        show(p.imap, sq, [1], 0)
        show(p.apply, lambda: 1)
        print(repr(p))
    show(p.apply, sq, (1,))
    p.join()
    p = mp.Pool(2, init, ('hello',))
    print(p.map(get_kept, range(3)))
    p.close()
    show(p.map, sq, [1])
    p.join()
    p = mp.Pool(1, maxtasksperchild=2)
    a = p.map(pid, range(6), 1)
    print(len(set(a)), [a.count(x) for x in dict.fromkeys(a)])
    p.close()
    p.join()
    show(mp.Pool, 0)
    show(mp.Pool, 1, 5)
    show(mp.Pool, 1, None, (), 0)
    p = mp.Pool(2)
    show(p.join)
    p.terminate()
    p.join()
    show(p.__reduce__)
    with ThreadPool(4) as t:
        print(t.map(sq, range(10)), t.apply(add, (1,), {'b': 5}), sorted(t.imap_unordered(sq, range(5))))
        show(t.map, err, range(5))
    with mp.Pool(2) as p:
        show(list, p.imap(sq, gen()))
        show(p.map, sq, gen())
        m = p.map_async(sq, range(10), callback=lambda r: print('callback', r))
        m.get(5)
    sys.stdout.flush()


if __name__ == '__main__':
    main()
