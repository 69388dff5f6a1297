"""Greenlet: a function that runs beside others, whose result can be waited for."""

import sys
from contextvars import copy_context
from weakref import ref as _wref

from greenlet import GreenletExit, getcurrent, greenlet
from gevent._hub_local import get_hub
from gevent._ident import ident_of
from gevent.exceptions import InvalidSwitchError
from gevent.hub import Waiter, iwait, wait
from gevent.timeout import Timeout

__all__ = ["Greenlet", "joinall", "killall"]

_NOT_YET = object()


class _Started:
    """Stands for the start event of a greenlet that has started, or never will."""

    pending = False

    def __init__(self, pending=False, aborted=False):
        self.aborted = aborted

    def stop(self):
        pass

    close = stop


_BEGUN = _Started()
_CANCELLED = _Started(aborted=True)


class SpawnedLink:
    """A callback that is run in a greenlet of its own."""

    __slots__ = ("callback",)

    def __init__(self, callback):
        if not callable(callback):
            raise TypeError("Expected callable: %r" % (callback,))
        self.callback = callback

    def __call__(self, source):
        greenlet(self.callback, get_hub()).switch(source)

    def __hash__(self):
        return hash(self.callback)

    def __eq__(self, other):
        return self.callback == getattr(other, "callback", other)

    def __str__(self):
        return str(self.callback)

    def __repr__(self):
        return repr(self.callback)

    def __getattr__(self, name):
        if name == "callback":
            raise AttributeError(name)
        return getattr(self.callback, name)


class SuccessSpawnedLink(SpawnedLink):
    """The same, only for a greenlet that has succeeded."""

    __slots__ = ()

    def __call__(self, source):
        if source.successful():
            SpawnedLink.__call__(self, source)


class FailureSpawnedLink(SpawnedLink):
    """The same, only for a greenlet that has failed."""

    __slots__ = ()

    def __call__(self, source):
        if not source.successful():
            SpawnedLink.__call__(self, source)


