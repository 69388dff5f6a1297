"""What can be waited for: links are called, in order, when the thing is ready."""

import sys

from greenlet import getcurrent
from gevent._hub_local import get_hub, get_hub_if_exists
from gevent.exceptions import InvalidSwitchError
from gevent.timeout import Timeout


class Linkable:
    """Subclasses say what `ready()` means. Waiters may belong to hubs of several threads."""

    _notifier = None

    def __init__(self):
        self._links = []

    def ready(self):
        raise NotImplementedError

    def linkcount(self):
        return len(self._links)

    def rawlink(self, callback):
        """Has `callback(self)` called in the hub, once, when this is ready."""
        if not callable(callback):
            raise TypeError("Expected callable: %r" % (callback,))
        self._links.append((callback, get_hub()))
        self._notify_soon()

    def unlink(self, callback):
        """Takes it back."""
        links = self._links
        for i, (link, _) in enumerate(links):
            if link == callback:
                del links[i]
                return

    def _notify_soon(self):
        """Where it is ready and somebody waits, has the hub tell them."""
        if self._notifier is None and self._links and self.ready():
            hub = get_hub_if_exists() or self._links[0][1]
            self._notifier = True
            if hub is get_hub_if_exists():
                hub.loop.run_callback(self._notify)
            else:
                hub.loop.run_callback_threadsafe(self._notify)

    def _notify(self):
        self._notifier = None
        here = get_hub()
        told = []
        for _ in range(len(self._links)):
            if not self._links or not self.ready():
                break
            link, hub = self._links[0]
            if hub is here:
                del self._links[0]
                try:
                    link(self)
                except BaseException:
                    here.handle_error((link, self), *sys.exc_info())
            else:
                # its own thread has to look whether it still is
                told.append(self._links.pop(0))
                hub.loop.run_callback_threadsafe(self._tell_elsewhere, link, hub)

    def _tell_elsewhere(self, link, hub):
        if self.ready():
            try:
                link(self)
            except BaseException:
                hub.handle_error((link, self), *sys.exc_info())
        else:
            self._links.insert(0, (link, hub))

    def _wait_core(self, timeout):
        """True when told that this is ready, False at the timeout."""
        switch = getcurrent().switch
        hub = get_hub()
        self._links.append((switch, hub))
        self._notify_soon()
        try:
            timer = Timeout._start_new_or_dummy(timeout)
            try:
                result = hub.switch()
                if result is not self:
                    raise InvalidSwitchError(f"Invalid switch into {type(self).__name__}.wait(): {result!r}")
                return True
            except Timeout as ex:
                if ex is not timer:
                    raise
                return False
            finally:
                timer.cancel()
        finally:
            self.unlink(switch)
