# verdict: holds
import threading

forks = [threading.Lock() for _ in range(4)]


def dine(i):
    first, second = sorted((i, (i + 1) % 4))
    with forks[first]:
        with forks[second]:
            pass


def eater(i):
    return lambda: dine(i)


ts = [threading.Thread(target=f) for f in [eater(0), eater(1), eater(2), eater(3)]]
for t in ts:
    t.start()
for t in ts:
    t.join()
