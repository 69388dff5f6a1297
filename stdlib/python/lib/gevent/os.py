"""Files for greenlets: reads and writes that wait in the hub, or in a thread of the pool."""

import os as _os
from errno import EAGAIN

from gevent._hub_local import get_hub

__all__ = ["nb_read", "nb_write", "make_nonblocking", "tp_read", "tp_write", "fork"]

_read, _write = _os.read, _os.write


def make_nonblocking(fd):
    """Has reads and writes of the descriptor answer at once; None where they did already."""
    if _os.get_blocking(fd):
        _os.set_blocking(fd, False)
        return True


def _wait_for(fd, events):
    hub = get_hub()
    with hub.loop.io(fd, events) as watcher:
        hub.wait(watcher)


def _until_ready(call, fd, arg, events):
    while True:
        try:
            return call(fd, arg)
        except OSError as e:
            if e.errno != EAGAIN:
                raise
        _wait_for(fd, events)


def nb_read(fd, n):
    """Reads at most n bytes of a descriptor that does not block, letting others run while there are none."""
    return _until_ready(_read, fd, n, 1)


def nb_write(fd, buf):
    """Writes to a descriptor that does not block, letting others run while there is no room."""
    return _until_ready(_write, fd, buf, 2)


def tp_read(fd, n):
    """Reads in a thread of the pool."""
    return get_hub().threadpool.apply(_read, (fd, n))


def tp_write(fd, buf):
    """Writes in a thread of the pool."""
    return get_hub().threadpool.apply(_write, (fd, buf))


def fork():
    """os.fork(), which says what there is instead."""
    return _os.fork()
