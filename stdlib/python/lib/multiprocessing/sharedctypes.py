"""Numbers and arrays in memory that processes share.

There is no ctypes: a type is one of its type codes ('i', 'd', 'c' ..) or names ('c_int', 'c_double' ..), and the objects behave as those
of ctypes do, with their texts. An aligned number is read and written at once: nobody ever sees half of one.
"""

import functools
import struct

from . import heap
from . import get_context
from .context import assert_spawning, reduction

__all__ = ['RawValue', 'RawArray', 'Value', 'Array', 'copy', 'synchronized']

# name in ctypes, letter of the memoryview, converter
_INTEGERS = {'b': 'c_byte', 'B': 'c_ubyte', 'h': 'c_short', 'H': 'c_ushort', 'i': 'c_int', 'I': 'c_uint', 'l': 'c_long', 'L': 'c_ulong'}


class _Type:
    """How a kind of item lies in memory, and what of Python's goes in and out."""

    def __init__(self, name, letter, into, out=None):
        self.__name__ = name
        self.letter = letter
        self.size = struct.calcsize(letter)
        self.into = into
        self.out = out

    def __repr__(self):
        return f"<type '{self.__name__}' of shared memory>"

    def __reduce__(self):
        return _type_of, (self.__name__,)


def _integer(letter):
    bits = 8 * struct.calcsize(letter)
    mask, sign = (1 << bits) - 1, 1 << (bits - 1)

    def into(value):
        if type(value) is not int:
            try:
                index = type(value).__index__
            except AttributeError:
                raise TypeError(f"'{type(value).__name__}' object cannot be interpreted as an integer") from None
            value = index(value)
        value &= mask
        return value - (mask + 1) if letter.islower() and value & sign else value
    return into


def _real(value):
    if not isinstance(value, (float, int)) and not hasattr(type(value), '__float__') and not hasattr(type(value), '__index__'):
        raise TypeError(f'must be real number, not {type(value).__name__}')
    return float(value)


def _single(value):
    value = _real(value)
    try:
        struct.pack('f', value)
    except OverflowError:
        return float('inf') if value > 0 else float('-inf')
    return value


def _byte(value):
    if isinstance(value, (bytes, bytearray)) and len(value) == 1:
        return value[0]
    if isinstance(value, int) and 0 <= value < 256:
        return value
    raise TypeError('one character bytes, bytearray or integer expected')


def _character(value):
    if not isinstance(value, str):
        raise TypeError(f'unicode string expected instead of {type(value).__name__} instance')
    if len(value) != 1:
        raise TypeError('one character unicode string expected')
    return ord(value)


_byte_out = [bytes((i,)) for i in range(256)].__getitem__
_TYPES = {letter: _Type(name, letter, _integer(letter)) for letter, name in _INTEGERS.items()}
_TYPES.update({
    'q': _TYPES['l'], 'Q': _TYPES['L'],
    'f': _Type('c_float', 'f', _single), 'd': _Type('c_double', 'd', _real),
    'c': _Type('c_char', 'B', _byte, _byte_out), 'u': _Type('c_wchar', 'I', _character, chr),
    '?': _Type('c_bool', 'B', bool, bool),
})
_BY_NAME = {t.__name__: t for t in _TYPES.values()}
_BY_NAME.update(c_longlong=_TYPES['q'], c_ulonglong=_TYPES['Q'], c_int8=_TYPES['b'], c_uint8=_TYPES['B'], c_int16=_TYPES['h'],
                c_uint16=_TYPES['H'], c_int32=_TYPES['i'], c_uint32=_TYPES['I'], c_int64=_TYPES['l'], c_uint64=_TYPES['L'],
                c_size_t=_TYPES['L'], c_ssize_t=_TYPES['l'])
typecode_to_type = {code: t for code, t in _TYPES.items() if code != '?'}


def _type_of(code):
    if isinstance(code, _Type):
        return code
    found = _TYPES.get(code) or _BY_NAME.get(code) if isinstance(code, str) else None
    if found is None:
        if isinstance(code, str):
            raise TypeError('this type has no size')
        raise TypeError(f'Gilbert has no ctypes: say a type code such as {"i"!r} or a name such as "c_int", not {code!r}')
    return found


