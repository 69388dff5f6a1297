a = ValueError(1); b = TypeError(2)
a.__context__ = b; b.__context__ = a
raise a
