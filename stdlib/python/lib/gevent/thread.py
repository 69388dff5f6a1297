"""The `_thread` module for greenlets: what `threading` is built upon, once it is patched."""

import _thread as _native
from _thread import TIMEOUT_MAX, error

from greenlet import getcurrent
from gevent._hub_local import get_hub
from gevent.event import Event
from gevent.greenlet import Greenlet
from gevent.local import local as _local
from gevent.lock import RLock, Semaphore

__all__ = ["start_new_thread", "start_joinable_thread", "allocate_lock", "get_ident", "LockType", "RLock", "_local", "exit", "stack_size"]
__implements__ = ["allocate_lock", "allocate", "get_ident", "exit", "LockType", "lock", "RLock", "start_new_thread", "start_new", "start_joinable_thread",
                  "_ThreadHandle", "_make_thread_handle", "_local"]

_native_ident = _native.get_ident
_main_ident = _native_ident()
_started = 0


class LockType(Semaphore):
    """A lock that any greenlet may release."""

    def __init__(self):
        super().__init__(1)

    def __repr__(self):
        return f"<{'locked' if self.locked() else 'unlocked'} {type(self).__module__}.{type(self).__name__} at {id(self):#x}>"

    def acquire(self, blocking=True, timeout=-1):
        if timeout != -1:
            if not blocking:
                raise ValueError("can't specify a timeout for a non-blocking call")
            if timeout < 0:
                raise ValueError("timeout value must be a non-negative number")
            if timeout > TIMEOUT_MAX:
                raise OverflowError("timeout value is too large")
        else:
            timeout = None
        return super().acquire(blocking, timeout)

    def release(self):
        if self.counter > 0:
            raise RuntimeError("Semaphore released too many times")
        super().release()

    acquire_lock, release_lock = acquire, release

    def locked(self):
        return self.counter <= 0

    locked_lock = locked

    def __enter__(self):
        return self.acquire()

    def _at_fork_reinit(self):
        self.counter = 1
        self._links = []


lock = allocate_lock = allocate = LockType


def get_ident(g=None):
    """The number of a greenlet; the thread's own for its main greenlet."""
    g = getcurrent() if g is None else g
    return _native_ident() if g.parent is None else id(g)


def get_native_id():
    return _native.get_native_id()


def start_new_thread(function, args=(), kwargs=None):
    """Runs the function in a greenlet."""
    if not callable(function):
        raise TypeError("first arg must be callable")
    if not isinstance(args, tuple):
        raise TypeError("2nd arg must be a tuple")
    g = Greenlet.spawn(_quiet, function, args, {} if kwargs is None else kwargs)
    return get_ident(g)


start_new = start_new_thread


def _quiet(function, args, kwargs):
    try:
        return function(*args, **kwargs)
    except SystemExit:
        pass


class _ThreadHandle:
    """What `threading` knows of a running greenlet."""

    def __init__(self):
        self.ident = None
        self._done = Event()

    def is_done(self):
        return self._done.is_set()

    def _set_done(self):
        self._done.set()

    def join(self, timeout=-1):
        if self.ident == get_ident():
            raise RuntimeError("Cannot join current thread")
        self._done.wait(None if timeout is None or timeout < 0 else timeout)


def _make_thread_handle(ident):
    handle = _ThreadHandle()
    handle.ident = ident
    return handle


# handles of threads that the end of the process waits for
_awaited = set()


def start_joinable_thread(function, handle=None, daemon=True):
    """The same, with a handle by which it can be waited for."""
    handle = _ThreadHandle() if handle is None else handle
    g = Greenlet(_quiet, function, (), {})
    handle.ident = get_ident(g)
    if not daemon:
        _awaited.add(handle)

    def ended(_):
        _awaited.discard(handle)
        handle._set_done()

    g.rawlink(ended)
    g.start()
    return handle


def _shutdown():
    """Waits for the threads that are no daemons."""
    while _awaited:
        next(iter(_awaited)).join()


def daemon_threads_allowed():
    return True


def _get_main_thread_ident():
    return _main_ident


def _is_main_interpreter():
    return True


def exit():
    raise SystemExit


def interrupt_main(signum=2):
    _native.interrupt_main(signum)


def stack_size(size=0):
    return _native.stack_size()


def _count():
    return len(_awaited)


exit_thread = exit