class _Shared:
    """What lies in a piece of shared memory. Its classes are made for each kind of item."""
    __slots__ = ('_wrapper', '_view', '__weakref__')

    def _lie_in(self, wrapper):
        self._wrapper = wrapper
        self._view = wrapper.create_memoryview().cast(self._type_.letter)

    def __reduce__(self):
        assert_spawning(self)
        return _rebuild, (self._type_, self._wrapper, getattr(self, '_length_', None))


class _SimpleData(_Shared):
    __slots__ = ()

    def __init__(self, *args):
        if len(args) > 1:
            raise TypeError(f'__init__ expected at most 1 argument, got {len(args)}')
        if args:
            self.value = args[0]

    def __repr__(self):
        return f'{type(self).__name__}({self.value!r})'

    def __bool__(self):
        return self.value not in (0, b'\0', '\0')


class _Sequence(_Shared):
    __slots__ = ()

    def __init__(self, *items):
        for i, item in enumerate(items):
            self[i] = item

    def __len__(self):
        return self._length_

    def __getitem__(self, i):
        out = self._type_.out
        if isinstance(i, slice):
            items = self._view[i].tolist()
            if self._type_ is _TYPES['c']:
                return bytes(items)
            if self._type_ is _TYPES['u']:
                return ''.join(map(chr, items))
            return items if out is None else list(map(out, items))
        item = self._view[self._index(i)]
        return item if out is None else out(item)

    def __setitem__(self, i, value):
        into = self._type_.into
        if isinstance(i, slice):
            places = range(*i.indices(self._length_))
            if len(value) != len(places):
                raise ValueError('Can only assign sequence of same size')
            for place, item in zip(places, value):
                self._view[place] = into(item)
            return
        self._view[self._index(i)] = into(value)

    def __delitem__(self, i):
        raise TypeError('Array does not support item deletion')

    def _index(self, i):
        try:
            i = i.__index__()
        except AttributeError:
            raise TypeError('indices must be integers') from None
        if not -self._length_ <= i < self._length_:
            raise IndexError('invalid index')
        return i


def _value_property(type_):
    into, out = type_.into, type_.out
    if out is None:
        def get(self):
            return self._view[0]
    else:
        def get(self):
            return out(self._view[0])

    def put(self, value):
        self._view[0] = into(value)
    return property(get, put)


def _bytes_value(self):
    raw = self.raw
    end = raw.find(0)
    return raw if end < 0 else raw[:end]


def _set_bytes_value(self, value):
    if not isinstance(value, bytes):
        raise TypeError(f'bytes expected instead of {type(value).__name__} instance')
    if len(value) > self._length_:
        raise ValueError('byte string too long')
    if len(value) < self._length_:
        value += b'\0'
    self._view[:len(value)] = value


def _set_raw(self, value):
    value = bytes(memoryview(value))
    if len(value) > self._length_:
        raise ValueError('byte string too long')
    self._view[:len(value)] = value


def _text_value(self):
    text = self[:]
    end = text.find('\0')
    return text if end < 0 else text[:end]


def _set_text_value(self, value):
    if not isinstance(value, str):
        raise TypeError(f'unicode string expected instead of {type(value).__name__} instance')
    if len(value) > self._length_:
        raise ValueError('string too long')
    if len(value) < self._length_:
        value += '\0'
    for i, c in enumerate(value):
        self._view[i] = ord(c)


@functools.cache
def _simple_class(type_):
    return type(type_.__name__, (_SimpleData,), {'__slots__': (), '_type_': type_, 'value': _value_property(type_)})


@functools.cache
def _array_class(type_, length):
    namespace = {'__slots__': (), '_type_': type_, '_length_': length}
    if type_ is _TYPES['c']:
        namespace.update(value=property(_bytes_value, _set_bytes_value), raw=property(lambda self: bytes(self._view), _set_raw))
    elif type_ is _TYPES['u']:
        namespace.update(value=property(_text_value, _set_text_value))
    return type(f'{type_.__name__}_Array_{length}', (_Sequence,), namespace)


