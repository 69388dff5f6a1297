"""Starts a child process as a clone of this one."""

import atexit
import os
import signal
import _isolate
import _multiprocessing

from . import util

__all__ = ['Popen']


class _ParentSentinel:
    """Becomes readable when the parent has ended. Made when somebody asks, in the child."""

    def __init__(self, pid):
        self._pid = pid
        self._fd = None

    def fileno(self):
        if self._fd is None:
            self._fd = _multiprocessing.sentinel(self._pid)
        return self._fd


class Popen:
    method = 'fork'

    def __init__(self, process_obj):
        util._flush_std_streams()
        self.returncode = None
        self._launch(process_obj)

    def _launch(self, process_obj):
        parent = os.getpid()

        def life():
            atexit._clear()
            atexit.register(util._exit_function)
            try:
                return process_obj._bootstrap(parent_sentinel=_ParentSentinel(parent))
            finally:
                atexit._run_exitfuncs()

        self.pid, self.sentinel = _isolate.fork(life, process_obj._name)

    def duplicate_for_child(self, fd):
        return fd

    def poll(self, flag=os.WNOHANG):
        if self.returncode is None:
            try:
                pid, status = os.waitpid(self.pid, flag)
            except OSError:
                # somebody else has waited for it, or it is no child of ours
                return None
            if pid == self.pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout=None):
        if self.returncode is None:
            if timeout is not None and not _multiprocessing.wait([self.sentinel], timeout):
                return None
            return self.poll(os.WNOHANG if timeout == 0.0 else 0)
        return self.returncode

    def _send_signal(self, sig):
        if self.returncode is None:
            try:
                os.kill(self.pid, sig)
            except ProcessLookupError:
                pass
            except OSError:
                if self.wait(timeout=0.1) is None:
                    raise

    def interrupt(self):
        self._send_signal(signal.SIGINT)

    def terminate(self):
        self._send_signal(signal.SIGTERM)

    def kill(self):
        self._send_signal(signal.SIGKILL)

    def close(self):
        fd, self.sentinel = self.sentinel, None
        if fd is not None:
            os.close(fd)

    def __del__(self, _close=os.close):
        fd = self.__dict__.get('sentinel')
        if fd is not None:
            try:
                _close(fd)
            except OSError:
                pass
