"""Dump the Python traceback.

A crash of the machine itself is reported by it, so `enable` only keeps its state; the dumps are made by running Python code.
"""
import signal as _signal
import sys as _sys
import threading as _threading

_MOST_FRAMES = 100
_enabled = False
_later = None
_registered = {}


def _stream(file):
    if file is None:
        file = _sys.stderr
        if file is None:
            raise RuntimeError("unable to get sys.stderr")
    if isinstance(file, int):
        return open(file, "w", closefd=False)
    return file


def _stack(frame):
    lines = []
    while frame is not None:
        if len(lines) == _MOST_FRAMES:
            lines.append("  ...\n")
            break
        code = frame.f_code
        lines.append('  File "%s", line %s in %s\n' % (code.co_filename, frame.f_lineno, code.co_name))
        frame = frame.f_back
    return lines


def _dump(file, all_threads, frame, head=""):
    me = _threading.get_ident()
    out = [head] if head else []
    if all_threads:
        for ident, other in _sys._current_frames().items():
            if ident != me:
                out.append("Thread 0x%016x (most recent call first):\n" % ident)
                out += _stack(other)
                out.append("\n")
        out.append("Current thread 0x%016x (most recent call first):\n" % me)
    else:
        out.append("Stack (most recent call first):\n")
    out += _stack(frame)
    file = _stream(file)
    file.write("".join(out))
    file.flush()


def dump_traceback(file=None, all_threads=True):
    """Dump the traceback of the current thread, or of all threads if all_threads is True, into file."""
    _dump(file, all_threads, _sys._getframe(1))


def enable(file=None, all_threads=True):
    """Enable the fault handler."""
    global _enabled
    _stream(file)
    _enabled = True


def disable():
    """Disable the fault handler. Returns whether it was enabled."""
    global _enabled
    was, _enabled = _enabled, False
    return was


def is_enabled():
    """Whether the handler is enabled."""
    return _enabled


def dump_traceback_later(timeout, repeat=False, file=None, exit=False):
    """Dump the traceback of all threads in timeout seconds, or each timeout seconds if repeat is True; with exit, end the process."""
    global _later
    if timeout <= 0:
        raise ValueError("timeout must be greater than 0")
    _stream(file)
    cancel_dump_traceback_later()
    over = _threading.Event()
    seconds = int(timeout)
    head = "Timeout (%d:%02d:%02d)!\n" % (seconds // 3600, seconds // 60 % 60, seconds % 60)

    def watch():
        me = _threading.get_ident()
        while not over.wait(timeout):
            out = [head]
            for ident, frame in _sys._current_frames().items():
                if ident != me:
                    out.append("Thread 0x%016x (most recent call first):\n" % ident)
                    out += _stack(frame)
            stream = _stream(file)
            stream.write("".join(out))
            stream.flush()
            if exit:
                import os
                os._exit(1)
            if not repeat:
                break

    _later = over
    _threading.Thread(target=watch, name="faulthandler", daemon=True).start()


def cancel_dump_traceback_later():
    """Cancel the last call to dump_traceback_later()."""
    global _later
    if _later is not None:
        _later.set()
        _later = None


def register(signum, file=None, all_threads=True, chain=False):
    """Dump the traceback when the signal arrives."""
    _stream(file)
    previous = _signal.getsignal(signum)

    def handler(number, frame):
        _dump(file, all_threads, frame)
        if chain and callable(previous):
            previous(number, frame)

    if signum in _registered:
        previous = _registered[signum]
    else:
        _registered[signum] = previous
    _signal.signal(signum, handler)


def unregister(signum):
    """Forget a registered signal. Returns whether it was."""
    if signum not in _registered:
        return False
    previous = _registered.pop(signum)
    _signal.signal(signum, _signal.SIG_DFL if previous is None else previous)
    return True
