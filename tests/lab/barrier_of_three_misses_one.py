# verdict: fails
# failure: deadlock
import threading

barrier = threading.Barrier(3)
skip = False


def work():
    if not skip:
        barrier.wait()


def spoil():
    global skip
    skip = True


ts = [threading.Thread(target=f) for f in [work, work, work, spoil]]
for t in ts:
    t.start()
for t in ts:
    t.join()
