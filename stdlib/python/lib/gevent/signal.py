"""Signals for greenlets: handlers run in the main greenlet's thread, as always."""

import signal as _signal
from signal import *  # noqa: F403

__implements__ = ["getsignal", "signal"]
__all__ = __implements__

getsignal, signal = _signal.getsignal, _signal.signal
