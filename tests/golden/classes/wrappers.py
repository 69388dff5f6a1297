import inspect, pickle, types

class C:
    pass

things = [object.__init__, object().__str__, str.join, "x".join, dict.__dict__["fromkeys"], dict.fromkeys, len, int.__add__, (1).__add__,
          type.mro, dict.__getitem__, {}.__contains__, [].__getitem__, list.__setitem__, set.__contains__, tuple.__getitem__, C().__eq__,
          object.__reduce_ex__, C().__format__, float.__round__, C.__new__, type.__call__, type.__subclasscheck__, str.__mod__]
for t in things:
    print(type(t).__name__, t.__name__, inspect.isbuiltin(t), inspect.isroutine(t), inspect.ismethoddescriptor(t), hasattr(t, "__self__"),
          getattr(t, "__objclass__", None))
print(isinstance((1).__add__, types.MethodWrapperType), isinstance(int.__add__, types.WrapperDescriptorType), isinstance(str.join, types.MethodDescriptorType))
print((1).__add__ == (1).__add__, [].__len__ == [].__len__, hash((1).__add__) == hash((1).__add__), pickle.loads(pickle.dumps((1).__add__))(2))
print(repr(int.__add__), repr("x".__len__)[:38], repr(dict.__getitem__), repr({}.get)[:36])
for t in (type(int.__add__), type((1).__add__)):
    try:
        t()
    except TypeError as e:
        print(e)
print((5).__add__.__self__, "ab".__len__(), int.__add__(1, 2), int.__add__.__get__(3)(4), (1).__add__.__qualname__)
