"""gevent: greenlets that wait together. Our own implementation of the package's interface, upon `greenlet` and the machine's poller."""

from collections import namedtuple as _namedtuple

version_info = _namedtuple("version_info", ("major", "minor", "micro", "releaselevel", "serial"))(25, 9, 1, "final", 0)
__version__ = "25.9.1"

__all__ = [
    "Greenlet",
    "GreenletExit",
    "Timeout",
    "config",
    "fork",
    "get_hub",
    "getcurrent",
    "getswitchinterval",
    "idle",
    "iwait",
    "joinall",
    "kill",
    "killall",
    "reinit",
    "setswitchinterval",
    "signal_handler",
    "sleep",
    "spawn",
    "spawn_later",
    "spawn_raw",
    "wait",
    "with_timeout",
]

from sys import getswitchinterval, setswitchinterval

from gevent._config import config
from gevent._hub_local import get_hub
from gevent.hub import GreenletExit, getcurrent, idle, iwait, kill, reinit, signal as signal_handler, sleep, spawn_raw, wait
from gevent.greenlet import Greenlet, joinall, killall
from gevent.timeout import Timeout, with_timeout
from gevent.os import fork

spawn = Greenlet.spawn
spawn_later = Greenlet.spawn_later


def __getattr__(name):
    # `import gevent; gevent.queue.Queue()`
    if not name.startswith("_"):
        from importlib import import_module

        try:
            return import_module(f"gevent.{name}")
        except ModuleNotFoundError as e:
            if e.name != f"gevent.{name}":
                raise
    raise AttributeError(f"module 'gevent' has no attribute {name!r}")
