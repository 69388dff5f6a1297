"""Sockets that let other greenlets run while they wait."""

import socket as _socket
from errno import EALREADY, EBADF, EINPROGRESS, EINVAL, EISCONN, EWOULDBLOCK
from os import strerror

from gevent._hub_local import get_hub
from gevent.exceptions import ConcurrentObjectUseError
from gevent.hub import sleep
from gevent.timeout import Timeout

_Original = _socket.socket
timeout = error_timeout = _socket.timeout
_IN_PROGRESS = (EINPROGRESS, EALREADY, EWOULDBLOCK)

__dns__ = ["getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr", "getnameinfo", "getfqdn"]
__implements__ = ["socket", "SocketType", "create_connection", "socketpair", "fromfd", *(n for n in __dns__ if hasattr(_socket, n))]
__extensions__ = ["cancel_wait", "wait_read", "wait_write", "wait_readwrite", "wait"]

# whatever else the module has is as it was
for _name in dir(_socket):
    if not _name.startswith("__") and _name not in __implements__:
        globals().setdefault(_name, getattr(_socket, _name))
__all__ = [*getattr(_socket, "__all__", ()), *__extensions__]

for _name in __dns__:
    if hasattr(_socket, _name):
        globals()[_name] = getattr(_socket, _name)


class cancel_wait_ex(OSError):
    """The descriptor that one waits for has been closed."""

    def __init__(self):
        super().__init__(EBADF, "File descriptor was closed in another greenlet")


def wait(io, timeout=None, timeout_exc=timeout("timed out")):
    """Waits for a watcher of the loop; raises `timeout_exc` after `timeout` seconds."""
    if io.callback is not None:
        raise ConcurrentObjectUseError(f"This socket is already used by another greenlet: {io.callback!r}")
    hub = get_hub()
    if timeout is None:
        hub.wait(io)
    else:
        with Timeout._start_new_or_dummy(timeout, timeout_exc):
            hub.wait(io)


def _wait_fd(fd, events, seconds, exc):
    with get_hub().loop.io(fd, events) as watcher:
        wait(watcher, seconds, exc)


def wait_read(fileno, timeout=None, timeout_exc=timeout("timed out")):
    """Waits until a descriptor can be read."""
    _wait_fd(fileno, 1, timeout, timeout_exc)


def wait_write(fileno, timeout=None, timeout_exc=timeout("timed out"), event=None):
    """Waits until a descriptor can be written."""
    _wait_fd(fileno, 2, timeout, timeout_exc)


def wait_readwrite(fileno, timeout=None, timeout_exc=timeout("timed out"), event=None):
    """Waits for either."""
    _wait_fd(fileno, 3, timeout, timeout_exc)


def cancel_wait(watcher, error=cancel_wait_ex):
    """Raises `error` where the watcher is waited for."""
    get_hub().cancel_wait(watcher, error)