class Greenlet(greenlet):
    """Runs a function (or the method ``_run`` of a subclass) once it has been started; see ``spawn``."""

    # most greenlets keep these as they are
    value = None
    args = ()
    kwargs = {}
    _exception = _NOT_YET
    _traceback = None
    _start_event = None
    _links = ()
    _notifier = None
    _formatted_info = None
    _has_custom_str = False
    _spawn_callbacks = None
    spawning_greenlet = None
    spawn_tree_locals = None

    def __init__(self, run=None, *args, **kwargs):
        hub = get_hub()
        greenlet.__init__(self, parent=hub)
        if run is not None:
            self._run = run
        # without a function of its own a greenlet runs its class's
        if not callable(self._run):
            raise TypeError("The run argument or self._run must be callable")
        if args:
            self.args = args
        if kwargs:
            self.kwargs = kwargs
        self.gr_context = copy_context()
        spawner = getcurrent()
        self.spawning_greenlet = _wref(spawner)
        try:
            self.spawn_tree_locals = spawner.spawn_tree_locals
        except AttributeError:
            self.spawn_tree_locals = {}
            if spawner.parent is not None:
                spawner.spawn_tree_locals = self.spawn_tree_locals

    def _run(self):
        """What a subclass does."""

    # --- names

    @property
    def minimal_ident(self):
        """A small number that no other living greenlet of the hub has."""
        return ident_of(self)

    @property
    def name(self):
        """A name; made from the number where none was given."""
        try:
            return self.__dict__["name"]
        except KeyError:
            name = self.__dict__["name"] = f"Greenlet-{self.minimal_ident}"
            return name

    @name.setter
    def name(self, value):
        self.__dict__["name"] = value

    def _format_run(self):
        run = self._run
        owner = getattr(run, "__self__", None)
        if owner is self:
            text = "_run"
        elif owner is not None:
            text = repr(run) if not type(run).__name__.startswith("builtin") else getattr(run, "__name__", "") or repr(run)
        else:
            text = getattr(run, "__name__", "") or repr(run)
        shown = [repr(a)[:50] for a in self.args]
        shown += [f"{key}={value!r}"[: len(key) + 51] for key, value in self.kwargs.items()]
        return f"{text}({', '.join(shown)})" if shown else text

    def _formatinfo(self):
        info = self._formatted_info
        if info is None:
            info = self._formatted_info = self._format_run()
        return info

    def __repr__(self):
        name = f' "{self.__dict__["name"]}"' if "name" in self.__dict__ else ""
        try:
            info = self._formatinfo()
        except Exception as ex:
            info = f"<{type(ex).__name__}>"
        return f"<{type(self).__name__}{name} at {id(self):#x}{': ' if info else ''}{info}>"

    # --- states

    def __bool__(self):
        return self._start_event is not None and self._exception is _NOT_YET

    @property
    def started(self):
        """Whether it was started and has not ended."""
        return bool(self)

    @property
    def dead(self):
        """Whether it will not run any more."""
        event = self._start_event
        return (event is not None and event is _CANCELLED) or greenlet.dead.__get__(self)

    def ready(self):
        """Whether it has ended, one way or another."""
        return self.dead or self._exception is not _NOT_YET

    def successful(self):
        """Whether it has ended without an error; killed by GreenletExit counts as success."""
        return self._exception is None

    @property
    def loop(self):
        return get_hub().loop

    @property
    def exception(self):
        """What it has raised, or None."""
        return None if self._exception is _NOT_YET else self._exception

    @property
    def exc_info(self):
        """The same as (class, exception, traceback); None where there is none."""
        e = self.exception
        return None if e is None else (type(e), e, self._traceback)

    # --- starting

    def start(self):
        """Has it run in the loop's next round."""
        if self._start_event is None:
            self._tell_spawned()
            self._start_event = self.parent.loop.run_callback(self.switch)

    def start_later(self, seconds):
        """Has it run after so many seconds."""
        if self._start_event is None:
            self._tell_spawned()
            timer = self._start_event = self.parent.loop.timer(seconds)
            timer.start(self.switch)

    @classmethod
    def spawn(cls, *args, **kwargs):
        """Makes a greenlet and starts it."""
        g = cls(*args, **kwargs)
        g.start()
        return g

    @classmethod
    def spawn_later(cls, seconds, *args, **kwargs):
        """Makes a greenlet that starts after so many seconds."""
        if cls is Greenlet and not (args and callable(args[0])):
            raise TypeError("The run argument or self._run must be callable")
        g = cls(*args, **kwargs)
        g.start_later(seconds)
        return g

    @classmethod
    def add_spawn_callback(cls, callback):
        """Has `callback(greenlet)` called for every greenlet that is started."""
        if Greenlet._spawn_callbacks is None:
            Greenlet._spawn_callbacks = set()
        Greenlet._spawn_callbacks.add(callback)

    @classmethod
    def remove_spawn_callback(cls, callback):
        """Ends that."""
        if Greenlet._spawn_callbacks is not None:
            Greenlet._spawn_callbacks.discard(callback)
            if not Greenlet._spawn_callbacks:
                Greenlet._spawn_callbacks = None

    def _tell_spawned(self):
        if self._spawn_callbacks:
            for callback in list(self._spawn_callbacks):
                callback(self)

    def _cancel_start(self):
        event = self._start_event
        if event is None:
            self._start_event = _CANCELLED
        elif event is not _BEGUN and event is not _CANCELLED:
            event.stop()
            event.close()
            self._start_event = _CANCELLED

    # --- running

    def run(self):
        """The greenlet's life."""
        event = self._start_event
        if event is not None and event is not _BEGUN:
            event.stop()
        self._start_event = _BEGUN
        try:
            result = self._run(*self.args, **self.kwargs)
        except BaseException as e:
            self._failed(e)
        else:
            self._ended(result)
        finally:
            self.__dict__.pop("_run", None)
            self.__dict__.pop("args", None)
            self.__dict__.pop("kwargs", None)

    def _ended(self, result):
        self._exception = None
        self.value = result
        if self._links and self._notifier is None:
            self._notifier = self.parent.loop.run_callback(self._notify)

    def _failed(self, e):
        if isinstance(e, GreenletExit):
            self._ended(e)
            return
        self._exception = e
        self._traceback = e.__traceback__
        if self._links and self._notifier is None:
            self._notifier = self.parent.loop.run_callback(self._notify)
        try:
            get_hub().handle_error(self, type(e), e, e.__traceback__)
        finally:
            del e

    def throw(self, *args):
        """Raises in the greenlet at once; one that has not started ends without having run."""
        self._cancel_start()
        try:
            if not self.dead or greenlet.__bool__(self):
                return greenlet.throw(self, *args)
        finally:
            self._end_unstarted(args)

    def _end_unstarted(self, args):
        if self._exception is _NOT_YET and self.dead:
            if not args:
                e = GreenletExit()
            elif isinstance(args[0], type) and issubclass(args[0], BaseException):
                e = args[1] if len(args) > 1 and args[1] is not None else args[0]
                e = e if isinstance(e, BaseException) else args[0](e) if e is not args[0] else args[0]()
            else:
                e = args[0]
            self._failed(e)

    # --- waiting

    def join(self, timeout=None):
        """Waits until it has ended, at most `timeout` seconds."""
        if self.ready():
            return
        self._await(timeout)

    def _await(self, timeout):
        """True: it has ended; else the timeout that has come."""
        switch = getcurrent().switch
        self.rawlink(switch)
        try:
            timer = Timeout._start_new_or_dummy(timeout)
            try:
                result = self.parent.switch()
                if result is not self:
                    raise InvalidSwitchError(f"Invalid switch into Greenlet.join(): {result!r}")
                return True
            except Timeout as ex:
                if ex is not timer:
                    raise
                return ex
            finally:
                timer.cancel()
        finally:
            self.unlink(switch)

    def get(self, block=True, timeout=None):
        """Its result; what it has raised is raised here too."""
        if not self.ready():
            if not block:
                raise Timeout()
            how = self._await(timeout)
            if how is not True:
                raise how
        if self.successful():
            return self.value
        raise self._exception.with_traceback(self._traceback)

    def kill(self, exception=GreenletExit, block=True, timeout=None):
        """Raises `exception` in it, and waits until it has ended unless `block` is false."""
        self._cancel_start()
        if self.dead:
            self._end_unstarted((exception,))
            return
        waiter = Waiter() if block else None
        self.parent.loop.run_callback(_kill, self, exception, waiter)
        if block:
            waiter.get()
            self.join(timeout)

    def _kill_soon(self, exception):
        self.kill(exception, block=False)

    # --- links

    def ready_to_link(self):
        return True

    def rawlink(self, callback):
        """Has `callback(greenlet)` called in the hub when this has ended."""
        if not callable(callback):
            raise TypeError("Expected callable: %r" % (callback,))
        links = self._links
        if links == ():
            links = self._links = []
        links.append(callback)
        if self.ready() and self._notifier is None:
            self._notifier = self.parent.loop.run_callback(self._notify)

    def link(self, callback, SpawnedLink=SpawnedLink):
        """Has `callback(greenlet)` run in a greenlet of its own when this has ended."""
        self.rawlink(SpawnedLink(callback))

    def link_value(self, callback, SpawnedLink=SuccessSpawnedLink):
        """The same, if it has succeeded."""
        self.link(callback, SpawnedLink=SpawnedLink)

    def link_exception(self, callback, SpawnedLink=FailureSpawnedLink):
        """The same, if it has failed."""
        self.link(callback, SpawnedLink=SpawnedLink)

    def unlink(self, callback):
        """Takes a callback back."""
        try:
            self._links.remove(callback)
        except (ValueError, AttributeError):
            pass

    def unlink_all(self):
        self._links = ()

    def has_links(self):
        return len(self._links)

    def _notify(self):
        self._notifier = None
        while self._links:
            link = self._links.pop(0)
            try:
                link(self)
            except BaseException:
                self.parent.handle_error((link, self), *sys.exc_info())


