# expect: seen == 1
# verdict: holds
import threading
import time

done = False
value = 0
seen = None


def wait():
    global seen
    while not done:
        time.sleep(0.01)
    seen = value


def work():
    global done, value
    value = 1
    done = True


ts = [threading.Thread(target=f) for f in [wait, work]]
for t in ts:
    t.start()
for t in ts:
    t.join()
