# verdict: fails
# failure: exception
import threading

cond = threading.Condition()
items = []


def take():
    with cond:
        if not items:
            cond.wait()
        items.pop()


def put():
    with cond:
        items.append(1)
        cond.notify_all()



def put_late():
    with cond:
        items.append(2)


ts = [threading.Thread(target=f) for f in [take, take, put, put_late]]
for t in ts:
    t.start()
for t in ts:
    t.join()
