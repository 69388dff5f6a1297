"""Queues between processes.

A queue is a pipe of messages and a semaphore that counts the free places. There is no feeder thread: put() pickles at once and leaves the
message with the pipe, also where there is no room. What does not lie in the pipe yet counts as this process's buffer: the end of the
process waits until it has been received, unless cancel_join_thread() was called.
"""

__all__ = ['Queue', 'SimpleQueue', 'JoinableQueue']

import errno
import os
import types
import weakref
from queue import Empty, Full
from _multiprocessing import dumps as _dumps

from . import connection
from . import context
from .util import Finalize, debug, info, is_exiting, register_after_fork

_loads = context.reduction.ForkingPickler.loads
_nothing = object()

# the queues into which this process has put something, and the process that the exit function was registered in
_fed = weakref.WeakSet()
_fed_by = None


def _enroll(queue):
    """At its end the process waits for what it has put into the queue."""
    global _fed_by
    if _fed_by != os.getpid():
        _fed.clear()
        _fed_by = os.getpid()
        Finalize(None, _flush_all, exitpriority=-5)
    _fed.add(queue)


def _flush_all():
    for queue in list(_fed):
        queue._flush()


class Queue:

    def __init__(self, maxsize=0, *, ctx):
        if maxsize <= 0:
            from .synchronize import SEM_VALUE_MAX as maxsize
        self._maxsize = maxsize
        self._reader, self._writer = connection.Pipe(duplex=False)
        self._opid = os.getpid()
        self._sem = ctx.BoundedSemaphore(maxsize)
        # For use by concurrent.futures
        self._ignore_epipe = False
        self._reset()
        register_after_fork(self, Queue._after_fork)

    def __getstate__(self):
        context.assert_spawning(self)
        return (self._ignore_epipe, self._maxsize, self._reader, self._writer, self._sem, self._opid)

    def __setstate__(self, state):
        (self._ignore_epipe, self._maxsize, self._reader, self._writer, self._sem, self._opid) = state
        self._reset()

    def _after_fork(self):
        debug('Queue._after_fork()')
        self._reset()

    def _reset(self):
        self._closed = False
        self._joincancelled = False
        # how far the pipe must be drained for all that this process has put to lie in it; None: it has put nothing
        self._position = None
        self._acquire = self._sem.acquire
        self._release = self._sem.release
        self._push = self._writer._push
        self._take = self._reader._take

    def put(self, obj, block=True, timeout=None):
        if self._closed:
            raise ValueError(f"Queue {self!r} is closed")
        if not self._acquire(block, timeout):
            raise Full
        self._feed(obj)

    def _feed(self, obj):
        if self._position is None:
            _enroll(self)
        try:
            self._position = self._push(_dumps(obj))
        except Exception as e:
            if self._ignore_epipe and getattr(e, 'errno', 0) == errno.EPIPE:
                return False
            if is_exiting():
                info('error in queue: %s', e)
                return False
            # as if the object had been taken out again
            self._release()
            self._on_queue_feeder_error(e, obj)
            return False
        return True

    def get(self, block=True, timeout=None):
        if self._closed:
            raise ValueError(f"Queue {self!r} is closed")
        data = self._take(_nothing, block, timeout)
        if data is _nothing:
            raise Empty
        self._release()
        return _loads(data)

    def qsize(self):
        return self._maxsize - self._sem.get_value()

    def empty(self):
        return not self._reader.poll()

    def full(self):
        return self._sem._semlock._is_zero()

    def get_nowait(self):
        return self.get(False)

    def put_nowait(self, obj):
        return self.put(obj, False)

    def close(self):
        self._closed = True
        if self._position is not None and (self._joincancelled or self._writer._is_drained(self._position)):
            self._close_ends()

    def _close_ends(self):
        self._position = None
        self._reader.close()
        self._writer.close()

    def join_thread(self):
        debug('Queue.join_thread()')
        assert self._closed, "Queue {0!r} not closed".format(self)
        if self._flush():
            self._close_ends()

    def _flush(self):
        """Waits until all that this process has put lies in the pipe; whether there was anything."""
        if self._position is None or self._joincancelled:
            return False
        debug('waiting until the queue is drained')
        self._writer._await_drained(self._position)
        return True

    def cancel_join_thread(self):
        debug('Queue.cancel_join_thread()')
        self._joincancelled = True

    def _terminate_broken(self):
        # on an error of concurrent.futures: nobody receives any more
        self._reader.close()
        self.close()
        self.join_thread()

    @staticmethod
    def _on_queue_feeder_error(e, obj):
        """Hook for concurrent.futures: an object could not be sent."""
        import traceback
        traceback.print_exc()

    __class_getitem__ = classmethod(types.GenericAlias)


class JoinableQueue(Queue):

    def __init__(self, maxsize=0, *, ctx):
        Queue.__init__(self, maxsize, ctx=ctx)
        self._unfinished_tasks = ctx.Semaphore(0)
        self._cond = ctx.Condition()

    def __getstate__(self):
        return Queue.__getstate__(self) + (self._cond, self._unfinished_tasks)

    def __setstate__(self, state):
        Queue.__setstate__(self, state[:-2])
        self._cond, self._unfinished_tasks = state[-2:]

    def put(self, obj, block=True, timeout=None):
        if self._closed:
            raise ValueError(f"Queue {self!r} is closed")
        if not self._acquire(block, timeout):
            raise Full
        with self._cond:
            # counted first: who gets it may be done with it before we go on
            self._unfinished_tasks.release()
            self._feed(obj)

    def task_done(self):
        with self._cond:
            if not self._unfinished_tasks.acquire(False):
                raise ValueError('task_done() called too many times')
            if self._unfinished_tasks._semlock._is_zero():
                self._cond.notify_all()

    def join(self):
        with self._cond:
            if not self._unfinished_tasks._semlock._is_zero():
                self._cond.wait()


class SimpleQueue:
    """A pipe whose ends all processes may use."""

    def __init__(self, *, ctx):
        self._reader, self._writer = connection.Pipe(duplex=False)
        self._bind()

    def _bind(self):
        self._poll = self._reader.poll
        self.get = self._reader.recv
        self.put = self._writer.send

    def close(self):
        self._reader.close()
        self._writer.close()

    def empty(self):
        return not self._poll()

    def __getstate__(self):
        context.assert_spawning(self)
        return (self._reader, self._writer)

    def __setstate__(self, state):
        self._reader, self._writer = state
        self._bind()

    def get(self):
        return self._reader.recv()

    def put(self, obj):
        self._writer.send(obj)

    __class_getitem__ = classmethod(types.GenericAlias)
