"""The names of `threading` that gevent itself offers: locks and locals for greenlets."""

from gevent.local import local
from gevent.thread import allocate_lock as _allocate_lock, get_ident as _get_ident, start_new_thread as _start_new_thread

__implements__ = ["local", "_start_new_thread", "_allocate_lock", "_get_ident"]
__all__ = __implements__

Lock = _allocate_lock


def __getattr__(name):
    # the rest is the library's own code upon gevent.thread
    from gevent import _python_threading

    return getattr(_python_threading, name)
