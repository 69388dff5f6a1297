# concurrent.futures.ProcessPoolExecutor
import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed, wait
from concurrent.futures.process import BrokenProcessPool


def sq(x):
    return x * x


def fail(x):
    raise ValueError(x)


def die():
    os._exit(3)


def init(v):
    global kept
    kept = v


def get(_):
    return kept


if __name__ == '__main__':
    with ProcessPoolExecutor(2) as ex:
        print(list(ex.map(sq, range(10))), list(ex.map(sq, range(10), chunksize=3)), list(ex.map(pow, [2, 3], [3, 2])))
        fs = [ex.submit(sq, i) for i in range(5)]
        print(sorted(f.result() for f in as_completed(fs)), wait(fs).not_done)
        f = ex.submit(fail, 7)
        print(repr(f.exception()), f.done(), type(f.exception().__cause__).__name__)
        try:
            list(ex.map(fail, [1]))
        except ValueError as e:
            print('ValueError', e)
        try:
            ex.submit(lambda: 1).result()
        except Exception as e:
            print(type(e).__name__, str(e).split(' at 0x')[0].split('<')[0])
        done = []
        g = ex.submit(sq, 4)
        g.add_done_callback(lambda f: done.append(f.result()))
        wait([g])
        time.sleep(0.01)
        print(done)
    try:
        ex.submit(sq, 1)
    except RuntimeError as e:
        print(e)
    with ProcessPoolExecutor(1, initializer=init, initargs=(5,)) as ex:
        print(list(ex.map(get, range(2))))
    ex = ProcessPoolExecutor(1)
    try:
        ex.submit(die).result()
    except BrokenProcessPool as e:
        print('broken:', e)
    try:
        ex.submit(sq, 1)
    except BrokenProcessPool as e:
        print('still:', e)
    ex.shutdown()
    for bad in (0, -1):
        try:
            ProcessPoolExecutor(bad)
        except ValueError as e:
            print(e)
