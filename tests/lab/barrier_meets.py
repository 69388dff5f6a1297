# expect: seen == [2, 2]
# verdict: holds
import threading

barrier = threading.Barrier(2)
lock = threading.Lock()
arrived = 0
seen = []


def work():
    global arrived
    with lock:
        arrived += 1
    barrier.wait()
    seen.append(arrived)


ts = [threading.Thread(target=f) for f in [work, work]]
for t in ts:
    t.start()
for t in ts:
    t.join()