class socket(_Original):
    """socket.socket, whose waits are the hub's; `timeout` says how long they may last."""

    def __init__(self, family=-1, type=-1, proto=-1, fileno=None):
        super().__init__(family, type, proto, fileno)
        self._seconds = _socket.getdefaulttimeout()
        self._begin()

    def _begin(self):
        _Original.setblocking(self, False)
        loop = get_hub().loop
        fd = self.fileno()
        self._read_event = loop.io(fd, 1)
        self._write_event = loop.io(fd, 2)

    # --- blocking or not

    @property
    def timeout(self):
        return self._seconds

    def gettimeout(self):
        return self._seconds

    def settimeout(self, value):
        if value is not None:
            try:
                value = float(value)
            except TypeError:
                raise TypeError("a float is required") from None
            if value < 0:
                raise ValueError("Timeout value out of range")
        self._seconds = value

    def setblocking(self, flag):
        self._seconds = None if flag else 0.0

    def getblocking(self):
        return self._seconds != 0.0

    def _retry(self, watcher, call, *args):
        """Calls until it no longer would block."""
        while True:
            try:
                return call(self, *args)
            except BlockingIOError:
                if self._seconds == 0.0:
                    raise
            wait(watcher, self._seconds)

    # --- connections

    def accept(self):
        """A connection and its peer's address."""
        fd, address = self._retry(self._read_event, _Original._accept)
        accepted = socket(self.family, self.type, self.proto, fileno=fd)
        return accepted, address

    def connect(self, address):
        """Connects to an address."""
        if self._seconds == 0.0:
            return super().connect(address)
        deadline = Timeout._start_new_or_dummy(self._seconds, timeout("timed out"))
        with deadline:
            while True:
                error = self.getsockopt(_socket.SOL_SOCKET, _socket.SO_ERROR)
                if error:
                    raise OSError(error, strerror(error))
                result = super().connect_ex(address)
                if not result or result == EISCONN:
                    return
                if result not in _IN_PROGRESS and not (result == EINVAL and False):
                    raise OSError(result, strerror(result))
                wait(self._write_event)

    def connect_ex(self, address):
        """The same; gives an error's number instead of raising."""
        try:
            return self.connect(address) or 0
        except timeout:
            return EWOULDBLOCK
        except OSError as e:
            if e.errno is None:
                raise
            return e.errno

    # --- data

    def recv(self, *args):
        return self._retry(self._read_event, _Original.recv, *args)

    def recv_into(self, *args):
        return self._retry(self._read_event, _Original.recv_into, *args)

    def recvfrom(self, *args):
        return self._retry(self._read_event, _Original.recvfrom, *args)

    def recvfrom_into(self, *args):
        return self._retry(self._read_event, _Original.recvfrom_into, *args)

    def send(self, data, flags=0):
        return self._retry(self._write_event, _Original.send, data, flags)

    def sendto(self, *args):
        return self._retry(self._write_event, _Original.sendto, *args)

    def sendall(self, data, flags=0):
        """Sends everything; the timeout is for all of it."""
        with memoryview(data) as view, view.cast("B") as octets:
            sent, size = 0, len(octets)
            if not size:
                self.send(b"", flags)
                return
            with Timeout._start_new_or_dummy(self._seconds or None, timeout("timed out")):
                while sent < size:
                    try:
                        sent += _Original.send(self, octets[sent:], flags)
                    except BlockingIOError:
                        if self._seconds == 0.0:
                            raise
                        wait(self._write_event)

    # --- ends

    def _cancel(self):
        for name in ("_read_event", "_write_event"):
            watcher = self.__dict__.get(name)
            if watcher is None:
                continue
            if watcher.active:
                waiting = getattr(watcher.callback, "__self__", None)
                watcher.stop()
                if waiting is not None:
                    get_hub().loop.run_callback(waiting.throw, cancel_wait_ex())

    def _real_close(self, *args):
        self._cancel()
        super()._real_close()

    def detach(self):
        self._cancel()
        return super().detach()

    def shutdown(self, how):
        super().shutdown(how)

    def dup(self):
        """A socket with a descriptor of its own for the same connection."""
        copy = type(self)(self.family, self.type, self.proto, fileno=_socket.dup(self.fileno()))
        copy.settimeout(self._seconds)
        return copy


SocketType = socket


def fromfd(fd, family, type, proto=0):
    """A socket for a copy of the descriptor."""
    return socket(family, type, proto, fileno=_socket.dup(fd))


_original_pair = getattr(_socket, "socketpair", None)


def socketpair(*args, **kwargs):
    """Two sockets that are connected with each other."""
    made = []
    for s in _original_pair(*args, **kwargs):
        made.append(s if isinstance(s, socket) else socket(s.family, s.type, s.proto, fileno=s.detach()))
    return tuple(made)


def create_connection(address, timeout=_socket._GLOBAL_DEFAULT_TIMEOUT, source_address=None, *, all_errors=False):
    """Connects to (host, port), trying each address that the name has."""
    host, port = address
    errors = []
    for family, kind, proto, _, where in globals()["getaddrinfo"](host, port, 0, _socket.SOCK_STREAM):
        s = None
        try:
            s = socket(family, kind, proto)
            if timeout is not _socket._GLOBAL_DEFAULT_TIMEOUT:
                s.settimeout(timeout)
            if source_address:
                s.bind(source_address)
            s.connect(where)
            return s
        except OSError as e:
            errors.append(e)
            if s is not None:
                s.close()
    try:
        if not errors:
            raise OSError("getaddrinfo returns an empty list")
        if all_errors:
            raise ExceptionGroup("create_connection failed", errors)
        raise errors[-1]
    finally:
        errors = None
