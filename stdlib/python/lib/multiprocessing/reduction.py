"""How what cannot be pickled elsewhere crosses between the processes of one machine.

The pickler is native; here are the classes and functions that the library's other modules and scripts know. An open file crosses as a
number in the machine's table of files on their way.
"""

from abc import ABCMeta
import functools
import io
import pickle
import _multiprocessing

from . import context

__all__ = ['send_handle', 'recv_handle', 'ForkingPickler', 'register', 'dump', 'DupFd', 'sendfds', 'recvfds']

HAVE_SEND_HANDLE = True


class ForkingPickler(pickle.Pickler):
    """Pickler that also knows the reducers registered here."""
    _extra_reducers = _multiprocessing.reducers

    def __init__(self, *args):
        super().__init__(*args)
        import copyreg
        self.dispatch_table = copyreg.dispatch_table.copy()
        self.dispatch_table.update(self._extra_reducers)

    @classmethod
    def register(cls, type, reduce):
        """Register a reduce function for a type."""
        cls._extra_reducers[type] = reduce

    @classmethod
    def dumps(cls, obj, protocol=None):
        if cls is ForkingPickler and protocol is None:
            return memoryview(_multiprocessing.dumps(obj))
        buf = io.BytesIO()
        cls(buf, protocol).dump(obj)
        return buf.getbuffer()

    loads = pickle.loads


register = ForkingPickler.register


def dump(obj, file, protocol=None):
    """Replacement for pickle.dump() using ForkingPickler."""
    ForkingPickler(file, protocol).dump(obj)


class _File:
    """An open file on its way. Whoever calls detach() first gets it."""

    def __init__(self, fd):
        self._number = _multiprocessing.give(fd)

    def detach(self):
        return _multiprocessing.take(self._number)


def DupFd(fd):
    """Return a wrapper for an fd."""
    return _File(fd)


def send_handle(conn, handle, destination_pid):
    """Send a handle over a local connection."""
    conn.send(_File(handle))


def recv_handle(conn):
    """Receive a handle over a local connection."""
    return conn.recv().detach()


def sendfds(sock, fds):
    """Send descriptors over a socket: as their numbers in the machine's table."""
    numbers = [_multiprocessing.give(fd) for fd in fds]
    data = pickle.dumps(numbers)
    sock.sendall(len(data).to_bytes(4, 'big') + data)
    if sock.recv(1) != b'A':
        raise RuntimeError('did not receive acknowledgement of fd')


def recvfds(sock, size):
    """Receive so many descriptors over a socket."""
    def exactly(n):
        data = b''
        while len(data) < n:
            part = sock.recv(n - len(data))
            if not part:
                raise EOFError
            data += part
        return data
    numbers = pickle.loads(exactly(int.from_bytes(exactly(4), 'big')))
    sock.sendall(b'A')
    return [_multiprocessing.take(n) for n in numbers]


def _reduce_method(m):
    owner = m.__class__ if m.__self__ is None else m.__self__
    return getattr, (owner, m.__func__.__name__)


def _reduce_method_descriptor(m):
    return getattr, (m.__objclass__, m.__name__)


def _reduce_partial(p):
    return _rebuild_partial, (p.func, p.args, p.keywords or {})


def _rebuild_partial(func, args, keywords):
    return functools.partial(func, *args, **keywords)


def _reduce_socket(s):
    return _rebuild_socket, (DupFd(s.fileno()), s.family, s.type, s.proto)


def _rebuild_socket(df, family, type, proto):
    import socket
    return socket.socket(family, type, proto, fileno=df.detach())


def _know_sockets():
    """Called once somebody has imported socket."""
    import socket
    register(socket.socket, _reduce_socket)


class _Example:
    def method(self):
        pass


def _register_all():
    register(type(_Example().method), _reduce_method)
    register(type(list.append), _reduce_method_descriptor)
    register(type(int.__add__), _reduce_method_descriptor)
    register(functools.partial, _reduce_partial)


_register_all()


class AbstractReducer(metaclass=ABCMeta):
    """Base class for a replacement of this module (`context.reducer`)."""
    ForkingPickler = ForkingPickler
    register = register
    dump = dump
    send_handle = send_handle
    recv_handle = recv_handle
    sendfds = sendfds
    recvfds = recvfds
    DupFd = DupFd

    def __init__(self, *args):
        _register_all()
