"""What gil.explore is: see its docstring."""

import functools
import importlib
import itertools
import threading

import gil

_numbers = itertools.count(1)


class Violated(BaseException):
    """The expectation is false. No `except` of the script that means errors shall catch it: the run must end by it."""


def _is_there(module):
    """In a run of an exploration there is a module `_gil_explores`, and one with the number of the call that is explored behind it."""
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


def explore(function=None, *, threads=2, expect=None, preemptions=None, runs=100_000):
    if function is not None and not callable(function):
        raise TypeError('gil.explore is used as @gil.explore or @gil.explore(threads=.., expect=..)')
    if not isinstance(threads, int) or threads < 1:
        raise ValueError('threads must be an int of at least 1')
    if expect is not None and not isinstance(expect, str) and not callable(expect):
        raise TypeError('expect must be an expression in a str, or a callable')

    def decorate(f):
        @functools.wraps(f)
        def explored(*args, **kwargs):
            number = next(_numbers)
            if not _is_there('_gil_explores'):
                story = gil._explore(number, preemptions, runs)
                if story is not None:
                    raise AssertionError(f'{f.__qualname__} in {threads} threads {story}')
            elif _is_there(f'_gil_explores_{number}'):
                _together(f, args, kwargs, threads, expect)
        return explored

    return decorate if function is None else decorate(function)


def _together(f, args, kwargs, count, expect):
    """The explored call itself: all threads run the function, then the expectation is looked at, and the run is over."""
    started = [threading.Thread(target=f, args=args, kwargs=kwargs) for _ in range(count)]
    for t in started:
        t.start()
    for t in started:
        t.join()
    if expect is not None:
        holds = eval(expect, f.__globals__) if isinstance(expect, str) else expect()
        if not holds:
            raise Violated(f'{expect} is false' if isinstance(expect, str) else 'the expectation is false')
    raise SystemExit(0)
