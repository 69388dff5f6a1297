"""Memory that processes share, in pieces."""

import _multiprocessing

__all__ = ['BufferWrapper']


class BufferWrapper:
    """So many bytes, zeros at first. A pickle of it refers to the same bytes as long as some process has them."""

    def __init__(self, size):
        if size < 0:
            raise ValueError("Size {0:n} out of range".format(size))
        self._block = _multiprocessing.Block(size)

    def create_memoryview(self):
        return memoryview(self._block)

    def __reduce__(self):
        return _rebuild, (type(self), self._block.id)


def _rebuild(cls, number):
    wrapper = cls.__new__(cls)
    wrapper._block = _multiprocessing.Block._rebuild(number)
    return wrapper
