"""The loop, under the name that older programs use."""

from gevent._loop import READ, WRITE, async_, io, loop, timer

__all__ = ["loop", "READ", "WRITE"]


def get_version():
    return "gilbert"


def supported_backends():
    return ["epoll"]


recommended_backends = supported_backends
