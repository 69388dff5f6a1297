"""What servers of all kinds have in common: a listener, a function for each that comes, a way to start and stop."""

import socket as _socket
import sys
from errno import EBADF, EWOULDBLOCK

from gevent import socket as _ours
from gevent._hub_local import get_hub
from gevent.event import Event
from gevent.greenlet import Greenlet
from gevent.hub import spawn_raw
from gevent.pool import Pool
from gevent.timeout import Timeout

__all__ = ["BaseServer"]


def _handle_and_close_when_done(handle, close, args):
    try:
        return handle(*args)
    finally:
        close(*args)


class BaseServer:
    """Calls `handle` for whatever the listener brings. `spawn`: 'default' (a Greenlet each), 'raw', None (in the hub), a pool, or its size."""

    min_delay = 0.01
    max_delay = 1
    max_accept = 100
    stop_timeout = 1
    fatal_errors = (EBADF, _socket.EAI_NONAME if hasattr(_socket, "EAI_NONAME") else EBADF)
    _spawn = Greenlet.spawn

    def __init__(self, listener, handle=None, spawn="default"):
        self._stop_event = Event()
        self._stop_event.set()
        self._watcher = self._timer = None
        self._handle = None
        self.pool = None
        self.delay = self.min_delay
        self.loop = get_hub().loop
        self.family = self.address = None
        try:
            self.set_listener(listener)
            self.set_spawn(spawn)
            self.set_handle(handle)
        except BaseException:
            self.close()
            raise

    # --- settings

    def set_listener(self, listener):
        """A bound socket, an address, or a port."""
        if hasattr(listener, "accept") or hasattr(listener, "recvfrom"):
            if hasattr(listener, "do_handshake"):
                raise TypeError("Expected a regular socket, not SSLSocket: %r" % (listener,))
            self.family = listener.family
            self.address = listener.getsockname()
            self.socket = listener
        else:
            self.family, self.address = parse_address(listener)

    def set_spawn(self, spawn):
        if spawn == "default":
            self.pool, self._spawn = None, Greenlet.spawn
        elif spawn == "raw":
            self.pool, self._spawn = None, spawn_raw
        elif hasattr(spawn, "spawn"):
            self.pool, self._spawn = spawn, spawn.spawn
        elif isinstance(spawn, int):
            self.pool = Pool(spawn)
            self._spawn = self.pool.spawn
        else:
            self.pool, self._spawn = None, spawn
        if hasattr(self.pool, "full"):
            self.full = self.pool.full
        if self.pool is not None:
            self.pool._semaphore.rawlink(self._start_accepting_if_started)

    def set_handle(self, handle):
        if handle is not None:
            self.handle = handle
        if hasattr(self, "handle"):
            self._handle = self.handle
        else:
            raise TypeError("'handle' must be provided")

    # --- accepting

    def _start_accepting_if_started(self, _event=None):
        if self.started:
            self.start_accepting()

    def start_accepting(self):
        if self._watcher is None:
            self._watcher = self.loop.io(self.socket.fileno(), 1)
            self._watcher.start(self._do_read)

    def stop_accepting(self):
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None
        if self._timer is not None:
            self._timer.close()
            self._timer = None

    def _wait_for_room(self):
        """Accepts nobody until the pool has room again."""
        self.stop_accepting()
        self.pool._semaphore.rawlink(self._start_accepting_if_started)

    def do_handle(self, *args):
        spawn = self._spawn
        handle, close = self._handle, self.do_close
        try:
            if spawn is None:
                _handle_and_close_when_done(handle, close, args)
            else:
                spawn(_handle_and_close_when_done, handle, close, args)
        except BaseException:
            close(*args)
            raise

    def do_close(self, *args):
        pass

    def do_read(self):
        raise NotImplementedError

    def _do_read(self):
        for _ in range(self.max_accept):
            if self.full():
                self._wait_for_room()
                return
            try:
                args = self.do_read()
                self.delay = self.min_delay
                if not args:
                    return
            except BaseException:
                self.loop.handle_error(self, *sys.exc_info())
                e = sys.exception()
                if self.is_fatal_error(e):
                    self.close()
                    sys.stderr.write(f"ERROR: {self} failed with {str(e) or repr(e)}\n")
                    return
                if self.delay >= 0:
                    self.stop_accepting()
                    self._timer = self.loop.timer(self.delay)
                    self._timer.start(self._start_accepting_if_started)
                    self.delay = min(self.max_delay, self.delay * 2)
                return
            try:
                self.do_handle(*args)
            except BaseException:
                self.loop.handle_error((args[1:], self), *sys.exc_info())
                return

    def full(self):
        return False

    def is_fatal_error(self, e):
        return isinstance(e, OSError) and e.errno in self.fatal_errors

    # --- telling

    def __repr__(self):
        return f"<{type(self).__name__} at {id(self):#x} {self._formatinfo()}>"

    def __str__(self):
        return f"<{type(self).__name__} {self._formatinfo()}>"

    def _formatinfo(self):
        try:
            text = f"fileno={self.socket.fileno()} "
        except Exception:
            text = ""
        text += f"address={self.server_host}:{self.server_port}" if isinstance(self.address, tuple) else f"address={self.address}"
        handle = getattr(self, "handle", None)
        if handle is not None and getattr(handle, "__self__", None) is not self:
            text += f" handle={handle!r}"
        return text

    @property
    def server_host(self):
        if isinstance(self.address, tuple):
            return self.address[0]

    @property
    def server_port(self):
        if isinstance(self.address, tuple):
            return self.address[1]

    @property
    def started(self):
        return not self._stop_event.is_set()

    @property
    def closed(self):
        return not hasattr(self, "socket")

    # --- life

    def init_socket(self):
        """Makes the listener, where there was only an address."""

    def start(self):
        """Begins to listen."""
        self.init_socket()
        self._stop_event.clear()
        try:
            self.start_accepting()
        except BaseException:
            self.close()
            raise

    def close(self):
        """Takes nobody in any more."""
        self._stop_event.set()
        self.stop_accepting()
        listener = self.__dict__.pop("socket", None)
        if listener is not None:
            listener.close()
        for name in ("_handle", "handle", "_spawn", "full"):
            self.__dict__.pop(name, None)

    def stop(self, timeout=None):
        """Closes, and waits for what still runs in the pool; kills what does not end in time."""
        self.close()
        if timeout is None:
            timeout = self.stop_timeout
        if self.pool:
            self.pool.join(timeout=timeout)
            self.pool.kill(block=True, timeout=1)

    def serve_forever(self, stop_timeout=None):
        """Serves until somebody calls stop() or close()."""
        if not self.started:
            self.start()
        try:
            self._stop_event.wait()
        finally:
            Greenlet.spawn(self.stop, timeout=stop_timeout).join()


def parse_address(address):
    """(family, address) of 'host:port', ':port', a port, or a tuple."""
    if isinstance(address, tuple):
        if not address[0] or ":" in address[0]:
            return _socket.AF_INET6 if ":" in address[0] else _socket.AF_INET, address
        return _socket.AF_INET, address
    if isinstance(address, int):
        return _socket.AF_INET, ("", address)
    if isinstance(address, str):
        host, separator, port = address.rpartition(":")
        if separator and port.isdigit() or not separator and address.isdigit():
            if host.startswith("[") and host.endswith("]"):
                return _socket.AF_INET6, (host[1:-1], int(port))
            return _socket.AF_INET, ("" if host == "*" else host, int(port))
    raise ValueError("Failed to parse address %r" % (address,))
