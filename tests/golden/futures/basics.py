"""concurrent.futures.ThreadPoolExecutor."""
import threading
import time
from concurrent.futures import (ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION, BrokenExecutor, CancelledError, Future,
                                ThreadPoolExecutor, as_completed, wait)
from concurrent import futures

ex = ThreadPoolExecutor(max_workers=2, thread_name_prefix="pool")
f = ex.submit(pow, 2, 10)
print(f.result(), f.done(), f.running(), f.cancelled(), f.exception())
g = ex.submit(lambda: 1 / 0)
print(repr(g.exception()))
try:
    g.result()
except ZeroDivisionError as e:
    print("raised", e)
print(list(ex.map(lambda a, b: a * b, [1, 2, 3], [4, 5, 6])))
try:
    for v in ex.map(lambda x: 10 // x, [5, 0, 1]):
        print(v)
except ZeroDivisionError as e:
    print("in map", e)
names = set(ex.map(lambda _: threading.current_thread().name, range(4)))
print(names <= {"pool_0", "pool_1"})
gate = threading.Event()
first, second = ex.submit(gate.wait), ex.submit(gate.wait)
queued = [ex.submit(str, i) for i in range(3)]
print(queued[0].cancel(), queued[0].cancelled(), queued[0].cancel(), queued[1].done())
try:
    queued[0].result()
except CancelledError as e:
    print("cancelled", type(e).__mro__[1].__name__)
try:
    queued[1].result(timeout=0.01)
except TimeoutError as e:
    print("timeout", futures.TimeoutError is TimeoutError)
done, not_done = wait([first, queued[1]], timeout=0.01)
print(len(done), len(not_done))
called = []
queued[2].add_done_callback(lambda fut: called.append(fut.result()))
gate.set()
done, not_done = wait([first, second, queued[1], queued[2]])
print(len(done), len(not_done), queued[1].result())
time.sleep(0.01)
queued[2].add_done_callback(lambda fut: called.append("late"))
print(called)
r = wait([ex.submit(time.sleep, 0.001), ex.submit(time.sleep, 5 if False else 0.05)], return_when=FIRST_COMPLETED)
print(type(r).__name__, r._fields, len(r.done) >= 1)
r = wait([ex.submit(int, "x"), ex.submit(time.sleep, 0.02)], return_when=FIRST_EXCEPTION)
print(len(r.done) >= 1)
results = [f.result() for f in as_completed([ex.submit(lambda d: (time.sleep(d), d)[1], d) for d in (0.06, 0.01)])]
print(results)
try:
    for f in as_completed([ex.submit(time.sleep, 0.05)], timeout=0.005):
        pass
except TimeoutError as e:
    print(e)
ex.shutdown()
try:
    ex.submit(print)
except RuntimeError as e:
    print(e)
with ThreadPoolExecutor() as e2:
    total = sum(e2.map(lambda x: x * x, range(50)))
print(total)
for bad in [lambda: ThreadPoolExecutor(0), lambda: ThreadPoolExecutor(2, initializer=3)]:
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)
local = threading.local()


def init(v):
    local.v = v


with ThreadPoolExecutor(1, initializer=init, initargs=(7,)) as e3:
    print(e3.submit(lambda: local.v).result())


def bad_init():
    raise ValueError("init failed")


import logging
logging.disable(logging.CRITICAL)
e4 = ThreadPoolExecutor(1, initializer=bad_init)
try:
    e4.submit(print).result()
except BrokenExecutor as e:
    print(type(e).__name__, e)
try:
    e4.submit(print)
except BrokenExecutor as e:
    print(e)
logging.disable(logging.NOTSET)
e5 = ThreadPoolExecutor(1)
hold = threading.Event()
busy = e5.submit(hold.wait)
waiting = [e5.submit(print, "never") for _ in range(3)]
while not busy.running():
    time.sleep(0.001)
e5.shutdown(wait=False, cancel_futures=True)
print([w.cancelled() for w in waiting])
hold.set()
e5.shutdown()
print(busy.result())
fut = Future()
print(fut.set_running_or_notify_cancel(), fut.running())
fut.set_result(5)
print(fut.result(), str(fut)[-29:])
try:
    fut.set_result(6)
except futures.InvalidStateError as e:
    print(str(e).split(":")[0])
fut = Future()
print(fut.cancel(), fut.set_running_or_notify_cancel())
fut = Future()
fut.set_exception(KeyError("k"))
try:
    fut.result()
except KeyError as e:
    print(repr(e), e.__traceback__ is not None)
fut = Future()
fut.add_done_callback(lambda f: print("callback", f.cancelled()))
fut.cancel()


class Boom(BaseException): pass


def boom(): raise Boom("base")


with ThreadPoolExecutor(1) as e6:
    f = e6.submit(boom)
    print(repr(f.exception()))
    nested = e6.submit(lambda: [1])
    print(nested.result())
print(threading.active_count())
print(ALL_COMPLETED, FIRST_COMPLETED, issubclass(BrokenExecutor, RuntimeError))
lock = threading.Lock()
n = 0


def add(k):
    global n
    for _ in range(k):
        with lock:
            n += 1


with ThreadPoolExecutor(4) as e7:
    wait([e7.submit(add, 200) for _ in range(8)])
print(n)
