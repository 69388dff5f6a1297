# how processes end, and what their objects say
import multiprocessing as mp
import os
import signal
import sys
import time


def bad():
    raise ValueError('boom')


def leave(n):
    sys.exit(n)


def nap():
    time.sleep(100)


class Mine(mp.Process):
    def __init__(self, n):
        super().__init__(name='mine', daemon=True)
        self.n = n

    def run(self):
        print('run', self.n, mp.current_process().name, mp.current_process() is self, self.daemon, __name__)
        print(mp.parent_process().name, mp.parent_process().is_alive(), mp.active_children())
        try:
            mp.Process(target=nap).start()
        except AssertionError as e:
            print(e)


def shown(p):
    text = repr(p)
    for n in (p._popen.pid if p._popen else None, os.getpid()):
        text = text.replace(str(n), 'N')
    return text


def catching():
    signal.signal(signal.SIGTERM, lambda *a: sys.exit(9))
    ready.set()
    time.sleep(100)


def show(f, *a):
    try:
        print(f(*a))
    except (ValueError, AssertionError, AttributeError, TypeError) as e:
        print(type(e).__name__, e)


ready = mp.Event()

if __name__ == '__main__':
    print(mp.current_process().name, mp.parent_process(), mp.get_start_method(), mp.cpu_count() > 0)
    p = mp.Process(target=bad, kwargs={}, name='x')
    print(p.name, p.pid, p.exitcode, p.is_alive(), p.daemon, shown(p))
    show(p.join)
    show(lambda: p.sentinel)
    p.start()
    show(p.start)
    p.join()
    print(p.exitcode, shown(p))
    for c in (3, 'text', None, 0, 256 + 7):
        p = mp.Process(target=leave, args=(c,))
        p.start()
        p.join()
        print(p.exitcode & 0xFF)
    p = mp.Process(target=os._exit, args=(7,))
    p.start()
    p.join()
    print(p.exitcode)
    for end in ('terminate', 'kill'):
        p = mp.Process(target=nap)
        p.start()
        print(p.join(0.05), p.is_alive(), p.exitcode, len(mp.active_children()))
        show(p.close)
        getattr(p, end)()
        p.join()
        print(p.exitcode, shown(p), mp.active_children())
        p.close()
        show(p.is_alive)
        print(shown(p))
    p = mp.Process(target=catching)
    p.start()
    ready.wait()
    p.terminate()
    p.join(10)
    print(p.exitcode)
    m = Mine(5)
    m.start()
    m.join()
    print(m.exitcode, m.daemon)
    show(setattr, m, 'daemon', False)
    p = mp.Process(target=nap, daemon=True)
    p.start()
    from multiprocessing.connection import wait
    print(wait([p.sentinel], 0.01))
    os.kill(p.pid, signal.SIGINT)
    print(wait([p.sentinel]) == [p.sentinel])
    p.join()
    print(p.exitcode, p.is_alive())
    d = mp.Process(target=nap, daemon=True)
    d.start()
    print('main is over')
