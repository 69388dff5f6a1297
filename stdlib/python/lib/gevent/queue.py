"""Queues for greenlets, with the names of the standard `queue` module."""

import heapq
import sys
from collections import deque
from queue import Empty, Full
try:
    from queue import ShutDown
except ImportError:
    class ShutDown(Exception):
        """The queue has been shut down."""

from greenlet import getcurrent
from gevent._hub_local import get_hub
from gevent.event import Event
from gevent.hub import Waiter
from gevent.timeout import Timeout

__all__ = ["Queue", "PriorityQueue", "LifoQueue", "SimpleQueue", "JoinableQueue", "Channel", "Empty", "Full", "ShutDown"]


class _Putter(Waiter):
    """A greenlet that waits for room, and what it brings."""

    __slots__ = ("item",)

    def __init__(self, item, hub):
        super().__init__(hub)
        self.item = item


class SimpleQueue:
    """A queue without bounds (or with, by `maxsize`), first in, first out."""

    def __init__(self, maxsize=None, items=(), unfinished_tasks=None):
        if maxsize is not None and maxsize <= 0:
            if maxsize == 0:
                import warnings

                warnings.warn("Queue(0) now equivalent to Queue(None); if you want a channel, use Channel", DeprecationWarning, stacklevel=2 if type(self) is SimpleQueue else 3)
            maxsize = None
        self._maxsize = maxsize
        self.getters = deque()
        self.putters = deque()
        self._event = None
        self.is_shutdown = False
        self._init(maxsize)
        self._fill(items)

    # --- how items are kept: subclasses say it

    def _init(self, maxsize):
        self.queue = deque()

    def _fill(self, items):
        self.queue.extend(items)

    def _get(self):
        return self.queue.popleft()

    def _peek(self):
        return self.queue[0]

    def _put(self, item):
        self.queue.append(item)

    # --- telling

    @property
    def maxsize(self):
        return self._maxsize

    @maxsize.setter
    def maxsize(self, value):
        self._maxsize = value if value and value > 0 else None

    def copy(self):
        return type(self)(self.maxsize, self.queue)

    def _format(self):
        parts = []
        if self.maxsize is not None:
            parts.append(f"maxsize={self.maxsize!r}")
        if self.queue:
            parts.append(f"queue={self.queue!r}")
        if self.getters:
            parts.append(f"getters[{len(self.getters)}]")
        if self.putters:
            parts.append(f"putters[{len(self.putters)}]")
        return " ".join(parts)

    def __repr__(self):
        info = self._format()
        return f"<{type(self).__name__} at {id(self):#x}{' ' if info else ''}{info}>"

    def __str__(self):
        info = self._format()
        return f"<{type(self).__name__}{' ' if info else ''}{info}>"

    def qsize(self):
        return len(self.queue)

    __len__ = qsize

    def __bool__(self):
        return True

    def empty(self):
        return not self.qsize()

    def full(self):
        return self._maxsize is not None and self.qsize() >= self._maxsize

    # --- putting and getting

    def put(self, item, block=True, timeout=None):
        """Puts an item; where the queue is full, waits for room, or raises Full."""
        if self.is_shutdown:
            raise ShutDown
        if self._maxsize is None or self.qsize() < self._maxsize:
            self._put(item)
            if self.getters:
                self._unlock_soon()
            return
        hub = get_hub()
        if getcurrent() is hub:
            # the hub cannot wait: whoever can make room must do it now
            while self.getters and self.qsize() >= self._maxsize:
                getter = self.getters.popleft()
                getter.switch(getter)
            if self.qsize() < self._maxsize:
                self._put(item)
                return
            raise Full
        if not block:
            raise Full
        waiter = _Putter(item, hub)
        timer = Timeout._start_new_or_dummy(timeout, Full)
        try:
            self.putters.append(waiter)
            if self.getters:
                self._unlock_soon()
            waiter.get()
        finally:
            timer.cancel()
            if waiter in self.putters:
                self.putters.remove(waiter)
        if self.is_shutdown and waiter.item is not None and waiter.value is None:
            raise ShutDown

    def put_nowait(self, item):
        self.put(item, False)

    def get(self, block=True, timeout=None):
        """Takes an item; where there is none, waits for one, or raises Empty."""
        return self._take(self._get, block, timeout)

    def get_nowait(self):
        return self.get(False)

    def peek(self, block=True, timeout=None):
        """The next item, which stays."""
        return self._take(self._peek, block, timeout)

    def peek_nowait(self):
        return self.peek(False)

    def _take(self, method, block, timeout):
        if self.qsize():
            if self.putters:
                self._unlock_soon()
            return method()
        if self.is_shutdown:
            raise ShutDown
        hub = get_hub()
        if getcurrent() is hub:
            while self.putters:
                putter = self.putters.popleft()
                self._put(putter.item)
                putter.switch(putter)
                if self.qsize():
                    return method()
            raise Empty
        if not block:
            raise Empty
        timer = Timeout._start_new_or_dummy(timeout, Empty)
        try:
            waiter = Waiter(hub)
            self.getters.append(waiter)
            try:
                if self.putters:
                    self._unlock_soon()
                waiter.get()
            finally:
                if waiter in self.getters:
                    self.getters.remove(waiter)
        finally:
            timer.cancel()
        if self.is_shutdown and not self.qsize():
            raise ShutDown
        return method()

    def _unlock_soon(self):
        if self._event is None:
            self._event = get_hub().loop.run_callback(self._unlock)

    def _unlock(self):
        """In the hub: matches those who wait with items and room."""
        self._event = None
        while True:
            moved = False
            if self.putters and (self._maxsize is None or self.qsize() < self._maxsize):
                moved = True
                putter = self.putters.popleft()
                try:
                    self._put(putter.item)
                except BaseException:
                    putter.throw(*sys.exc_info())
                else:
                    putter.switch(putter)
            if self.getters and self.qsize():
                moved = True
                getter = self.getters.popleft()
                getter.switch(getter)
            if not moved:
                return

    def shutdown(self, immediate=False):
        """No more puts; gets end with the last item, or at once."""
        self.is_shutdown = True
        if immediate:
            while self.qsize():
                self._drop_one()
        loop = get_hub().loop
        for waiter in [*self.getters, *self.putters]:
            loop.run_callback(waiter.throw, ShutDown())
        self.getters.clear()
        self.putters.clear()

    def _drop_one(self):
        self._get()

    def __iter__(self):
        return self

    def __next__(self):
        item = self.get()
        if item is StopIteration:
            raise item
        return item