def _new(type_, length):
    cls = _simple_class(type_) if length is None else _array_class(type_, length)
    obj = cls.__new__(cls)
    obj._lie_in(heap.BufferWrapper(type_.size * (1 if length is None else length)))
    return obj


def _rebuild(type_, wrapper, length):
    cls = _simple_class(type_) if length is None else _array_class(type_, length)
    obj = cls.__new__(cls)
    obj._lie_in(wrapper)
    return obj


def RawValue(typecode_or_type, *args):
    """A number in shared memory."""
    obj = _new(_type_of(typecode_or_type), None)
    obj.__init__(*args)
    return obj


def RawArray(typecode_or_type, size_or_initializer):
    """An array in shared memory."""
    type_ = _type_of(typecode_or_type)
    if isinstance(size_or_initializer, int):
        if size_or_initializer < 0:
            raise ValueError(f'Array length must be >= 0, not {size_or_initializer}')
        return _new(type_, size_or_initializer)
    obj = _new(type_, len(size_or_initializer))
    obj.__init__(*size_or_initializer)
    return obj


def _locked(obj, lock, ctx):
    if lock is False:
        return obj
    if lock in (True, None):
        ctx = ctx or get_context()
        lock = ctx.RLock()
    if not hasattr(lock, 'acquire'):
        raise AttributeError("%r has no method 'acquire'" % lock)
    return synchronized(obj, lock, ctx=ctx)


def Value(typecode_or_type, *args, lock=True, ctx=None):
    """A number in shared memory, with a lock."""
    return _locked(RawValue(typecode_or_type, *args), lock, ctx)


def Array(typecode_or_type, size_or_initializer, *, lock=True, ctx=None):
    """An array in shared memory, with a lock."""
    return _locked(RawArray(typecode_or_type, size_or_initializer), lock, ctx)


def copy(obj):
    """The same contents in memory of their own."""
    new = _new(obj._type_, getattr(obj, '_length_', None))
    new._view[:] = obj._view
    return new


def synchronized(obj, lock=None, ctx=None):
    """The object with a lock around every access."""
    assert not isinstance(obj, SynchronizedBase), 'object already synchronized'
    ctx = ctx or get_context()
    if isinstance(obj, _SimpleData):
        return Synchronized(obj, lock, ctx)
    if isinstance(obj, _Sequence):
        return (SynchronizedString if obj._type_ is _TYPES['c'] else SynchronizedArray)(obj, lock, ctx)
    raise TypeError(f'{type(obj).__name__} objects do not lie in shared memory')


class SynchronizedBase:

    def __init__(self, obj, lock=None, ctx=None):
        self._obj = obj
        self._lock = lock or (ctx or get_context()).RLock()
        self.acquire = self._lock.acquire
        self.release = self._lock.release

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *args):
        return self._lock.__exit__(*args)

    def __reduce__(self):
        assert_spawning(self)
        return synchronized, (self._obj, self._lock)

    def get_obj(self):
        return self._obj

    def get_lock(self):
        return self._lock

    def __repr__(self):
        return '<%s wrapper for %s>' % (type(self).__name__, self._obj)


def make_property(name):
    """An attribute of the object inside, read and written under the lock."""
    def get(self):
        with self._lock:
            return getattr(self._obj, name)

    def put(self, value):
        with self._lock:
            setattr(self._obj, name, value)
    return property(get, put)


class Synchronized(SynchronizedBase):
    value = make_property('value')


class SynchronizedArray(SynchronizedBase):

    def __len__(self):
        return len(self._obj)

    def __getitem__(self, i):
        with self._lock:
            return self._obj[i]

    def __setitem__(self, i, value):
        with self._lock:
            self._obj[i] = value

    def __getslice__(self, start, stop):
        return self[start:stop]

    def __setslice__(self, start, stop, values):
        self[start:stop] = values


class SynchronizedString(SynchronizedArray):
    value = make_property('value')
    raw = make_property('raw')
