"""Values that each greenlet has for itself."""

from weakref import ref

from greenlet import getcurrent

__all__ = ["local"]

_get, _set = object.__getattribute__, object.__setattr__
_MISSING = object()


class _Impl:
    """The dicts of one local object, by greenlet."""

    __slots__ = ("dicts", "args", "kwargs")

    def __init__(self, args, kwargs):
        self.dicts = {}
        self.args, self.kwargs = args, kwargs


def _dict_of(obj):
    impl = _get(obj, "_local__impl")
    me = getcurrent()
    found = impl.dicts.get(id(me))
    if found is not None:
        return found[1]
    return _begin(obj, impl, me)


def _begin(obj, impl, me):
    """The greenlet's first look: it gets a dict, and __init__ is run for it."""
    key = id(me)
    impl_ref = ref(obj)

    def forget(_):
        o = impl_ref()
        if o is not None:
            _get(o, "_local__impl").dicts.pop(key, None)

    values = {}
    impl.dicts[key] = (ref(me, forget), values)
    cls = type(obj)
    if cls.__init__ is not object.__init__:
        cls.__init__(obj, *impl.args, **impl.kwargs)
    return values


def _of_class(cls, name):
    for c in cls.__mro__:
        if name in c.__dict__:
            return c.__dict__[name]
    return _MISSING


class local:
    """An object whose attributes are another one's in every greenlet."""

    __slots__ = ("_local__impl", "__weakref__")

    def __new__(cls, *args, **kwargs):
        if (args or kwargs) and cls.__init__ is object.__init__:
            raise TypeError("Initialization arguments are not supported", args, kwargs)
        self = object.__new__(cls)
        _set(self, "_local__impl", _Impl(args, kwargs))
        me = getcurrent()
        impl = _get(self, "_local__impl")
        key, self_ref = id(me), ref(self)

        def forget(_):
            o = self_ref()
            if o is not None:
                _get(o, "_local__impl").dicts.pop(key, None)

        # __init__ is about to be run for the present greenlet
        impl.dicts[key] = (ref(me, forget), {})
        return self

    def __getattribute__(self, name):
        cls = type(self)
        if name == "__class__":
            return cls
        values = _dict_of(self)
        if name == "__dict__":
            return values
        of_class = _of_class(cls, name)
        kind = type(of_class)
        if of_class is not _MISSING and hasattr(kind, "__get__") and (hasattr(kind, "__set__") or hasattr(kind, "__delete__")):
            return kind.__get__(of_class, self, cls)
        if name in values:
            return values[name]
        if of_class is not _MISSING:
            return kind.__get__(of_class, self, cls) if hasattr(kind, "__get__") else of_class
        fallback = _of_class(cls, "__getattr__")
        if fallback is not _MISSING:
            return fallback.__get__(self, cls)(name)
        raise AttributeError(f"{cls.__name__!r} object has no attribute {name!r}")

    def __setattr__(self, name, value):
        if name == "__dict__":
            raise AttributeError(f"{type(self).__name__!r} object attribute '__dict__' is read-only")
        values = _dict_of(self)
        of_class = _of_class(type(self), name)
        if of_class is not _MISSING and hasattr(type(of_class), "__set__"):
            type(of_class).__set__(of_class, self, value)
        else:
            values[name] = value

    def __delattr__(self, name):
        if name == "__dict__":
            raise AttributeError(f"{type(self).__name__!r} object attribute '__dict__' is read-only")
        values = _dict_of(self)
        of_class = _of_class(type(self), name)
        if of_class is not _MISSING and hasattr(type(of_class), "__delete__"):
            type(of_class).__delete__(of_class, self)
            return
        try:
            del values[name]
        except KeyError:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}") from None

    def __copy__(self):
        impl = _get(self, "_local__impl")
        copy = type(self)(*impl.args, **impl.kwargs)
        copy.__dict__.update(_dict_of(self))
        return copy
