"""The hub: the greenlet that runs a thread's event loop, and what waits by switching to it."""

import sys
import traceback
from _thread import get_ident as _get_ident
from time import time as _time, gmtime as _gmtime, strftime as _strftime
from functools import partial
from os import register_at_fork as _register_at_fork

from greenlet import GreenletExit, getcurrent, greenlet as RawGreenlet
from gevent import _hub_local
from gevent._hub_local import get_hub, get_hub_if_exists, set_hub
from gevent._loop import loop as Loop
from gevent.exceptions import BlockingSwitchOutError, ConcurrentObjectUseError, HubDestroyed, InvalidSwitchError, InvalidThreadUseError, LoopExit

__all__ = ["getcurrent", "GreenletExit", "spawn_raw", "sleep", "kill", "signal", "reinit", "get_hub", "Hub", "Waiter"]

_MAIN_THREAD = _get_ident()
_NONE = object()


class Hub(RawGreenlet):
    """Runs the thread's loop whenever other greenlets wait; one for each thread."""

    # errors of these classes end the main greenlet's wait; the others are only printed
    SYSTEM_ERROR = (KeyboardInterrupt, SystemExit, SystemError)
    # errors of these classes are nobody's business
    NOT_ERROR = (GreenletExit, SystemExit)
    threadpool_size = 10
    name = ""
    exception_stream = _NONE

    def __init__(self, loop=None, default=None):
        super().__init__()
        self.thread_ident = _get_ident()
        self.loop = Loop() if loop is None or isinstance(loop, bool) else loop
        self.loop.error_handler = self
        self._resolver = self._threadpool = None
        self._raws = set()

    def __repr__(self):
        if self.loop is None:
            info = "destroyed"
        else:
            info = self.loop._format()
        return f"<{type(self).__name__} {self.name!r} at {id(self):#x} {info} thread_ident={self.thread_ident:#x}>"

    @property
    def main_hub(self):
        return self.thread_ident == _MAIN_THREAD

    def run(self):
        """The hub's life: run the loop; where it has nothing left, whoever waits in the main greenlet gets LoopExit."""
        while True:
            self.loop.run()
            self.parent.throw(LoopExit("This operation would block forever", self, []))

    # --- errors of callbacks and greenlets

    def handle_error(self, context, kind, value, tb):
        """What a callback or a greenlet has raised and nobody caught."""
        if kind is HubDestroyed:
            self.parent.throw(value)
            return
        if not issubclass(kind, self.NOT_ERROR):
            self.print_exception(context, kind, value, tb)
        if context is None or issubclass(kind, self.SYSTEM_ERROR):
            self.handle_system_error(kind, value, tb)

    def handle_system_error(self, kind, value, tb=None):
        """Raises it in the main greenlet."""
        current = getcurrent()
        if current is self or current is self.parent or self.loop is None:
            self.parent.throw(kind, value, tb)
        else:
            # back here once the main greenlet waits again
            cb = self.loop.run_callback(current.switch)
            try:
                self.parent.throw(kind, value, tb)
            finally:
                cb.stop()

    def print_exception(self, context, kind, value, tb):
        """The traceback, then when and what has failed."""
        stream = sys.stderr if self.exception_stream is _NONE else self.exception_stream
        if stream is None or issubclass(kind, HubDestroyed):
            return
        if value is None:
            stream.write(f"{kind.__name__}\n")
        else:
            traceback.print_exception(kind, value, tb, file=stream)
        if context is None:
            return
        if not isinstance(context, str):
            try:
                context = repr(context)
            except Exception:
                traceback.print_exc(file=stream)
                context = f"<object of {type(context).__name__} whose repr() fails>"
        when = _strftime("%Y-%m-%dT%H:%M:%SZ", _gmtime(_time()))
        stream.write(f"{when} {context} failed with {kind.__name__}\n\n")

    # --- waiting

    def switch(self):
        """Lets others run; returns what this greenlet is switched to with."""
        current = getcurrent()
        out = getattr(current, "switch_out", None)
        if out is not None:
            out()
        return RawGreenlet.switch(self)

    def switch_out(self):
        raise BlockingSwitchOutError("Impossible to call blocking function in the event loop callback")

    def wait(self, watcher):
        """Waits until the watcher calls back."""
        waiter = Waiter(self)
        watcher.start(waiter.switch, waiter)
        try:
            result = waiter.get()
            if result is not waiter:
                raise InvalidSwitchError(f"Invalid switch into {getcurrent()!r}: got {result!r} (expected {waiter!r}; waiting on {self!r} with {watcher!r})")
        finally:
            watcher.stop()

    def cancel_wait(self, watcher, error, close_watcher=False):
        """Raises `error` in the greenlet that waits for the watcher."""
        if watcher.callback is not None:
            self.loop.run_callback(self._cancel_wait, watcher, error, close_watcher)
        elif close_watcher:
            watcher.close()

    def _cancel_wait(self, watcher, error, close_watcher):
        callback = watcher.callback
        if watcher.active and callback is not None:
            waiting = getattr(callback, "__self__", None)
            if close_watcher:
                watcher.close()
            if waiting is not None:
                waiting.throw(error)

    def join(self, timeout=None):
        """Waits until there is nothing left to do; only from the main greenlet."""
        if getcurrent() is not self.parent:
            raise AssertionError("only possible from the MAIN greenlet")
        if self.dead:
            return True
        waiter = Waiter(self)
        watcher = None
        if timeout is not None:
            watcher = self.loop.timer(timeout, ref=False)
            watcher.start(waiter.switch, None)
        try:
            waiter.get()
        except LoopExit:
            return True
        finally:
            if watcher is not None:
                watcher.close()
        return False

    def destroy(self, destroy_loop=None):
        """Forgets the hub; the thread's next wait makes another one."""
        if self._threadpool is not None:
            self._threadpool.kill()
            self._threadpool = None
        if get_hub_if_exists() is self:
            set_hub(None)
        if self.loop is not None:
            self.loop.destroy()
            self.loop = None

    # --- what comes with it

    @property
    def threadpool(self):
        """Threads for what would block the loop."""
        if self._threadpool is None:
            from gevent.threadpool import ThreadPool

            self._threadpool = ThreadPool(self.threadpool_size, hub=self)
        return self._threadpool

    @property
    def resolver(self):
        """Who looks up names for sockets."""
        if self._resolver is None:
            from gevent.resolver import Resolver

            self._resolver = Resolver(self)
        return self._resolver


