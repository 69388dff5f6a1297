"""Stands for `subprocess` within asyncio: Gilbert starts no other programs."""

PIPE = -1
STDOUT = -2
DEVNULL = -3


class Popen:
    def __init__(self, *args, **options):
        raise NotImplementedError("Gilbert starts no other programs: use multiprocessing for processes of your own")
