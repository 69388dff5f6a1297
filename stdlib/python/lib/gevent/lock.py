"""Locks for greenlets."""

from greenlet import getcurrent
from gevent._hub_local import get_hub_if_exists
from gevent._linkable import Linkable
from gevent.hub import sleep

__all__ = ["Semaphore", "BoundedSemaphore", "DummySemaphore", "RLock"]


class Semaphore(Linkable):
    """Lets in as many as its counter says; who waits longest comes next."""

    def __init__(self, value=1, hub=None):
        if value < 0:
            raise ValueError("semaphore initial value must be >= 0")
        super().__init__()
        self.counter = value

    def __str__(self):
        return f"<{type(self).__name__} at {id(self):#x} counter={self.counter} _links[{len(self._links)}]>"

    @property
    def _value(self):
        return self.counter

    def locked(self):
        """Whether acquire() would wait."""
        return self.counter <= 0

    def ready(self):
        return self.counter > 0

    def release(self, n=1):
        """One more may come in. Gives the counter."""
        self.counter += n
        self._notify_soon()
        return self.counter

    def acquire(self, blocking=True, timeout=None):
        """Comes in, waiting for it if need be; False where that is not wanted or lasts too long."""
        if self.counter > 0:
            self.counter -= 1
            return True
        if not blocking:
            return False
        if timeout is not None and timeout < 0:
            timeout = None
        if not self._wait_core(timeout):
            return False
        self.counter -= 1
        return True

    def wait(self, timeout=None):
        """Waits until acquire() would not wait."""
        if self.counter <= 0:
            self._wait_core(timeout)
        return self.counter

    def __enter__(self):
        self.acquire()

    def __exit__(self, *exc):
        self.release()


class BoundedSemaphore(Semaphore):
    """A semaphore that must not be released more often than acquired."""

    _OVER_RELEASE_ERROR = ValueError

    def __init__(self, value=1, hub=None):
        super().__init__(value, hub)
        self._initial_value = value

    def release(self, n=1):
        if self.counter + n > self._initial_value:
            raise self._OVER_RELEASE_ERROR("Semaphore released too many times")
        return super().release(n)


class DummySemaphore:
    """A semaphore that lets everybody in."""

    def __init__(self, value=None):
        pass

    def __str__(self):
        return f"<{type(self).__name__}>"

    def locked(self):
        return False

    def ready(self):
        return True

    def release(self):
        pass

    def rawlink(self, callback):
        pass

    def unlink(self, callback):
        pass

    def wait(self, timeout=None):
        return 1

    def acquire(self, blocking=True, timeout=None):
        return True

    def __enter__(self):
        pass

    def __exit__(self, *exc):
        pass


class RLock:
    """A lock that its owner, a greenlet, may take again."""

    def __init__(self, hub=None):
        self._block = Semaphore(1, hub)
        self._owner = None
        self._count = 0

    def __repr__(self):
        return f"<{type(self).__name__} at {id(self):#x} _block={self._block} _count={self._count!r} _owner={self._owner!r})>"

    def acquire(self, blocking=True, timeout=None):
        me = getcurrent()
        if self._owner is me:
            self._count += 1
            return True
        if self._block.acquire(blocking, timeout):
            self._owner = me
            self._count = 1
            return True
        return False

    def __enter__(self):
        return self.acquire()

    def release(self):
        if self._owner is not getcurrent():
            raise RuntimeError("cannot release un-acquired lock. Owner: %r Current: %r" % (self._owner, getcurrent()))
        self._count -= 1
        if not self._count:
            self._owner = None
            self._block.release()

    def __exit__(self, *exc):
        self.release()

    def locked(self):
        return self._block.locked()

    # for threading.Condition

    def _acquire_restore(self, state):
        self._block.acquire()
        self._count, self._owner = state

    def _release_save(self):
        state = (self._count, self._owner)
        self._count = 0
        self._owner = None
        self._block.release()
        return state

    def _is_owned(self):
        return self._owner is getcurrent()

    def _recursion_count(self):
        return self._count if self._owner is getcurrent() else 0

    def _at_fork_reinit(self):
        self.__init__()