_hub_local.Hub = Hub


def _after_fork():
    """The child's greenlets are its parent's: it begins with a hub of its own."""
    set_hub(None)


_register_at_fork(after_in_child=_after_fork)


class Waiter:
    """A single switch between two greenlets: one calls get(), another gives it a value by switch() or an exception by throw()."""

    __slots__ = ("hub", "greenlet", "value", "_exception")

    def __init__(self, hub=None):
        self.hub = get_hub() if hub is None else hub
        self.greenlet = self.value = None
        self._exception = _NONE

    def clear(self):
        self.greenlet = self.value = None
        self._exception = _NONE

    def __str__(self):
        if self._exception is _NONE:
            return "<Waiter greenlet=%s>" % self.greenlet
        if self._exception is None:
            return f"<Waiter greenlet={self.greenlet} value={self.value!r}>"
        return f"<Waiter greenlet={self.greenlet} exc_info={self.exc_info!r}>"

    def ready(self):
        return self._exception is not _NONE

    def successful(self):
        return self._exception is None

    @property
    def exc_info(self):
        if self._exception is not _NONE:
            return self._exception

    def switch(self, value=None):
        """Has get() return `value`; only in the hub."""
        if self.greenlet is None:
            self.value = value
            self._exception = None
        else:
            if getcurrent() is not self.hub:
                raise AssertionError("Can only use Waiter.switch method from the Hub greenlet")
            try:
                self.greenlet.switch(value)
            except BaseException:
                self.hub.handle_error(self.greenlet.switch, *sys.exc_info())

    __call__ = switch

    def switch_args(self, *args):
        return self.switch(args)

    def throw(self, *throw_args):
        """Has get() raise; only in the hub."""
        if self.greenlet is None:
            self._exception = throw_args
        else:
            if getcurrent() is not self.hub:
                raise AssertionError("Can only use Waiter.switch method from the Hub greenlet")
            try:
                self.greenlet.throw(*throw_args)
            except BaseException:
                self.hub.handle_error(self.greenlet.throw, *sys.exc_info())

    def get(self):
        """Waits for switch() or throw()."""
        if self._exception is not _NONE:
            if self._exception is None:
                return self.value
            getcurrent().throw(*self._exception)
        if self.greenlet is not None:
            raise ConcurrentObjectUseError(f"This Waiter is already used by {self.greenlet!r}")
        self.greenlet = getcurrent()
        try:
            return self.hub.switch()
        finally:
            self.greenlet = None


