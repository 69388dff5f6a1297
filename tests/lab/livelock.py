# verdict: fails
# failure: livelock
import threading

stop = False
other = False


def spinner():
    while not stop:
        pass


def setter():
    global other
    other = True


ts = [threading.Thread(target=f) for f in [spinner, setter]]
for t in ts:
    t.start()
for t in ts:
    t.join()
