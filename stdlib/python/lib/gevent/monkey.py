"""Makes the standard library cooperative: `from gevent import monkey; monkey.patch_all()`.

Each patch puts gevent's functions and classes in place of a module's, also for modules that were imported before (as long as they look the
names up in the module). What was there is kept for `get_original`.
"""

import sys

__all__ = [
    "patch_all",
    "patch_builtins",
    "patch_contextvars",
    "patch_dns",
    "patch_os",
    "patch_queue",
    "patch_select",
    "patch_selectors",
    "patch_signal",
    "patch_socket",
    "patch_ssl",
    "patch_subprocess",
    "patch_sys",
    "patch_thread",
    "patch_time",
    "get_original",
    "is_module_patched",
    "is_object_patched",
    "patch_module",
    "main",
]

# module name -> name -> what was there
saved = {}
_MISSING = object()


class MonkeyPatchWarning(RuntimeWarning):
    """Patching may not do all that is wanted."""


def is_module_patched(mod_name):
    """Whether something of this module was replaced."""
    return mod_name in saved


def is_object_patched(mod_name, item_name):
    """Whether this name of the module was replaced."""
    return is_module_patched(mod_name) and item_name in saved[mod_name]


def is_anything_patched():
    return bool(saved)


def get_original(mod_name, item_name):
    """What a module had under this name (or a list of names) before it was patched."""
    module = __import__(mod_name, fromlist=["_"])
    known = saved.get(mod_name, {})
    if isinstance(item_name, str):
        return known.get(item_name, _MISSING) if item_name in known else getattr(module, item_name)
    return [known[n] if n in known else getattr(module, n) for n in item_name]


def patch_item(module, attr, newitem):
    """Puts `newitem` into a module."""
    olditem = getattr(module, attr, _MISSING)
    if olditem is not _MISSING:
        saved.setdefault(module.__name__, {}).setdefault(attr, olditem)
    setattr(module, attr, newitem)


def remove_item(module, attr):
    """Takes a name out of a module."""
    olditem = getattr(module, attr, _MISSING)
    if olditem is not _MISSING:
        saved.setdefault(module.__name__, {}).setdefault(attr, olditem)
        delattr(module, attr)


def patch_module(target_module, source_module, items=None, **kwargs):
    """Puts what `source_module` implements into `target_module`."""
    if items is None:
        items = getattr(source_module, "__implements__", None)
        if items is None:
            raise AttributeError("%r does not have __implements__" % source_module)
    for attr in items:
        patch_item(target_module, attr, getattr(source_module, attr))
    return True


def patch_time():
    """time.sleep"""
    import time

    from gevent import time as ours

    patch_module(time, ours)


def patch_os():
    """os.fork says what there is instead; waiting for processes is not affected."""
    import os

    from gevent import os as ours

    saved.setdefault("os", {})
    if hasattr(os, "fork"):
        patch_item(os, "fork", ours.fork)


def patch_thread(threading=True, _threading_local=True, Event=True, logging=True, existing_locks=True, _warnings=None):
    """threading and _thread: threads become greenlets, locks wait in the hub."""
    if is_module_patched("threading"):
        return
    import _thread
    import threading as native

    from gevent import thread as low
    from gevent.local import local

    join_all = _awaited_at_exit(native)
    from gevent import _python_threading as ours

    for name in low.__implements__:
        if hasattr(_thread, name):
            patch_item(_thread, name, getattr(low, name))
    if threading:
        for name in _THREADING:
            if hasattr(ours, name):
                patch_item(native, name, getattr(ours, name))
    if _threading_local:
        import _threading_local as pure

        patch_item(pure, "local", local)
    join_all(ours)
    if logging and "logging" in sys.modules:
        _patch_logging(sys.modules["logging"], ours)


# what of `threading` is taken from the library's own code upon gevent.thread
_THREADING = [
    "Thread",
    "Timer",
    "Lock",
    "RLock",
    "Condition",
    "Semaphore",
    "BoundedSemaphore",
    "Event",
    "Barrier",
    "BrokenBarrierError",
    "local",
    "get_ident",
    "get_native_id",
    "current_thread",
    "currentThread",
    "active_count",
    "activeCount",
    "enumerate",
    "main_thread",
    "excepthook",
    "ExceptHookArgs",
    "_allocate_lock",
    "_CRLock",
    "_RLock",
    "_DummyThread",
    "_MainThread",
    "_active",
    "_limbo",
    "_active_limbo_lock",
    "_dangling",
    "_main_thread",
    "_shutdown",
    "_register_atexit",
    "_start_joinable_thread",
]


