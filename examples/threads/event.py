"""Runners wait at a gate until somebody opens it."""
import threading

gate = threading.Event()
lock = threading.Lock()
started = []


def runner(n):
    gate.wait()
    with lock:
        started.append(n)


runners = [threading.Thread(target=runner, args=(n,)) for n in range(5)]
for r in runners:
    r.start()
print("before the gate opens:", started)
gate.set()
for r in runners:
    r.join()
print("after:", sorted(started))
