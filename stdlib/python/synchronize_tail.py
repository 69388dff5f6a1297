

# ---- Gilbert: threading's barrier is native and belongs to one process; this one's state lies in shared memory -------------------------

class Barrier:
    """Lets processes go on when so many of them have come."""

    # where a round stands
    _FILLING, _LEAVING, _RESETTING, _BROKEN = 0, 1, -1, -2

    def __init__(self, parties, action=None, timeout=None, *, ctx):
        from .heap import BufferWrapper
        if parties < 1:
            raise ValueError("parties must be >= 1")
        self.__setstate__((parties, action, timeout, ctx.Condition(), BufferWrapper(8)))

    def __setstate__(self, state):
        self._parties, self._action, self._timeout, self._cond, self._wrapper = state
        self._array = self._wrapper.create_memoryview().cast('i')

    def __getstate__(self):
        return self._parties, self._action, self._timeout, self._cond, self._wrapper

    def __repr__(self):
        cls = self.__class__
        where = f"{cls.__module__}.{cls.__qualname__} at {id(self):#x}"
        if self.broken:
            return f"<{where}: broken>"
        return f"<{where}: waiters={self.n_waiting}/{self.parties}>"

    @property
    def _state(self):
        return self._array[0]

    @_state.setter
    def _state(self, value):
        self._array[0] = value

    @property
    def _count(self):
        return self._array[1]

    @_count.setter
    def _count(self, value):
        self._array[1] = value

    def wait(self, timeout=None):
        """Waits for the others; the number of this process among them, from 0."""
        if timeout is None:
            timeout = self._timeout
        with self._cond:
            # the last round may still be leaving
            self._cond.wait_for(lambda: self._state not in (self._LEAVING, self._RESETTING))
            if self._state < 0:
                raise threading.BrokenBarrierError
            index = self._count
            self._count = index + 1
            try:
                if index + 1 == self._parties:
                    self._let_go()
                else:
                    self._await_round(timeout)
                return index
            finally:
                self._count -= 1
                if self._count == 0 and self._state in (self._LEAVING, self._RESETTING):
                    self._state = self._FILLING
                    self._cond.notify_all()

    def _let_go(self):
        try:
            if self._action:
                self._action()
        except:
            self._break()
            raise
        self._state = self._LEAVING
        self._cond.notify_all()

    def _await_round(self, timeout):
        if not self._cond.wait_for(lambda: self._state != self._FILLING, timeout):
            self._break()
            raise threading.BrokenBarrierError
        if self._state < 0:
            raise threading.BrokenBarrierError

    def _break(self):
        self._state = self._BROKEN
        self._cond.notify_all()

    def reset(self):
        """Back to the beginning; who waits now gets BrokenBarrierError."""
        with self._cond:
            if self._count == 0:
                self._state = self._FILLING
            elif self._state in (self._FILLING, self._BROKEN):
                self._state = self._RESETTING
            self._cond.notify_all()

    def abort(self):
        """Everybody who waits or will wait gets BrokenBarrierError."""
        with self._cond:
            self._break()

    @property
    def parties(self):
        return self._parties

    @property
    def n_waiting(self):
        return self._count if self._state == self._FILLING else 0

    @property
    def broken(self):
        return self._state == self._BROKEN
