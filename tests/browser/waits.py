import queue
import threading
import time

q = queue.Queue(3)
ready = threading.Event()


def produce():
    ready.wait()
    for i in range(12):
        q.put(i)
        time.sleep(0.0002)
    q.put(None)


def consume():
    while (item := q.get()) is not None:
        sum(range(400))
        print("got", item)


def think():
    n = 0
    for i in range(6000):
        n += i
    ready.set()
    for i in range(12000):
        n += i


threads = [threading.Thread(target=f, name=f.__name__) for f in (produce, consume, think)]
for t in threads:
    t.start()
for t in threads:
    t.join()
