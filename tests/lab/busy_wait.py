# expect: seen == 42
# verdict: holds
import threading

done = False
value = 0
seen = None


def producer():
    global done, value
    value = 42
    done = True


def consumer():
    global seen
    while not done:
        pass
    seen = value


ts = [threading.Thread(target=f) for f in [producer, consumer]]
for t in ts:
    t.start()
for t in ts:
    t.join()
