"""Two CPU-bound threads against the same work in sequence: prints the ratio of their times."""
import threading, time

N = 3_000_000

def work():
    x = 0
    for i in range(N):
        x += i & 7

def sequence():
    work()
    work()

def together():
    threads = [threading.Thread(target=work) for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()

def seconds(f):
    start = time.perf_counter()
    f()
    return time.perf_counter() - start

work()
ratios = sorted(seconds(together) / seconds(sequence) for _ in range(5))
print(ratios[2])
