# a child has a clone of everything, and from then on its own
import multiprocessing as mp
import os
import threading

shared = {'list': [1, 2], 'fn': lambda x: x + 1}


class Node:
    count = 0

    def __init__(self):
        Node.count += 1
        self.me = self


node = Node()
lock = threading.Lock()
gen = (i for i in range(5))
next(gen)
os.environ['GILBERT_TEST'] = 'parent'
local = threading.local()
local.x = 1


def child(conn, fn):
    shared['list'].append(3)
    shared['new'] = True
    Node.count = 99
    node.me.extra = 1
    os.environ['GILBERT_TEST'] = 'child'
    os.chdir('/')
    lock.acquire(False)
    conn.send((shared['fn'](1), fn(10), list(gen), node.me is node, sorted(shared), local.x, threading.active_count(),
               threading.current_thread().name, __name__, os.getcwd(), os.environ['GILBERT_TEST']))
    conn.close()


def nested(conn, depth):
    if depth:
        a, b = mp.Pipe()
        p = mp.Process(target=nested, args=(b, depth - 1))
        p.start()
        conn.send([depth] + a.recv())
        p.join()
    else:
        conn.send([0])


if __name__ == '__main__':
    here = os.getcwd()
    base = 5
    a, b = mp.Pipe()
    # a sleeping thread is not cloned
    stop = threading.Event()
    t = threading.Thread(target=stop.wait)
    t.start()
    p = mp.Process(target=child, args=(b, lambda x: x * base))
    p.start()
    print(a.recv())
    p.join()
    stop.set()
    t.join()
    print(shared['list'], sorted(shared), Node.count, hasattr(node, 'extra'), os.environ['GILBERT_TEST'], os.getcwd() == here, lock.locked())
    print(list(gen))
    p = mp.Process(target=nested, args=(b, 3))
    p.start()
    print(a.recv())
    p.join()
    print(p.exitcode, p.name)
    # open files: the same position, closed by each for itself
    r, w = os.pipe()

    def talk():
        os.close(r)
        os.write(w, b'from the child')
    p = mp.Process(target=talk)
    p.start()
    os.close(w)
    print(os.read(r, 100), os.read(r, 100))
    p.join()