def _awaited_at_exit(native):
    """The process's end waits for threads that are no daemons, greenlets as well."""
    register = getattr(native, "_register_atexit", None)

    def join_all(ours):
        if register is not None:
            register(_join_greenlets, ours)

    return join_all


def _join_greenlets(ours):
    from gevent.exceptions import LoopExit

    try:
        ours._shutdown()
    except LoopExit:
        pass  # those that are left wait for what cannot come


def _patch_logging(logging, ours):
    logging._lock = ours.RLock()
    for weak in list(getattr(logging, "_handlerList", ())):
        handler = weak() if callable(weak) else weak
        if handler is not None and getattr(handler, "lock", None) is not None:
            handler.lock = ours.RLock()


def patch_socket(dns=True, aggressive=True):
    """socket.socket, create_connection and the rest."""
    import socket

    from gevent import socket as ours

    items = ours.__implements__ if dns else [n for n in ours.__implements__ if n not in ours.__dns__]
    patch_module(socket, ours, [n for n in items if hasattr(socket, n)])


def patch_dns():
    """The functions of `socket` that look names up."""
    import socket

    from gevent import socket as ours

    patch_module(socket, ours, [n for n in ours.__dns__ if hasattr(socket, n)])


def patch_ssl(_warnings=None, _first_time=True):
    """There is no ssl to be patched."""


def patch_select(aggressive=True):
    """select.select and poll; what else there is goes, so that nobody blocks by it."""
    import select

    from gevent import select as ours

    patch_module(select, ours)
    if aggressive:
        for name in ("epoll", "kqueue", "kevent", "devpoll"):
            remove_item(select, name)
    patch_selectors(aggressive)


def patch_selectors(aggressive=True):
    """selectors.DefaultSelector"""
    if is_module_patched("selectors"):
        return
    import selectors

    from gevent import select as our_select
    from gevent.selectors import GeventSelector

    for name in ("DefaultSelector", "SelectSelector", "PollSelector", "EpollSelector"):
        if hasattr(selectors, name):
            patch_item(selectors, name, GeventSelector)
    if hasattr(selectors, "select") and not hasattr(selectors.select, "__implements__"):
        pass  # selectors.select is the module, which is patched


def patch_queue():
    """queue.SimpleQueue; the others wait by what threading offers."""
    import queue

    from gevent import queue as ours

    patch_item(queue, "SimpleQueue", _Simple(ours.SimpleQueue))
    if type(queue.Queue.put).__name__ != "function":
        # native ones would block the thread
        for name in ("Queue", "LifoQueue", "PriorityQueue"):
            patch_item(queue, name, _Simple(getattr(ours, name)))


def _Simple(cls):
    return type(cls.__name__, (cls,), {"__module__": "queue", "__doc__": cls.__doc__})


def patch_subprocess():
    """There is no subprocess to be patched."""


def patch_builtins():
    """Nothing needs to be patched there."""


def patch_contextvars():
    """Every greenlet has a context of its own already."""


def patch_sys(stdin=True, stdout=True, stderr=True):
    """Standard streams stay as they are."""


def patch_signal():
    """Signals reach the main thread's running greenlet as they are."""


def patch_all(
    socket=True,
    dns=True,
    time=True,
    select=True,
    thread=True,
    os=True,
    ssl=True,
    subprocess=True,
    sys=False,
    aggressive=True,
    Event=True,
    builtins=True,
    signal=True,
    queue=True,
    contextvars=True,
    **kwargs,
):
    """All patches but those that are switched off."""
    if os:
        patch_os()
    if thread:
        patch_thread(Event=Event)
    if time:
        patch_time()
    if socket and _there("_socket"):
        patch_socket(dns=dns, aggressive=aggressive)
    if select and _there("select"):
        patch_select(aggressive=aggressive)
    if queue:
        patch_queue()
    return True


def _there(name):
    from importlib.util import find_spec

    return find_spec(name) is not None


def main():
    """python -m gevent.monkey SCRIPT: runs the script with everything patched."""
    import runpy

    args = sys.argv[1:]
    if not args or args[0] in ("-h", "--help"):
        print("usage: -m gevent.monkey SCRIPT [ARGS..]")
        return
    patch_all()
    sys.argv = args
    runpy.run_path(args[0], run_name="__main__")


if __name__ == "__main__":
    main()
