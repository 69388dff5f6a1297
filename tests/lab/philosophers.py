# verdict: fails
# failure: deadlock
# preemptions: 3
# kind: lock-order cycle
import threading

forks = [threading.Lock() for _ in range(4)]


def dine(i):
    with forks[i]:
        with forks[(i + 1) % 4]:
            pass


def eater(i):
    return lambda: dine(i)


ts = [threading.Thread(target=f) for f in [eater(0), eater(1), eater(2), eater(3)]]
for t in ts:
    t.start()
for t in ts:
    t.join()