class MultipleWaiter(Waiter):
    """A waiter that takes several values before get() fetches them one by one."""

    __slots__ = ("_values",)

    def __init__(self, hub=None):
        super().__init__(hub)
        self._values = []

    def switch(self, value=None):
        self._values.append(value)
        Waiter.switch(self, True)

    def get(self):
        if not self._values:
            Waiter.get(self)
            Waiter.clear(self)
        return self._values.pop(0)


def sleep(seconds=0, ref=True):
    """Lets other greenlets run for `seconds`; with 0, all that are due once."""
    hub = get_hub()
    loop = hub.loop
    if seconds <= 0:
        waiter = Waiter(hub)
        loop.run_callback(waiter.switch, None)
        waiter.get()
        return
    watcher = loop.timer(seconds, ref=ref)
    watcher.start(getcurrent().switch, watcher)
    try:
        result = hub.switch()
        if result is not watcher:
            raise InvalidSwitchError(f"Invalid switch into {getcurrent()!r}: got {result!r} (expected {watcher!r})")
    finally:
        watcher.stop()


def idle(priority=0):
    """Lets others run until nothing is due at once."""
    hub = get_hub()
    while True:
        sleep(0)
        if not hub.loop.due:
            return


def spawn_raw(function, *args, **kwargs):
    """Runs `function` in a plain greenlet, without what a Greenlet adds."""
    if not callable(function):
        raise TypeError("function must be callable")
    hub = get_hub()
    g = RawGreenlet(partial(function, **kwargs) if kwargs else function, hub)
    hub._raws.add(g)
    hub.loop.run_callback(_start_raw, hub, g, args)
    return g


def _start_raw(hub, g, args):
    hub._raws.discard(g)
    g.switch(*args)


def kill(greenlet, exception=GreenletExit):
    """Raises `exception` in a greenlet, soon; does not wait for it."""
    if not greenlet.dead:
        if hasattr(greenlet, "_kill_soon"):
            greenlet._kill_soon(exception)
        elif not greenlet and not isinstance(greenlet, Hub):
            get_hub().loop.run_callback(greenlet.throw, exception)
        else:
            get_hub().loop.run_callback(greenlet.throw, exception)


class signal:
    """Has `handler(*args, **kwargs)` called in a greenlet of its own whenever the signal comes."""

    def __init__(self, signalnum, handler, *args, **kwargs):
        import signal as _signal

        if not callable(handler):
            raise TypeError("signal handler must be callable.")
        self.hub = get_hub()
        self.number = signalnum
        self.handler, self.args, self.kwargs = handler, args, kwargs
        self._watcher = self.hub.loop.async_(ref=False)
        self._watcher.start(self._spawn)
        self._before = _signal.signal(signalnum, lambda *_: self._watcher.send())

    def _spawn(self):
        RawGreenlet(self._handle, self.hub).switch()

    def _handle(self):
        try:
            self.handler(*self.args, **self.kwargs)
        except BaseException:
            self.hub.handle_error(None, *sys.exc_info())

    def cancel(self):
        """Puts back what was there before."""
        import signal as _signal

        self._watcher.close()
        if self._before is not None:
            _signal.signal(self.number, self._before)
            self._before = None


def reinit(hub=None):
    """A process that was forked off begins with a hub of its own, so there is nothing to do."""


def iwait(objects, timeout=None, count=None):
    """Yields the objects as they become ready: greenlets, events, whatever has rawlink()."""
    if objects is None:
        yield get_hub().join(timeout=timeout)
        return
    objects = list(objects)
    count = len(objects) if count is None else min(count, len(objects))
    waiter = MultipleWaiter()
    if timeout is not None:
        timer = waiter.hub.loop.timer(timeout)
        timer.start(waiter.switch, _NONE)
    try:
        for obj in objects:
            obj.rawlink(waiter.switch)
        for _ in range(count):
            item = waiter.get()
            waiter.clear()
            if item is _NONE:
                return
            yield item
    finally:
        if timeout is not None:
            timer.close()
        for obj in objects:
            unlink = getattr(obj, "unlink", None)
            if unlink is not None:
                try:
                    unlink(waiter.switch)
                except Exception:
                    traceback.print_exc()


def wait(objects=None, timeout=None, count=None):
    """Waits until the objects (or `count` of them) are ready and gives those that are; without objects, until nothing is left to do."""
    if objects is None:
        return get_hub().join(timeout=timeout)
    return list(iwait(objects, timeout, count))


wait_on_objects, iwait_on_objects = wait, iwait
