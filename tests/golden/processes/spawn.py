# spawn: a fresh interpreter that imports the main module as __mp_main__
import multiprocessing as mp
import os

print('module body:', __name__)
value = ['from the body']


def f(q, x, lock):
    with lock:
        q.put((__name__, x, value, mp.current_process().name, mp.get_start_method(), mp.parent_process().name, mp.parent_process().pid == os.getppid()))


def g(conn):
    conn.send('sent')
    conn.close()


class Job(mp.get_context('spawn').Process):
    def run(self):
        print('job', self.name)
        raise SystemExit(4)


if __name__ == '__main__':
    ctx = mp.get_context('spawn')
    value.append('changed by main')
    q, lock = ctx.Queue(), ctx.Lock()
    p = ctx.Process(target=f, args=(q, {'a': 1}, lock))
    p.start()
    print(q.get())
    p.join()
    print(p.exitcode)
    a, b = ctx.Pipe()
    p = ctx.Process(target=g, args=(b,))
    p.start()
    b.close()
    print(a.recv())
    try:
        a.recv()
    except EOFError:
        print('end')
    p.join()
    j = Job()
    j.start()
    j.join()
    print(j.exitcode)
    v, arr = ctx.Value('i', 3), ctx.Array('d', 2)
    with ctx.Pool(2) as pool:
        print(pool.map(abs, [-1, 2]))
        pool.close()
        pool.join()
    try:
        ctx.Process(target=lambda: 0).start()
    except Exception as e:
        print(type(e).__name__, str(e).split(' at 0x')[0])
    try:
        ctx.Process(target=f, args=(mp.Queue(), 1, mp.Lock())).start()
    except RuntimeError as e:
        print(e)
    print(mp.get_all_start_methods(), mp.get_start_method())
    try:
        mp.set_start_method('spawn')
    except RuntimeError as e:
        print(e)
    try:
        mp.get_context('nothing')
    except ValueError as e:
        print(e)
