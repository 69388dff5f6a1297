"""The time module with a sleep() that lets other greenlets run."""

import time as _time
from time import *  # noqa: F403

from gevent.hub import sleep as _sleep

__implements__ = ["sleep"]
__all__ = __implements__


def sleep(seconds=0):
    """Lets other greenlets run for so many seconds."""
    if not hasattr(type(seconds), "__float__") and not hasattr(type(seconds), "__index__"):
        raise TypeError(f"'{type(seconds).__name__}' object cannot be interpreted as an integer")
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    _sleep(seconds)
