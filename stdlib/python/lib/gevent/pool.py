"""Groups of greenlets, and pools: groups of a limited size."""

from greenlet import GreenletExit, getcurrent
from gevent._hub_local import get_hub
from gevent._imap import IMap, IMapUnordered
from gevent.event import Event
from gevent.greenlet import Greenlet, joinall
from gevent.hub import kill as _kill
from gevent.lock import DummySemaphore, Semaphore
from gevent.timeout import Timeout

__all__ = ["Group", "Pool", "PoolFull"]


class PoolFull(Exception):
    """The pool has no room (and one did not want to wait)."""


import queue as _queue

PoolFull = type("PoolFull", (_queue.Full,), {"__doc__": PoolFull.__doc__, "__module__": __name__})


class GroupMappingMixin:
    """What is built upon ``spawn``: apply and map in all their forms."""

    def spawn(self, func, *args, **kwargs):
        raise NotImplementedError

    def _apply_immediately(self):
        """Whether the caller itself should do the work, as it belongs to the group."""
        return False

    def _apply_async_use_greenlet(self):
        """Whether spawn() would have to wait now."""
        return False

    def _apply_async_cb_spawn(self, callback, result):
        Greenlet.spawn(callback, result)

    def apply_cb(self, func, args=None, kwds=None, callback=None):
        """apply(), then callback(result) in a greenlet of its own."""
        result = self.apply(func, args, kwds)
        if callback is not None:
            self._apply_async_cb_spawn(callback, result)
        return result

    def apply_async(self, func, args=None, kwds=None, callback=None):
        """Starts func(*args, **kwds); a greenlet whose get() gives the result."""
        args, kwds = args or (), kwds or {}
        if self._apply_async_use_greenlet():
            # no room now: somebody else has to wait for it
            return Greenlet.spawn(self.apply_cb, func, args, kwds, callback)
        g = self.spawn(func, *args, **kwds)
        if callback is not None:
            g.link(_PassResult(callback))
        return g

    def apply(self, func, args=None, kwds=None):
        """func(*args, **kwds) in the group; waits for the result."""
        args, kwds = args or (), kwds or {}
        if self._apply_immediately():
            return func(*args, **kwds)
        return self.spawn(func, *args, **kwds).get()

    def map(self, func, iterable):
        """A list of the results."""
        return list(self.imap(func, iterable))

    def map_cb(self, func, iterable, callback=None):
        result = self.map(func, iterable)
        if callback is not None:
            callback(result)
        return result

    def map_async(self, func, iterable, callback=None):
        """A greenlet whose get() gives the list of results."""
        return Greenlet.spawn(self.map_cb, func, iterable, callback)

    def _imap(self, cls, func, *iterables, **kwargs):
        return cls.spawn(func, zip(*iterables), spawn=self.spawn, maxsize=kwargs.pop("maxsize", None))

    def imap(self, func, *iterables, **kwargs):
        """An iterator over the results, in order; `maxsize` bounds how many wait to be fetched."""
        return self._imap(IMap, func, *iterables, **kwargs)

    def imap_unordered(self, func, *iterables, **kwargs):
        """The same, as they come."""
        return self._imap(IMapUnordered, func, *iterables, **kwargs)


class _PassResult:
    """A link that hands on the result alone."""

    __slots__ = ("callback",)

    def __init__(self, callback):
        self.callback = callback

    def __call__(self, source):
        if source.successful():
            self.callback(source.value)

    def __hash__(self):
        return hash(self.callback)

    def __eq__(self, other):
        return self.callback == getattr(other, "callback", other)


