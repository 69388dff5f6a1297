# queue.ShutDown, and the hooks and attributes that subclasses use
import queue
import threading


def show(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__, e)


q = queue.Queue(2)
q.put(1)
q.put(2)
waiting = threading.Event()
said = []


def put_more():
    waiting.set()
    try:
        q.put(3)
    except queue.ShutDown as e:
        said.append(type(e).__name__)


t = threading.Thread(target=put_more)
t.start()
waiting.wait()
q.shutdown()
t.join()
print(said, q.is_shutdown, q.qsize())
show(q.put, 4)
print(q.get(), q.get())
show(q.get)
show(q.get_nowait)
q.task_done()
q.task_done()
q.join()
show(q.task_done)
q = queue.LifoQueue()
for i in range(3):
    q.put(i)
q.shutdown(immediate=True)
print(q.qsize(), q.unfinished_tasks)
show(q.get)
q.join()


class Mine(queue.Queue):
    def _init(self, maxsize):
        print('init', maxsize)
        self.queue = {}

    def _qsize(self):
        return len(self.queue)

    def _put(self, item):
        self.queue[item] = None

    def _get(self):
        return self.queue.popitem()[0]


m = Mine(3)
m.put('a')
m.put('a')
m.put('b')
print(m.qsize(), m.full(), m.unfinished_tasks, m.get(), m.get(), m.empty(), m.maxsize)
show(m.get, True, -1)
show(m.get, timeout=0.01)
with m.mutex:
    print(m.mutex.locked(), m.not_empty._is_owned(), type(m.all_tasks_done).__name__)
for cls in (queue.Queue, queue.LifoQueue, queue.PriorityQueue):
    q = cls(-1)
    for i in (3, 1, 2):
        q.put(i)
    print(cls.__name__, list(q.queue), [q.get() for _ in range(3)])
s = queue.SimpleQueue()
s.put(1, block=False, timeout=-5)
print(s.get(), s.empty(), s.qsize())
show(s.get_nowait)
show(s.get, timeout=-1)
print(issubclass(queue.ShutDown, Exception), queue.Empty.__module__, queue.Full.__module__)
