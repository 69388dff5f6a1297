# expect: seen == 1
# verdict: fails
# failure: expect
# preemptions: 1
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
    done = True
    value = 1


ts = [threading.Thread(target=f) for f in [wait, work]]
for t in ts:
    t.start()
for t in ts:
    t.join()
