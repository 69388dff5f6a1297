# a worker that dies with a task is reported to who waits for its result; CPython would wait for ever
import multiprocessing as mp
import os
import re


def die(x):
    if x == 2:
        os._exit(5)
    return x


def shoot(x):
    os.kill(os.getpid(), 9)


def broken():
    raise SystemExit(3)


def show(f, *a):
    try:
        print(f(*a))
    except Exception as e:
        print(type(e).__module__, type(e).__name__, re.sub(r'\d+ \(process \d+\)', 'N', str(e)))


if __name__ == '__main__':
    with mp.Pool(2) as p:
        for r in [p.apply_async(die, (i,)) for i in range(5)]:
            show(r.get, 20)
        show(p.map, die, range(6))
        show(p.apply, shoot, (1,))
        show(lambda: list(p.imap(die, range(5))))
        print(p.map(abs, [-1, -2]))
    p = mp.Pool(2, broken)
    show(p.map, abs, range(3))
    p.terminate()
    p.join()
