"""Event and AsyncResult."""

from gevent._linkable import Linkable
from gevent.timeout import Timeout

__all__ = ["Event", "AsyncResult"]

_NOT_YET = object()


class Event(Linkable):
    """A flag that greenlets wait for."""

    _flag = False

    def __repr__(self):
        return f"<{type(self).__module__}.{type(self).__name__} at {id(self):#x} {'set' if self._flag else 'clear'} _links[{len(self._links)}]>"

    def is_set(self):
        return self._flag

    isSet = ready = is_set

    def set(self):
        """Sets the flag; all who wait go on."""
        self._flag = True
        self._notify_soon()

    def clear(self):
        self._flag = False

    def _notify(self):
        # who waited when it was set goes on, also if it has been cleared since
        if not self._flag and self._links:
            self._flag = True
            try:
                super()._notify()
            finally:
                self._flag = False
        else:
            super()._notify()

    def wait(self, timeout=None):
        """Waits until the flag is set: True; or for `timeout` seconds."""
        if self._flag:
            return True
        return self._wait_core(timeout)

    def _reset_internal_locks(self):
        pass


class AsyncResult(Linkable):
    """A value or an exception that comes once, for any number of greenlets that wait for it."""

    _value = _NOT_YET
    _exc = None

    def __repr__(self):
        if self._exc is not None:
            state = f"value=None exception={self._exc!r} "
        else:
            state = "unset " if self._value is _NOT_YET else f"value={self._value!r} unset "
        return f"<{type(self).__name__} {state} _links[{len(self._links)}]>"

    def ready(self):
        return self._value is not _NOT_YET or self._exc is not None

    done = ready

    def successful(self):
        return self._exc is None and self._value is not _NOT_YET

    @property
    def value(self):
        return None if self._value is _NOT_YET else self._value

    @property
    def exception(self):
        return self._exc

    @property
    def exc_info(self):
        e = self._exc
        return () if e is None else (type(e), e, e.__traceback__)

    def set(self, value=None):
        """Gives the value; all who wait get it."""
        self._exc = None
        self._value = value
        self._notify_soon()

    def set_exception(self, exception, exc_info=None):
        """Gives an exception, which is raised in all who wait."""
        if exc_info is not None and exc_info[2] is not None:
            exception = exception.with_traceback(exc_info[2])
        self._value = _NOT_YET
        self._exc = exception
        self._notify_soon()

    set_result = set

    def _raise_or_value(self):
        if self._exc is not None:
            raise self._exc
        return self.value

    def get(self, block=True, timeout=None):
        """The value, or raises the exception; Timeout where neither comes."""
        if self.ready():
            return self._raise_or_value()
        if not block:
            raise Timeout()
        with Timeout._start_new_or_dummy(timeout):
            self._wait_core(None)
        return self._raise_or_value()

    def get_nowait(self):
        return self.get(block=False)

    result = get

    def wait(self, timeout=None):
        """Waits for either; the value, or None where there is none."""
        if not self.ready():
            self._wait_core(timeout)
        return self.value

    def __call__(self, source):
        """Takes over the result of a greenlet: ``greenlet.link(async_result)``."""
        if source.successful():
            self.set(source.value)
        else:
            self.set_exception(source.exception, getattr(source, "exc_info", None))

    def cancel(self):
        return False

    def cancelled(self):
        return False
