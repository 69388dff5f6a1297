import queue, threading

q = queue.Queue()
print(q.empty(), q.full(), q.qsize(), q.maxsize)
for i in range(5):
    q.put(i)
print(q.qsize(), [q.get() for _ in range(5)], q.empty())

def error(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__module__, type(e).__name__, e.args)

error(q.get, False)
error(q.get_nowait)
error(q.get, timeout=0.001)
error(q.get, timeout=-1)
error(q.get, True, 0)
q = queue.Queue(2)
q.put("a"); q.put_nowait("b")
print(q.full())
error(q.put, "c", False)
error(q.put_nowait, "c")
error(q.put, "c", timeout=0.001)
error(q.put, "c", timeout=-1)
error(q.put, "c", block=False, timeout=-1)
print(q.get(), q.get())
error(q.task_done)
error(q.task_done)
error(q.task_done)
print(q.unfinished_tasks, q.join())
print(queue.Queue(-3).full(), queue.Queue(0).full())
print(issubclass(queue.LifoQueue, queue.Queue), issubclass(queue.Empty, Exception), queue.Full.__mro__[1].__name__)
print(list(q.queue), type(q.queue).__name__, q.mutex.locked())
with q.mutex:
    q.queue.extend([7, 8])
print(q.get(), q.get())
