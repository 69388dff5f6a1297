# verdict: fails
# failure: deadlock
import threading

go = threading.Event()
done = threading.Event()


def worker():
    go.wait()
    done.set()


def boss():
    go.set()
    go.clear()
    done.wait()


ts = [threading.Thread(target=f) for f in [worker, boss]]
for t in ts:
    t.start()
for t in ts:
    t.join()
