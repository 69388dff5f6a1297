"""Timeouts: exceptions that come after a while."""

from greenlet import getcurrent
from gevent._hub_local import get_hub

__all__ = ["Timeout", "with_timeout"]


class _NoTimer:
    """Stands for the timer of a timeout that never comes."""

    seconds = None
    active = pending = False
    callback = args = None

    def start(self, *args, **kwargs):
        raise AssertionError("not to be started")

    def stop(self):
        pass

    close = stop


_NO_TIMER = _NoTimer()


class Timeout(BaseException):
    """Raises itself, or `exception`, in the current greenlet after `seconds`; None for never.

    As a context manager it begins with the block and ends with it; with ``exception=False`` it then only leaves the block.
    """

    def __init__(self, seconds=None, exception=None, ref=True, priority=-1, _one_shot=False):
        super().__init__()
        self.seconds = seconds
        self.exception = exception
        self._ref = ref
        self.timer = _NO_TIMER if seconds is None else get_hub().loop.timer(seconds or 0.0, ref=ref)

    def start(self):
        """Begins to count."""
        if self.pending:
            raise AssertionError(f"{self!r} is already started; to restart it, cancel it first")
        if self.seconds is None:
            return
        if self.timer is _NO_TIMER:
            self.timer = get_hub().loop.timer(self.seconds or 0.0, ref=self._ref)
        throw = getcurrent().throw
        if self.exception is None or self.exception is False or isinstance(self.exception, str):
            self.timer.start(throw, self)
        else:
            self.timer.start(throw, self.exception)

    @classmethod
    def start_new(cls, timeout=None, exception=None, ref=True, _one_shot=False):
        """A started timeout of so many seconds; a Timeout given instead is started unless it is."""
        if isinstance(timeout, Timeout):
            if not timeout.pending:
                timeout.start()
            return timeout
        timeout = cls(timeout, exception, ref=ref)
        timeout.start()
        return timeout

    @staticmethod
    def _start_new_or_dummy(timeout, exception=None, ref=True):
        if timeout is None:
            return _FOR_EVER
        return Timeout.start_new(timeout, exception, ref=ref)

    @property
    def pending(self):
        """Whether it counts now."""
        return self.timer.pending or self.timer.active

    def cancel(self):
        """Ends it; it may be started again."""
        self.timer.stop()
        if self.timer is not _NO_TIMER:
            self.timer = _NO_TIMER

    close = cancel

    def __repr__(self):
        pending = " pending" if self.pending else ""
        exception = "" if self.exception is None else " exception=%r" % (self.exception,)
        return f"<{type(self).__name__} at {id(self):#x} seconds={self.seconds}{exception}{pending}>"

    def __str__(self):
        if self.seconds is None:
            return ""
        suffix = "" if self.seconds == 1 else "s"
        if self.exception is None:
            return f"{self.seconds} second{suffix}"
        if self.exception is False:
            return f"{self.seconds} second{suffix} (silent)"
        return f"{self.seconds} second{suffix}: {self.exception}"

    def __enter__(self):
        if not self.pending:
            self.start()
        return self

    def __exit__(self, kind, value, tb):
        self.close()
        return value is self and self.exception is False


class _ForEver:
    """A timeout that never comes."""

    seconds = exception = None
    pending = False

    def start(self):
        pass

    cancel = close = start

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return False


_FOR_EVER = _ForEver()


def with_timeout(seconds, function, *args, **kwds):
    """Calls the function; where it takes longer, Timeout comes, or `timeout_value` is the result."""
    missing = object()
    value = kwds.pop("timeout_value", missing)
    timeout = Timeout.start_new(seconds)
    try:
        try:
            return function(*args, **kwds)
        except Timeout as ex:
            if ex is timeout and value is not missing:
                return value
            raise
    finally:
        timeout.cancel()
