"""select and poll that let other greenlets run."""

import select as _select
from select import error

from gevent._hub_local import get_hub
from gevent.event import Event

__implements__ = ["select"]
__all__ = ["error", "select"]

_original = _select.select

for _name in dir(_select):
    if _name.startswith("POLL"):
        globals()[_name] = getattr(_select, _name)
        __all__.append(_name)


def _fileno(f):
    n = f if isinstance(f, int) else f.fileno()
    if not isinstance(n, int):
        raise TypeError("argument must be an int, or have a fileno() method.")
    return n


class _Answer:
    """What has become ready meanwhile."""

    def __init__(self):
        self.read, self.write = [], []
        self.event = Event()

    def add_read(self, f):
        self.read.append(f)
        self.event.set()

    def add_write(self, f):
        self.write.append(f)
        self.event.set()


def select(rlist, wlist, xlist, timeout=None):
    """select.select(); `xlist` is looked at only at the beginning."""
    if timeout is not None and timeout < 0:
        raise ValueError("timeout must be non-negative")
    # what is ready now needs no waiting; wrong arguments show here
    ready = _original(rlist, wlist, xlist, 0)
    if any(ready) or timeout == 0:
        if timeout == 0:
            from gevent.hub import sleep

            sleep(0)
        return ready
    loop, answer, watchers = get_hub().loop, _Answer(), []
    try:
        for files, events, add in ((rlist, 1, answer.add_read), (wlist, 2, answer.add_write)):
            for f in files:
                watcher = loop.io(_fileno(f), events)
                watchers.append(watcher)
                watcher.start(_once, watcher, add, f)
        answer.event.wait(timeout=timeout)
        return answer.read, answer.write, []
    finally:
        for watcher in watchers:
            watcher.close()


def _once(watcher, add, f):
    watcher.stop()
    add(f)


if hasattr(_select, "poll"):
    _original_poll = _select.poll
    __implements__.append("poll")
    __all__.append("poll")
    _IN, _OUT = _select.POLLIN, _select.POLLOUT

    class poll:
        """select.poll()"""

        def __init__(self):
            self._fds = {}
            self._native = _original_poll()

        def register(self, fd, eventmask=_select.POLLIN | _select.POLLPRI | _select.POLLOUT):
            self._native.register(fd, eventmask)
            self._fds[_fileno(fd)] = eventmask

        def modify(self, fd, eventmask):
            self._native.modify(fd, eventmask)
            self._fds[_fileno(fd)] = eventmask

        def unregister(self, fd):
            self._native.unregister(fd)
            del self._fds[_fileno(fd)]

        def poll(self, timeout=None):
            """What is ready: (descriptor, events); waits at most `timeout` milliseconds."""
            if timeout is not None and timeout < 0:
                timeout = None
            ready = self._native.poll(0)
            if ready or timeout == 0:
                return ready
            loop, event, watchers = get_hub().loop, Event(), []
            try:
                for fd, mask in self._fds.items():
                    events = (1 if mask & ~_OUT else 0) | (2 if mask & _OUT else 0)
                    watcher = loop.io(fd, events)
                    watchers.append(watcher)
                    watcher.start(event.set)
                event.wait(timeout=None if timeout is None else timeout / 1000)
            finally:
                for watcher in watchers:
                    watcher.close()
            return self._native.poll(0)
