"""The event loop of a hub: callbacks that are due, timers, descriptors, and calls from other threads.

A round runs the callbacks that were due when it began, then what timers and descriptors have brought. Where nothing is due, the thread waits
in the machine (`_gevent.Events.wait`), so that a deadlock report can see it.
"""

import sys
from collections import deque
from heapq import heapify, heappop, heappush
from _gevent import READ, WRITE, Events

# kept from before any patching
from time import monotonic as _now

_ANY_ERROR = 16 | 32
# timers that were stopped stay in the heap until there are so many of them
_MANY_STOPPED = 512


class Callback:
    """A call that is due in the loop's next round; ``stop()`` withdraws it."""

    __slots__ = ("callback", "args")

    def __init__(self, callback, args):
        self.callback = callback
        self.args = args

    def stop(self):
        self.callback = self.args = None

    close = stop

    @property
    def pending(self):
        return self.callback is not None

    def __bool__(self):
        return self.args is not None

    def __repr__(self):
        state = "pending" if self.pending else "stopped"
        return f"<callback at {id(self):#x} {state} callback={self.callback!r} args={self.args!r}>"


class _Watcher:
    """Something that can happen, and whom to call then. A watcher with ``ref`` keeps the loop going while it is active."""

    callback = args = None
    active = False

    def __init__(self, loop, ref=True):
        self.loop = loop
        self.ref = ref

    @property
    def pending(self):
        return False

    def _begin(self, callback, args):
        if callback is None or not callable(callback):
            raise TypeError(f"Expected callable, not {callback!r}")
        self.callback = callback
        self.args = args
        if not self.active:
            self.active = True
            if self.ref:
                self.loop.refs += 1

    def _end(self):
        self.callback = self.args = None
        if self.active:
            self.active = False
            if self.ref:
                self.loop.refs -= 1

    def close(self):
        self.stop()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def __repr__(self):
        state = " active" if self.active else ""
        return f"<{type(self).__name__} at {id(self):#x}{state} callback={self.callback!r} args={self.args!r}>"


class timer(_Watcher):
    """Calls back once after some seconds, and again and again if ``repeat`` is given."""

    def __init__(self, loop, after=0.0, repeat=0.0, ref=True, priority=None):
        super().__init__(loop, ref)
        self.after = after
        self.repeat = repeat
        self._ticket = None

    def start(self, callback, *args, update=None):
        self._begin(callback, args)
        self._arm(self.after)

    def again(self, callback, *args, update=None):
        self._begin(callback, args)
        self._arm(self.repeat)

    def _arm(self, seconds):
        loop = self.loop
        if self._ticket is not None:
            self._disarm()
        loop.tickets += 1
        self._ticket = ticket = [_now() + max(seconds, 0.0), loop.tickets, self]
        heappush(loop.timers, ticket)

    def _disarm(self):
        self._ticket[2] = None
        self._ticket = None
        self.loop.stopped += 1
        self.loop.tidy()

    def stop(self):
        if self._ticket is not None:
            self._disarm()
        self._end()

    def _fire(self):
        self._ticket = None
        callback, args = self.callback, self.args
        if self.repeat:
            self._arm(self.repeat)
        else:
            self._end()
        callback(*args)


class io(_Watcher):
    """Calls back whenever a descriptor can be read (1) or written (2)."""

    def __init__(self, loop, fd, events, ref=True, priority=None):
        super().__init__(loop, ref)
        if fd < 0:
            raise ValueError(f"fd must be non-negative: {fd!r}")
        if events & ~3:
            raise ValueError(f"illegal event mask: {events!r}")
        self.fd = fd
        self.events = events

    def start(self, callback, *args, pass_events=False):
        started = self.active
        self._begin(callback, (self.events, *args) if pass_events else args)
        if not started:
            try:
                self.loop.watch(self)
            except BaseException:
                self._end()
                raise

    def stop(self):
        if self.active:
            self._end()
            self.loop.unwatch(self)


class async_(_Watcher):
    """Calls back when another thread calls ``send()``."""

    def __init__(self, loop, ref=True, priority=None):
        super().__init__(loop, ref)
        self.sent = False

    def start(self, callback, *args):
        self._begin(callback, args)

    def stop(self):
        self._end()

    def send(self):
        self.sent = True
        self.loop.from_threads.append(self)
        self.loop.events.wake()

    send_ignoring_arg = lambda self, _: self.send()

    def _fire(self):
        if self.sent and self.active:
            self.sent = False
            self.callback(*self.args)


