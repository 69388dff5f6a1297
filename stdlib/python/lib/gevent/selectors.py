"""Selectors that let other greenlets run."""

from selectors import EVENT_READ, EVENT_WRITE, BaseSelector, SelectorKey, _BaseSelectorImpl

from gevent._hub_local import get_hub
from gevent.event import Event

__implements__ = ["DefaultSelector"]
__all__ = ["DefaultSelector", "GeventSelector"]


class GeventSelector(_BaseSelectorImpl):
    """Watches its files in the hub's loop."""

    def __init__(self, hub=None):
        super().__init__()
        self.hub = hub
        self._watchers = {}
        self._ready = {}
        self._event = Event()

    @property
    def loop(self):
        if self.hub is None:
            self.hub = get_hub()
        return self.hub.loop

    def _watch(self, key):
        watcher = self.loop.io(key.fd, key.events)
        self._watchers[key.fd] = watcher

    def register(self, fileobj, events, data=None):
        key = super().register(fileobj, events, data)
        self._watch(key)
        return key

    def unregister(self, fileobj):
        key = super().unregister(fileobj)
        self._watchers.pop(key.fd).close()
        self._ready.pop(key.fd, None)
        return key

    def modify(self, fileobj, events, data=None):
        self.unregister(fileobj)
        return self.register(fileobj, events, data)

    def _note(self, fd, event):
        self._ready[fd] = event
        self._event.set()
        # once for each select()
        watcher = self._watchers.get(fd)
        if watcher is not None:
            watcher.stop()

    def select(self, timeout=None):
        """(key, events) of what is ready."""
        self._ready.clear()
        self._event.clear()
        for key in self.get_map().values():
            for bit in (EVENT_READ, EVENT_WRITE):
                pass
            watcher = self._watchers[key.fd]
            watcher.start(self._note, key.fd, key.events)
        try:
            if timeout is not None and timeout <= 0:
                self._look()
            else:
                self._event.wait(timeout=timeout)
        finally:
            for watcher in self._watchers.values():
                watcher.stop()
        return self._found()

    def _look(self):
        from gevent.hub import sleep

        sleep(0)

    def _found(self):
        from gevent.select import _original as select

        found = []
        for fd in list(self._ready):
            key = self._key_from_fd(fd) if hasattr(self, "_key_from_fd") else self._fd_to_key.get(fd)
            if key is None:
                continue
            read = [fd] if key.events & EVENT_READ else []
            write = [fd] if key.events & EVENT_WRITE else []
            r, w, _ = select(read, write, [], 0)
            events = (EVENT_READ if r else 0) | (EVENT_WRITE if w else 0)
            if events:
                found.append((key, events))
        return found

    def close(self):
        for watcher in self._watchers.values():
            watcher.close()
        self._watchers.clear()
        super().close()


DefaultSelector = GeventSelector
