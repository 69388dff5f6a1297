# expect: sorted(out) == ["long", "short"]
# verdict: holds
import threading
import time

out = []


def short():
    time.sleep(0.1)
    out.append("short")


def long():
    time.sleep(0.2)
    time.sleep(0.1)
    out.append("long")


ts = [threading.Thread(target=f) for f in [short, long]]
for t in ts:
    t.start()
for t in ts:
    t.join()