class loop:
    """See the module's page. ``refs`` counts what keeps it going: active watchers with ``ref``."""

    default = True
    approx_timer_resolution = 0.00001
    MAXPRI = MINPRI = 0

    def __init__(self):
        self.due = deque()
        self.timers = []
        self.tickets = self.stopped = self.refs = 0
        self.fds = {}
        self.events = Events()
        self.from_threads = deque()
        self.error_handler = None
        self.running = False
        self.iteration = 0

    # --- making watchers

    def timer(self, after, repeat=0.0, ref=True, priority=None):
        return timer(self, after, repeat, ref, priority)

    def io(self, fd, events, ref=True, priority=None):
        return io(self, fd, events, ref, priority)

    def async_(self, ref=True, priority=None):
        return async_(self, ref, priority)

    def run_callback(self, func, *args):
        """Has the next round call ``func(*args)``."""
        cb = Callback(func, args)
        self.due.append(cb)
        return cb

    def run_callback_threadsafe(self, func, *args):
        """The same, from another thread."""
        cb = Callback(func, args)
        self.from_threads.append(cb)
        self.events.wake()
        return cb

    def now(self):
        return _now()

    def update_now(self):
        pass

    update = update_now

    # --- descriptors: several watchers may share one

    def watch(self, watcher):
        watchers = self.fds.setdefault(watcher.fd, [])
        watchers.append(watcher)
        try:
            self._tell(watcher.fd, watchers)
        except BaseException:
            self.unwatch(watcher)
            raise

    def unwatch(self, watcher):
        watchers = self.fds.get(watcher.fd)
        if watchers is not None and watcher in watchers:
            watchers.remove(watcher)
            if not watchers:
                del self.fds[watcher.fd]
            try:
                self._tell(watcher.fd, watchers)
            except OSError:
                pass  # closed meanwhile

    def _tell(self, fd, watchers):
        want = 0
        for w in watchers:
            want |= w.events
        self.events.watch(fd, want)

    # --- running

    def tidy(self):
        if self.stopped > _MANY_STOPPED and self.stopped * 2 > len(self.timers):
            self.timers = [t for t in self.timers if t[2] is not None]
            heapify(self.timers)
            self.stopped = 0

    def _guarded(self, context, func, args):
        try:
            func(*args)
        except BaseException:
            self.handle_error(context, *sys.exc_info())

    def handle_error(self, context, kind, value, tb):
        if self.error_handler is None:
            raise value
        self.error_handler.handle_error(context, kind, value, tb)

    def _run_due(self):
        due = self.due
        for _ in range(len(due)):
            cb = due.popleft()
            func, args = cb.callback, cb.args
            if func is None:
                continue
            cb.callback = None
            try:
                func(*args)
            except BaseException:
                self.handle_error(cb, *sys.exc_info())
            cb.args = None

    def _run_threads(self):
        calls = self.from_threads
        for _ in range(len(calls)):
            call = calls.popleft()
            if isinstance(call, Callback):
                self.due.append(call)
            else:
                self._guarded(call, call._fire, ())

    def _run_timers(self):
        timers = self.timers
        if not timers:
            return
        now = _now()
        while timers and timers[0][0] <= now:
            watcher = heappop(timers)[2]
            if watcher is None:
                self.stopped -= 1
            else:
                self._guarded(watcher, watcher._fire, ())
                timers = self.timers

    def _run_events(self, found):
        for fd, got in found:
            if got & _ANY_ERROR:
                got |= READ | WRITE
            for watcher in list(self.fds.get(fd, ())):
                if watcher.active and watcher.events & got:
                    self._guarded(watcher, watcher.callback, watcher.args)

    def _timeout(self):
        """How long a wait may last in seconds; None for good."""
        timers = self.timers
        while timers and timers[0][2] is None:
            heappop(timers)
            self.stopped -= 1
        return max(timers[0][0] - _now(), 0.0) if timers else None

    def run(self, nowait=False, once=False):
        """Runs until nothing keeps the loop going."""
        self.running = True
        try:
            while True:
                self.iteration += 1
                if self.from_threads:
                    self._run_threads()
                if self.due:
                    self._run_due()
                self._run_timers()
                if self.due or self.from_threads or nowait:
                    if self.fds:
                        self._run_events(self.events.wait(0))
                elif not self.refs:
                    return
                else:
                    timeout = self._timeout()
                    if timeout is None or timeout > 0.0:
                        try:
                            found = self.events.wait(timeout)
                        except BaseException:
                            self.handle_error(self, *sys.exc_info())
                        else:
                            if found:
                                self._run_events(found)
                if once or nowait:
                    return
        finally:
            self.running = False

    # --- telling

    @property
    def activecnt(self):
        return self.refs

    @property
    def pendingcnt(self):
        return len(self.due)

    @property
    def backend(self):
        return "epoll"

    def fileno(self):
        return None

    def destroy(self):
        for watchers in list(self.fds.values()):
            for watcher in list(watchers):
                watcher.stop()
        self.due.clear()
        self.timers.clear()
        return True

    def _format(self):
        return f"{self.backend} default pending={self.pendingcnt} ref={self.activecnt}"

    def __repr__(self):
        return f"<gevent._loop.loop at {id(self):#x} {self._format()}>"