class Queue(SimpleQueue):
    """A queue that counts its tasks: join() waits until task_done() was called for every item."""

    def __init__(self, maxsize=None, items=(), unfinished_tasks=None):
        self._cond = Event()
        self._cond.set()
        self.unfinished_tasks = 0
        super().__init__(maxsize, items)
        if unfinished_tasks:
            self.unfinished_tasks = unfinished_tasks
        elif items:
            self.unfinished_tasks = self.qsize()
        if self.unfinished_tasks:
            self._cond.clear()

    def copy(self):
        return type(self)(self.maxsize, self.queue, self.unfinished_tasks)

    def _format(self):
        info = super()._format()
        if self.unfinished_tasks:
            info += f"{' ' if info else ''}tasks={self.unfinished_tasks} _cond={self._cond}"
        return info

    def _put(self, item):
        super()._put(item)
        self._did_put()

    def _did_put(self):
        self.unfinished_tasks += 1
        self._cond.clear()

    def task_done(self):
        """A task that was got has been done."""
        if self.unfinished_tasks <= 0:
            raise ValueError("task_done() called too many times")
        self.unfinished_tasks -= 1
        if not self.unfinished_tasks:
            self._cond.set()

    def join(self, timeout=None):
        """Waits until all tasks have been done: True."""
        return self._cond.wait(timeout)

    def _drop_one(self):
        super()._drop_one()
        if self.unfinished_tasks:
            self.task_done()


JoinableQueue = Queue


class UnboundQueue(Queue):
    """A queue that is never full."""

    def __init__(self, maxsize=None, items=()):
        if maxsize is not None:
            raise ValueError("UnboundQueue has no maxsize")
        super().__init__(None, items)


class PriorityQueue(Queue):
    """A queue whose smallest item comes first."""

    def _init(self, maxsize):
        self.queue = []

    def _fill(self, items):
        self.queue = list(items)
        heapq.heapify(self.queue)

    def _put(self, item):
        heapq.heappush(self.queue, item)
        self._did_put()

    def _get(self):
        return heapq.heappop(self.queue)


class LifoQueue(Queue):
    """A queue whose last item comes first."""

    def _init(self, maxsize):
        self.queue = []

    def _fill(self, items):
        self.queue = list(items)

    def _get(self):
        return self.queue.pop()

    def _peek(self):
        return self.queue[-1]


class Channel:
    """Hands items from one greenlet to another; put() waits until somebody has got the item."""

    def __init__(self, maxsize=1):
        if maxsize != 1:
            raise ValueError("Channels have a maxsize of 1")
        self.getters = deque()
        self.putters = deque()
        self._event = None

    def __repr__(self):
        return f"<{type(self).__name__} at {id(self):#x} {self._format()}>"

    def __str__(self):
        return f"<{type(self).__name__} {self._format()}>"

    def _format(self):
        parts = []
        if self.getters:
            parts.append(f"getters[{len(self.getters)}]")
        if self.putters:
            parts.append(f"putters[{len(self.putters)}]")
        return " ".join(parts)

    @property
    def balance(self):
        return len(self.putters) - len(self.getters)

    def qsize(self):
        return 0

    def empty(self):
        return True

    def full(self):
        return True

    def put(self, item, block=True, timeout=None):
        hub = get_hub()
        if getcurrent() is hub:
            if self.getters:
                getter = self.getters.popleft()
                getter.switch(item)
                return
            raise Full
        if not block:
            timeout = 0
        waiter = _Putter(item, hub)
        self.putters.append(waiter)
        timer = Timeout._start_new_or_dummy(timeout, Full)
        try:
            if self.getters:
                self._unlock_soon()
            waiter.get()
        except BaseException:
            if waiter in self.putters:
                self.putters.remove(waiter)
            raise
        finally:
            timer.close()

    def put_nowait(self, item):
        self.put(item, False)

    def get(self, block=True, timeout=None):
        hub = get_hub()
        if getcurrent() is hub:
            if self.putters:
                putter = self.putters.popleft()
                hub.loop.run_callback(putter.switch, putter)
                return putter.item
            raise Empty
        if not block:
            timeout = 0
        waiter = Waiter(hub)
        timer = Timeout._start_new_or_dummy(timeout, Empty)
        try:
            self.getters.append(waiter)
            if self.putters:
                self._unlock_soon()
            return waiter.get()
        except BaseException:
            if waiter in self.getters:
                self.getters.remove(waiter)
            raise
        finally:
            timer.close()

    def get_nowait(self):
        return self.get(False)

    def _unlock_soon(self):
        if self._event is None:
            self._event = get_hub().loop.run_callback(self._unlock)

    def _unlock(self):
        self._event = None
        while self.putters and self.getters:
            getter, putter = self.getters.popleft(), self.putters.popleft()
            getter.switch(putter.item)
            putter.switch(putter)

    def __iter__(self):
        return self

    def __next__(self):
        item = self.get()
        if item is StopIteration:
            raise item
        return item
