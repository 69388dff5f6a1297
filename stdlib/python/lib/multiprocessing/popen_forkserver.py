"""The fork server's children start fresh too: here each is spawned, as a server that forks would only save the start."""

from . import popen_spawn_posix

__all__ = ['Popen']


class Popen(popen_spawn_posix.Popen):
    method = 'forkserver'
