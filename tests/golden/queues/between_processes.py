# multiprocessing's queues
import multiprocessing as mp
import queue
import sys
import time


def show(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__, str(e).split(' at 0x')[0])


def produce(q, who, n):
    for i in range(n):
        q.put((who, i))


def consume(q, out):
    got = []
    while (x := q.get()) is not None:
        got.append(x)
    out.put(got)


def work(q):
    while True:
        x = q.get()
        time.sleep(0.001)
        q.task_done()
        if x is None:
            return


class Loud:
    def __reduce__(self):
        raise RuntimeError('not me')


if __name__ == '__main__':
    q, out = mp.Queue(5), mp.Queue()
    ps = [mp.Process(target=produce, args=(q, k, 30)) for k in 'abc']
    cs = [mp.Process(target=consume, args=(q, out)) for _ in range(2)]
    for p in ps + cs:
        p.start()
    for p in ps:
        p.join()
    for _ in cs:
        q.put(None)
    got = [out.get() for _ in cs]
    for part in got:
        for k in 'abc':
            mine = [i for w, i in part if w == k]
            assert mine == sorted(mine)
    print(sorted(x for part in got for x in part) == [(k, i) for k in 'abc' for i in range(30)])
    for p in cs:
        p.join()
    q = mp.Queue(2)
    q.put(1)
    q.put(2)
    print(q.qsize(), q.full(), end=' ')
    show(q.put, 3, False)
    show(q.put, 3, True, 0.01)
    show(q.put_nowait, 3)
    print(q.get(), q.get(timeout=1), q.qsize(), q.full(), q.empty())
    show(q.get, False)
    show(q.get, True, 0.01)
    show(q.get_nowait)
    # what cannot be pickled is reported and takes no place
    q.put(Loud())
    q.put(5)
    print(q.get())
    sys.stderr.flush()
    q.close()
    show(q.put, 1)
    show(q.get)
    q.join_thread()
    show(mp.Queue().join_thread)
    # more than a pipe holds: put returns at once
    q = mp.Queue()
    for i in range(5):
        q.put(bytes(50_000))
    print(sum(len(q.get()) for _ in range(5)))
    q = mp.Queue()
    q.put('x' * 200_000)
    q.cancel_join_thread()
    j = mp.JoinableQueue()
    w = mp.Process(target=work, args=(j,))
    w.start()
    for i in range(5):
        j.put(i)
    j.put(None)
    j.join()
    w.join()
    show(j.task_done)
    j.put(1)
    print(j.get())
    j.task_done()
    j.join()
    s = mp.SimpleQueue()
    s.put([1])
    print(s.empty(), s.get(), s.empty())
    s.close()
    show(s.get)
    print(mp.Queue[int].__origin__ if isinstance(mp.Queue, type) else 'method', issubclass(queue.Empty, Exception))
