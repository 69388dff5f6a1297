# expect: seen == 42
# verdict: fails
# failure: expect
# preemptions: 1
import threading
import time

done = False
value = 0
seen = None


def producer():
    global done, value
    done = True
    value = 42


def consumer():
    global seen
    while not done:
        time.sleep(0.01)
    seen = value


ts = [threading.Thread(target=f) for f in [producer, consumer]]
for t in ts:
    t.start()
for t in ts:
    t.join()
