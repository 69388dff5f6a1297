# expect: seen
# verdict: fails
# failure: expect
# pct: never, as its clock stands while anybody can run
import threading

go = threading.Event()
seen = None


def wait():
    global seen
    seen = go.wait(0.5)


def tell():
    go.set()


ts = [threading.Thread(target=f) for f in [wait, tell]]
for t in ts:
    t.start()
for t in ts:
    t.join()
