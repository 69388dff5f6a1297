

# ---- Gilbert: blocks of the machine's own table instead of files in memory ---------------------------------------------------------

class SharedMemory:
    """A block of memory that the processes of this machine find by its name. It stays until unlink(), or the end of the run.

    `buf` is a memoryview; what is read and written through it is copied, a word at a time."""

    def __init__(self, name=None, create=False, size=0, *, track=True):
        if not size >= 0:
            raise ValueError("'size' must be a positive integer")
        if create and size == 0:
            raise ValueError("'size' must be a positive number different from zero")
        if name is None and not create:
            raise ValueError("'name' can only be None if create=True")
        if not create:
            self._name = '/' + name
            self._block = _multiprocessing.shm_open(self._name)
        elif name is not None:
            self._name = '/' + name
            self._block = _multiprocessing.shm_create(self._name, size)
        else:
            self._block = None
            while self._block is None:
                self._name = _make_filename()
                try:
                    self._block = _multiprocessing.shm_create(self._name, size)
                except FileExistsError:
                    pass
        self._size = len(self._block)
        self._buf = memoryview(self._block)

    def __del__(self):
        try:
            self.close()
        except (OSError, BufferError, AttributeError):
            pass

    def __reduce__(self):
        return self.__class__, (self.name, False, self.size)

    def __repr__(self):
        return f'{self.__class__.__name__}({self.name!r}, size={self.size})'

    @property
    def buf(self):
        "A memoryview of contents of the shared memory block."
        return self._buf

    @property
    def name(self):
        "Unique name that identifies the shared memory block."
        return self._name.removeprefix('/')

    @property
    def size(self):
        "Size in bytes."
        return self._size

    def close(self):
        """Gives up this process's access; the block stays."""
        if self._buf is not None:
            self._buf.release()
            self._buf = None
        self._block = None

    def unlink(self):
        """Takes the block's name away: it goes with the last process that has it."""
        _multiprocessing.shm_unlink(self._name)
