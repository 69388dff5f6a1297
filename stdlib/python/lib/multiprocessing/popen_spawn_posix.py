"""Starts a child process with a fresh interpreter, which gets the process object as a pickle."""

import io
import _isolate

from .context import reduction, set_spawning_popen
from . import popen_fork
from . import spawn

__all__ = ['Popen']


class Popen(popen_fork.Popen):
    method = 'spawn'
    DupFd = staticmethod(reduction.DupFd)

    def _launch(self, process_obj):
        preparation = spawn.get_preparation_data(process_obj._name)
        preparation['parent_pid'] = process_obj._parent_pid
        data = io.BytesIO()
        set_spawning_popen(self)
        try:
            reduction.dump(preparation, data)
            reduction.dump(process_obj, data)
        finally:
            set_spawning_popen(None)
        self.pid, self.sentinel = _isolate.spawn(
            'from multiprocessing.spawn import _spawned; _spawned()', data.getvalue(), (), process_obj._name,
            ('-c', '--multiprocessing-fork'))
