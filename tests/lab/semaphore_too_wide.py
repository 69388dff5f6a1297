# expect: most <= 1
# verdict: fails
# failure: expect
import threading

sem = threading.Semaphore(2)
lock = threading.Lock()
inside = 0
most = 0


def work():
    global inside, most
    with sem:
        with lock:
            inside += 1
            most = max(most, inside)
        with lock:
            inside -= 1


ts = [threading.Thread(target=f) for f in [work, work, work, work]]
for t in ts:
    t.start()
for t in ts:
    t.join()
