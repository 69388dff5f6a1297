"""What passes between processes, and what it costs to have one: microseconds each, best of three."""
import multiprocessing as mp
import queue
import sys
import time


def best(f, n):
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        f(n)
        times.append(time.perf_counter() - begun)
    return min(times) / n * 1e6


def queue_put_get(n):
    q = queue.Queue()
    for i in range(n):
        q.put(i)
        q.get()


def mp_queue(n):
    q = mp.Queue()
    p = mp.Process(target=feed, args=(q.put, n))
    p.start()
    for _ in range(n):
        q.get()
    p.join()


def feed(put, n):
    for i in range(n):
        put(i)


def pipe(n):
    r, w = mp.Pipe(False)
    p = mp.Process(target=feed, args=(w.send, n))
    p.start()
    for _ in range(n):
        r.recv()
    p.join()


def echo(c, n):
    for _ in range(n):
        c.send(c.recv())


def pipe_round_trip(n):
    a, b = mp.Pipe()
    p = mp.Process(target=echo, args=(b, n))
    p.start()
    for i in range(n):
        a.send(i)
        a.recv()
    p.join()


def pipe_megabyte(n):
    r, w = mp.Pipe(False)
    p = mp.Process(target=feed_bytes, args=(w, n))
    p.start()
    for _ in range(n):
        r.recv_bytes()
    p.join()


def feed_bytes(w, n):
    data = bytes(1 << 20)
    for _ in range(n):
        w.send_bytes(data)


def pool_map(n):
    pool.map(abs, range(n), 1)


def pool_apply(n):
    for i in range(n):
        pool.apply(abs, (i,))


def start_join(n):
    for _ in range(n):
        p = mp.Process(target=abs, args=(1,))
        p.start()
        p.join()


def start_join_large(n):
    global heap
    heap = [[] for _ in range(100_000)]
    start_join(n)
    heap = None


PROGRAMS = [(queue_put_get, 100_000), (mp_queue, 20_000), (pipe, 30_000), (pipe_round_trip, 5_000), (pipe_megabyte, 200),
            (pool_map, 10_000), (pool_apply, 2_000), (start_join, 100), (start_join_large, 30)]

if __name__ == "__main__":
    heap = [[] for _ in range(10_000)]
    pool = mp.Pool(2)
    for f, n in PROGRAMS:
        if len(sys.argv) < 2 or sys.argv[1] in f.__name__:
            print(f"{f.__name__} {best(f, n):.3f}", flush=True)
    pool.terminate()
