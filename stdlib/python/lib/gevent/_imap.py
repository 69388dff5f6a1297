"""The iterators of Pool.imap and Pool.imap_unordered."""

from gevent.greenlet import Greenlet
from gevent.lock import Semaphore
from gevent.queue import SimpleQueue


class _Failure:
    __slots__ = ("exception",)

    def __init__(self, exception):
        self.exception = exception


class IMapUnordered(Greenlet):
    """A greenlet that spawns a task for each item, and an iterator over the results as they come."""

    def __init__(self, func, iterable, spawn, maxsize=None):
        Greenlet.__init__(self)
        self.func, self.iterable = func, iterable
        self.spawn = spawn
        self._results = SimpleQueue()
        self._room = Semaphore(maxsize) if maxsize else None
        self._tasks_begun = 0
        self._tasks_ended = 0
        self._all_begun = False
        self._told_end = False

    @classmethod
    def spawn(cls, func, iterable, spawn, maxsize=None):
        g = cls(func, iterable, spawn, maxsize)
        g.start()
        return g

    def __iter__(self):
        return self

    def __next__(self):
        value = self._next()
        if isinstance(value, _Failure):
            raise value.exception
        return value

    next = __next__

    def _next(self):
        if self._told_end:
            raise StopIteration
        value = self._results.get()
        if self._room is not None:
            self._room.release()
        if value is StopIteration:
            self._told_end = True
            raise StopIteration
        return value

    def _run(self):
        try:
            for item in self.iterable:
                if self._room is not None:
                    self._room.acquire()
                number = self._tasks_begun
                self._tasks_begun += 1
                g = self.__dict__["spawn"](self.func, *item)
                g.rawlink(lambda g, number=number: self._take(number, g))
        except BaseException as e:
            self._put(self._tasks_begun, _Failure(e))
        self._all_begun = True
        if self._tasks_ended == self._tasks_begun:
            self._finish()

    def _take(self, number, g):
        self._tasks_ended += 1
        self._put(number, g.value if g.successful() else _Failure(g.exception))
        if self._all_begun and self._tasks_ended == self._tasks_begun:
            self._finish()

    def _put(self, number, value):
        self._results.put(value)

    def _finish(self):
        self._results.put(StopIteration)


class IMap(IMapUnordered):
    """The same in the items' order."""

    def __init__(self, func, iterable, spawn, maxsize=None):
        super().__init__(func, iterable, spawn, maxsize)
        self._waiting = {}
        self._due = 0

    def _put(self, number, value):
        self._waiting[number] = value
        while self._due in self._waiting:
            self._results.put(self._waiting.pop(self._due))
            self._due += 1

    def _finish(self):
        for number in sorted(self._waiting):
            self._results.put(self._waiting.pop(number))
        super()._finish()
