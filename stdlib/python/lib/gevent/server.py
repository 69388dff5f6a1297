"""TCP and UDP servers."""

import socket as _socket
from errno import EWOULDBLOCK

from gevent.baseserver import BaseServer
from gevent.socket import _Original, socket

__all__ = ["StreamServer", "DatagramServer"]


class StreamServer(BaseServer):
    """Calls handle(socket, address) for every connection, and closes it afterwards."""

    backlog = 256
    reuse_addr = 1

    def __init__(self, listener, handle=None, backlog=None, spawn="default", **ssl_args):
        if ssl_args:
            raise TypeError("Gilbert has no TLS; plain sockets work")
        super().__init__(listener, handle, spawn)
        if backlog is not None:
            if hasattr(self, "socket"):
                raise TypeError("backlog must be None when a socket instance is passed")
            self.backlog = backlog

    @classmethod
    def get_listener(cls, address, backlog=None, family=None):
        """A listening socket."""
        return _bound(address, family or _socket.AF_INET, _socket.SOCK_STREAM, cls.reuse_addr, cls.backlog if backlog is None else backlog)

    def init_socket(self):
        if not hasattr(self, "socket"):
            self.socket = self.get_listener(self.address, self.backlog, self.family)
            self.address = self.socket.getsockname()
        self._listener = self.socket if isinstance(self.socket, socket) else _adopt(self.socket)

    def do_read(self):
        try:
            fd, address = _Original._accept(self._listener)
        except BlockingIOError:
            return
        return socket(self._listener.family, self._listener.type, self._listener.proto, fileno=fd), address

    def do_close(self, sock, *args):
        sock.close()


class DatagramServer(BaseServer):
    """Calls handle(data, address) for every datagram; sendto() answers."""

    reuse_addr = 1

    def __init__(self, *args, **kwargs):
        BaseServer.__init__(self, *args, **kwargs)
        from gevent.lock import Semaphore

        self._writelock = Semaphore()

    @classmethod
    def get_listener(cls, address, family=None):
        """A bound socket."""
        return _bound(address, family or _socket.AF_INET, _socket.SOCK_DGRAM, cls.reuse_addr, None)

    def init_socket(self):
        if not hasattr(self, "socket"):
            self.socket = self.get_listener(self.address, self.family)
            self.address = self.socket.getsockname()
        self._socket = self.socket if isinstance(self.socket, socket) else _adopt(self.socket)

    def do_read(self):
        try:
            return _Original.recvfrom(self._socket, 8192)
        except BlockingIOError:
            return

    def sendto(self, *args):
        with self._writelock:
            return self.socket.sendto(*args)


def _bound(address, family, kind, reuse, backlog):
    sock = socket(family, kind)
    try:
        if reuse is not None:
            sock.setsockopt(_socket.SOL_SOCKET, _socket.SO_REUSEADDR, reuse)
        sock.bind(address)
        if backlog is not None:
            sock.listen(backlog)
    except OSError as e:
        sock.close()
        if getattr(e, "strerror", None):
            e.strerror = f"{e.strerror}: {address!r}"
        raise
    return sock


def _adopt(listener):
    """A listener that was not made by gevent: it must not block."""
    listener.setblocking(False)
    return listener
