"""Looking up names for sockets: in a thread where the system would have to ask somebody else."""

import socket as _socket


class Resolver:
    """The functions of `socket` of the same names. They answer at once here: Gilbert knows only local names and numbers."""

    def __init__(self, hub=None):
        self.getaddrinfo = _socket.getaddrinfo
        for name in ("gethostbyname", "gethostbyname_ex", "gethostbyaddr", "getnameinfo"):
            if hasattr(_socket, name):
                setattr(self, name, getattr(_socket, name))

    def close(self):
        pass
