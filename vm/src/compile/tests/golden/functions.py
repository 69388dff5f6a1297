def f(a, /, b=1, *args, c, d=2, **kw):
    """Doc.

        More.
    """
    return a
@deco(1)
@other
def g(): pass
h = lambda x, *y: x
