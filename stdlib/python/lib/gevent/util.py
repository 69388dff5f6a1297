"""Helpers: functions that give their errors back, and a look at what greenlets do."""

import gc
import traceback

from greenlet import getcurrent, greenlet as RawGreenlet

__all__ = ["wrap_errors", "format_run_info", "print_run_info", "assert_switches"]


class wrap_errors:
    """A function whose errors of some classes become its result."""

    def __init__(self, errors, func):
        self._errors, self._func = errors, func

    def __call__(self, *args, **kwargs):
        try:
            return self._func(*args, **kwargs)
        except self._errors as e:
            return e

    def __str__(self):
        return str(self._func)

    def __repr__(self):
        return repr(self._func)

    def __getattr__(self, name):
        return getattr(self._func, name)


def format_run_info(thread_stacks=True, greenlet_stacks=True, limit=None, current_thread_ident=None):
    """The greenlets of the process and where they stand, as lines."""
    lines = ["Greenlets:"]
    for g in (o for o in gc.get_objects() if isinstance(o, RawGreenlet)):
        if not g:
            lines.append(f"{g!r}: {'finished' if g.dead else 'not started'}")
        elif g is getcurrent():
            lines.append(f"{g!r}: running")
        else:
            lines.append(f"{g!r}:")
            if greenlet_stacks and g.gr_frame is not None:
                lines += "".join(traceback.format_stack(g.gr_frame, limit)).splitlines()
    return lines


def print_run_info(thread_stacks=True, greenlet_stacks=True, limit=None, file=None):
    """Prints that."""
    import sys

    file = sys.stderr if file is None else file
    for line in format_run_info(thread_stacks, greenlet_stacks, limit):
        print(line, file=file)


class assert_switches:
    """A block in which other greenlets must get their turn at least every `max_blocking_time` seconds."""

    def __init__(self, max_blocking_time=None, hub_only=False):
        self.max_blocking_time, self.hub_only = max_blocking_time, hub_only

    def __enter__(self):
        from greenlet import settrace
        from time import monotonic

        self._last, self._longest, self._switched = monotonic(), 0.0, False

        def trace(event, pair):
            now = monotonic()
            self._longest = max(self._longest, now - self._last)
            self._last, self._switched = now, True

        self._before = settrace(trace)
        self._now = monotonic
        return self

    def __exit__(self, kind, value, tb):
        from greenlet import settrace

        settrace(self._before)
        if kind is not None:
            return
        longest = max(self._longest, self._now() - self._last)
        if not self._switched or (self.max_blocking_time is not None and longest > self.max_blocking_time):
            raise AssertionError("To the hub" if not self._switched else f"blocked for {longest:.3f} s")