class Group(GroupMappingMixin):
    """Greenlets that belong together; those that have ended leave by themselves."""

    greenlet_class = Greenlet

    def __init__(self, *args):
        assert len(args) <= 1, args
        self.greenlets = set(*args)
        for g in self.greenlets:
            self._follow(g)
        self.dying = set()
        self._empty_event = Event()
        if not self.greenlets:
            self._empty_event.set()

    def __repr__(self):
        return f"<{type(self).__name__} at {id(self):#x} {self.greenlets}>"

    def __len__(self):
        return len(self.greenlets)

    def __contains__(self, item):
        return item in self.greenlets

    def __iter__(self):
        return iter(self.greenlets)

    def _follow(self, g):
        try:
            g.rawlink(self._discard)
        except AttributeError:
            pass  # a plain greenlet tells nobody of its end

    def add(self, greenlet):
        """Adds a greenlet; where there is no room, waits for it."""
        self._follow(greenlet)
        self.greenlets.add(greenlet)
        self._empty_event.clear()

    def _discard(self, greenlet):
        self.greenlets.discard(greenlet)
        self.dying.discard(greenlet)
        if not self.greenlets:
            self._empty_event.set()

    def discard(self, greenlet):
        """Takes a greenlet out, which goes on."""
        self._discard(greenlet)
        unlink = getattr(greenlet, "unlink", None)
        if unlink is not None:
            unlink(self._discard)

    def start(self, greenlet):
        """Adds a greenlet and starts it."""
        self.add(greenlet)
        greenlet.start()

    def spawn(self, *args, **kwargs):
        """Makes a greenlet in the group and starts it."""
        g = self.greenlet_class(*args, **kwargs)
        self.start(g)
        return g

    def join(self, timeout=None, raise_error=False):
        """Waits until the group is empty; True where it is."""
        greenlets = list(self.greenlets) if raise_error else ()
        empty = self._empty_event.wait(timeout=timeout)
        for g in greenlets:
            if getattr(g, "exception", None) is not None:
                raise g.exception
        return empty

    def kill(self, exception=GreenletExit, block=True, timeout=None):
        """Kills all, also those that are added meanwhile."""
        timer = Timeout._start_new_or_dummy(timeout)
        try:
            while self.greenlets:
                for g in list(self.greenlets):
                    if g in self.dying:
                        continue
                    if hasattr(g, "kill"):
                        g.kill(exception, block=False)
                    else:
                        _kill(g, exception)
                    self.dying.add(g)
                if not block:
                    break
                joinall(self.greenlets)
        except Timeout as ex:
            if ex is not timer:
                raise
        finally:
            timer.cancel()

    def killone(self, greenlet, exception=GreenletExit, block=True, timeout=None):
        """Kills one of the group."""
        if greenlet not in self.dying and greenlet in self.greenlets:
            greenlet.kill(exception, block=False)
            self.dying.add(greenlet)
        if block:
            greenlet.join(timeout)

    def full(self):
        return False

    def wait_available(self, timeout=None):
        pass

    def _apply_immediately(self):
        return getcurrent() in self


class Pool(Group):
    """A group of at most `size` greenlets; None for any number."""

    def __init__(self, size=None, greenlet_class=None):
        if size is not None and size < 0:
            raise ValueError("size must not be negative: %r" % (size,))
        Group.__init__(self)
        self.size = size
        if greenlet_class is not None:
            self.greenlet_class = greenlet_class
        self._semaphore = DummySemaphore() if size is None else Semaphore(size)

    def wait_available(self, timeout=None):
        """Waits until there is room."""
        return self._semaphore.wait(timeout=timeout)

    def full(self):
        return self.free_count() <= 0

    def free_count(self):
        """How many more fit."""
        return 1 if self.size is None else max(0, self.size - len(self))

    def start(self, greenlet, blocking=True, timeout=None):
        self.add(greenlet, blocking, timeout)
        greenlet.start()

    def add(self, greenlet, blocking=True, timeout=None):
        if not self._semaphore.acquire(blocking=blocking, timeout=timeout):
            raise PoolFull()
        try:
            Group.add(self, greenlet)
        except BaseException:
            self._semaphore.release()
            raise

    def _discard(self, greenlet):
        known = greenlet in self.greenlets
        Group._discard(self, greenlet)
        if known:
            self._semaphore.release()

    def _apply_async_use_greenlet(self):
        return self.full()
