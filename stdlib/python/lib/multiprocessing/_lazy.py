"""Stands for `socket` and `selectors` within multiprocessing.connection: imports them when somebody really uses one.

What connection.py asks at its import is answered here.
"""

AF_UNIX = 1
PollSelector = SelectSelector = None


def __getattr__(name):
    import socket
    return getattr(socket, name)
