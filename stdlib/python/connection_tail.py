

# ---- Gilbert: connections are native, and addresses that are names lie within the machine -----------------------------------------

Connection = _ConnectionBase = _multiprocessing.Connection


def Pipe(duplex=True):
    '''
    Returns pair of connection objects at either end of a pipe
    '''
    return _multiprocessing.pipe(duplex)


wait = _multiprocessing.wait


def arbitrary_address(family):
    '''
    Return an arbitrary free address for the given family
    '''
    if family == 'AF_INET':
        return ('localhost', 0)
    if family == 'AF_UNIX':
        return '/pymp-%d/listener-%s' % (os.getpid(), os.urandom(6).hex())
    raise ValueError('unrecognized family')


def _machine_name(address):
    return os.fsdecode(address)


class _MachineListener:
    '''Listens at a name that only processes of this machine know.'''

    def __init__(self, address, backlog=1):
        self._fd = _multiprocessing.listen(_machine_name(address), backlog)
        self._address = address
        self._family = 'AF_UNIX'
        self._last_accepted = None
        self._unlink = util.Finalize(self, _multiprocessing.unlisten, args=(_machine_name(address),), exitpriority=0)

    def accept(self):
        if self._fd is None:
            raise OSError('listener is closed')
        connection = Connection(_multiprocessing.accept(self._fd))
        self._last_accepted = ''
        return connection

    def fileno(self):
        return self._fd

    def close(self):
        fd, self._fd = self._fd, None
        if fd is not None:
            os.close(fd)
        if self._unlink is not None:
            self._unlink()
            self._unlink = None

    def __del__(self):
        if self._fd is not None:
            os.close(self._fd)


class SocketListener(SocketListener):

    def __new__(cls, address, family, backlog=1):
        if family == 'AF_UNIX':
            return _MachineListener(address, backlog)
        return super().__new__(cls)

    def __init__(self, address, family, backlog=1):
        # TCP is the same on both sides of the machine's wall
        super().__init__(address, family, backlog)


_connect_socket = SocketClient


def SocketClient(address):
    '''
    Return a connection object connected to the listener at `address`
    '''
    if address_type(address) == 'AF_UNIX':
        return Connection(_multiprocessing.connect(_machine_name(address)))
    return _connect_socket(address)


reduction.register(Connection, reduce_connection)