def _kill(g, exception, waiter):
    try:
        g.throw(exception)
    except BaseException:
        g.parent.handle_error(g, *sys.exc_info())
    if waiter is not None:
        waiter.switch(None)


def joinall(greenlets, timeout=None, raise_error=False, count=None):
    """Waits for the greenlets (or `count` of them); gives those that are ready."""
    if not raise_error:
        return wait(greenlets, timeout=timeout, count=count)
    done = []
    for g in iwait(greenlets, timeout=timeout, count=count):
        if getattr(g, "exception", None) is not None:
            raise g.exception
        done.append(g)
    return done


def _killall(pending, exception):
    for g in pending:
        if not g.dead:
            try:
                g.throw(exception)
            except BaseException:
                getattr(g.parent, "handle_error", get_hub().handle_error)(g, *sys.exc_info())


def _killall_and_tell(pending, exception, waiter):
    _killall(pending, exception)
    waiter.switch(None)


def killall(greenlets, exception=GreenletExit, block=True, timeout=None):
    """Raises `exception` in all of them, and waits for their end unless `block` is false."""
    pending = list(greenlets)
    if not pending:
        return
    # those that have not begun never do
    waiting = []
    for g in pending:
        if isinstance(g, Greenlet) and not greenlet.__bool__(g) and not g.ready():
            g._cancel_start()
            g._end_unstarted((exception,))
        else:
            waiting.append(g)
    if not waiting:
        return
    loop = get_hub().loop
    if not block:
        loop.run_callback(_killall, waiting, exception)
        return
    waiter = Waiter()
    loop.run_callback(_killall_and_tell, waiting, exception, waiter)
    timer = Timeout._start_new_or_dummy(timeout)
    try:
        waiter.get()
        joinall([g for g in waiting if not g.dead and hasattr(g, "rawlink")])
    except Timeout as ex:
        if ex is not timer:
            raise
        raise
    finally:
        timer.cancel()
