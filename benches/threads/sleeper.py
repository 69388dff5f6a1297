"""A thread that sleeps 1 ms beside a spinning one: prints by how many seconds it wakes late (mean)."""
import threading, time

stop = []

def spin():
    while not stop:
        pass

def sleeper():
    late = []
    for i in range(200):
        start = time.perf_counter()
        time.sleep(0.001)
        late.append(time.perf_counter() - start - 0.001)
    stop.append(1)
    print(sum(late) / len(late))

threads = [threading.Thread(target=f) for f in (spin, sleeper)]
for t in threads:
    t.start()
for t in threads:
    t.join()
