"""A bounded queue between a producer and three consumers; None tells a consumer to stop."""
import queue
import threading

q = queue.Queue(maxsize=5)
lock = threading.Lock()
eaten = []


def produce(n):
    for i in range(n):
        q.put(i)
    for _ in range(3):
        q.put(None)


def consume():
    while (item := q.get()) is not None:
        with lock:
            eaten.append(item)


threads = [threading.Thread(target=produce, args=(30,))] + [threading.Thread(target=consume) for _ in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(len(eaten), sorted(eaten) == list(range(30)))
