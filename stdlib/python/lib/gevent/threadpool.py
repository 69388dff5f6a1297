"""Threads that do what would block the loop: real ones, whose results greenlets wait for."""

import sys
from _queue import SimpleQueue as _Jobs
from _thread import start_new_thread as _start_thread
from concurrent import futures as _futures

from gevent._hub_local import get_hub
from gevent.event import AsyncResult, Event
from gevent.exceptions import InvalidThreadUseError
from gevent.lock import Semaphore
from gevent.pool import GroupMappingMixin

__all__ = ["ThreadPool", "ThreadResult", "ThreadPoolExecutor"]


def _work(jobs):
    """A thread's life."""
    while True:
        job = jobs.get()
        if job is None:
            return
        func, args, kwargs, tell = job
        try:
            outcome = (func(*args, **kwargs), None)
        except BaseException as e:
            outcome = (None, e)
        tell(*outcome)
        del job, func, args, kwargs, tell, outcome


class ThreadPool(GroupMappingMixin):
    """At most `maxsize` threads; a task that finds none free waits for one."""

    def __init__(self, maxsize, hub=None, idle_task_timeout=-1):
        if not isinstance(maxsize, int):
            raise TypeError("maxsize must be integer: %r" % (maxsize,))
        if maxsize < 0:
            raise ValueError("maxsize must not be negative: %r" % (maxsize,))
        self.hub = get_hub() if hub is None else hub
        self.maxsize = maxsize
        self.size = 0
        self._unfinished = 0
        self._jobs = _Jobs()
        self._room = Semaphore(maxsize)
        self._idle = Event()
        self._idle.set()

    def __repr__(self):
        return f"<{type(self).__name__} at {id(self):#x} tasks={self._unfinished} size={self.size} maxsize={self.maxsize} hub=<Hub at {id(self.hub):#x} thread_ident={self.hub.thread_ident:#x}>>"

    def __len__(self):
        return self._unfinished

    def spawn(self, func, *args, **kwargs):
        """Has a thread call func(*args, **kwargs); gives a ThreadResult."""
        if get_hub() is not self.hub:
            raise InvalidThreadUseError(get_hub(), self.hub)
        self._room.acquire()
        result = ThreadResult(self.hub)
        loop = self.hub.loop
        self._unfinished += 1
        self._idle.clear()
        # the hub has somebody to wait for
        loop.refs += 1

        def ended(value, error):
            loop.refs -= 1
            self._unfinished -= 1
            self._room.release()
            if not self._unfinished:
                self._idle.set()
            result._end(value, error)

        def tell(value, error):
            loop.run_callback_threadsafe(ended, value, error)

        if self.size < min(self._unfinished, self.maxsize):
            self.size += 1
            _start_thread(_work, (self._jobs,))
        self._jobs.put((func, args, kwargs, tell))
        return result

    def join(self, timeout=None):
        """Waits until all tasks have been done."""
        return self._idle.wait(timeout)

    def kill(self):
        """Ends the threads once they are free."""
        for _ in range(self.size):
            self._jobs.put(None)
        self.size = 0

    def adjust(self):
        pass

    def full(self):
        return self._room.locked()

    def _apply_immediately(self):
        return get_hub() is not self.hub

    def _apply_async_use_greenlet(self):
        return False


class ThreadResult(AsyncResult):
    """The result of a thread's task."""

    def __init__(self, hub):
        super().__init__()
        self.hub = hub
        self.receiver = None

    def _end(self, value, error):
        if error is None:
            self.set(value)
        else:
            self.set_exception(error)


class ThreadPoolExecutor(_futures.Executor):
    """concurrent.futures' interface to a ThreadPool; results are waited for by greenlets."""

    def __init__(self, max_workers=None, *args, **kwargs):
        self._threadpool = ThreadPool(max_workers or 10, *args, **kwargs)
        self._shut = False

    def submit(self, fn, /, *args, **kwargs):
        if self._shut:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future = _FutureProxy(self._threadpool.spawn(fn, *args, **kwargs))
        return future

    def shutdown(self, wait=True, *, cancel_futures=False):
        self._shut = True
        if wait:
            self._threadpool.join()
        self._threadpool.kill()

    kill = shutdown


class _FutureProxy:
    def __init__(self, result):
        self.asyncresult = result

    def result(self, timeout=None):
        from gevent.timeout import Timeout

        try:
            return self.asyncresult.get(timeout=timeout)
        except Timeout:
            raise _futures.TimeoutError() from None

    def exception(self, timeout=None):
        self.asyncresult.wait(timeout)
        return self.asyncresult.exception

    def add_done_callback(self, fn):
        self.asyncresult.rawlink(lambda _: fn(self))

    def done(self):
        return self.asyncresult.ready()

    def cancel(self):
        return False

    def cancelled(self):
        return False

    def running(self):
        return not self.done()
