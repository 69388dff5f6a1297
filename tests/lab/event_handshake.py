# verdict: holds
import threading

go = threading.Event()
done = threading.Event()


def worker():
    go.wait()
    done.set()


def boss():
    go.set()
    done.wait()
    go.clear()


ts = [threading.Thread(target=f) for f in [worker, boss]]
for t in ts:
    t.start()
for t in ts:
    t.join()
