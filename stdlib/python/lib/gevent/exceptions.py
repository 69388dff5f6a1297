"""The exceptions of gevent."""

from greenlet import GreenletExit

__all__ = ["LoopExit", "BlockingSwitchOutError", "InvalidSwitchError", "ConcurrentObjectUseError", "InvalidThreadUseError", "HubDestroyed"]


class LoopExit(Exception):
    """A greenlet waits, and the hub has nothing left that could ever wake it."""

    @property
    def hub(self):
        """The hub that has nothing left to do."""
        return self.args[1] if len(self.args) > 1 else None

    def __str__(self):
        if len(self.args) == 3:
            text, hub, handles = self.args
            return f"{text}\n\tHub: {hub!r}\n\tHandles:\n{handles!r}"
        return super().__str__()

    __repr__ = __str__


class BlockingSwitchOutError(AssertionError):
    """Something that must not wait has tried to."""


class InvalidSwitchError(AssertionError):
    """Somebody has switched to a greenlet that waited for another event."""


class ConcurrentObjectUseError(AssertionError):
    """Two greenlets wait for the same thing that only one can have."""


class InvalidThreadUseError(RuntimeError):
    """An object of one thread's hub was used from another thread."""


class HubDestroyed(GreenletExit):
    """The hub has been destroyed."""

    def __init__(self, destroy_loop):
        super().__init__(destroy_loop)
        self.destroy_loop = destroy_loop
