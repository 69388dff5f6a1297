"""Small numbers for greenlets; a number is free again when its greenlet is gone."""

from heapq import heappop, heappush
from weakref import WeakKeyDictionary, ref

_numbers = WeakKeyDictionary()
_free = []
_given = 0
_guards = {}


def ident_of(obj):
    """The object's number."""
    global _given
    number = _numbers.get(obj)
    if number is None:
        if _free:
            number = heappop(_free)
        else:
            number = _given
            _given += 1
        _numbers[obj] = number
        _guards[number] = ref(obj, lambda _, number=number: _release(number))
    return number


def _release(number):
    _guards.pop(number, None)
    heappush(_free, number)
