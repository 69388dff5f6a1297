# Exceptions written in Python.
class AppError(Exception):
    """base"""
    code = 1

    def __init__(self, msg, *, detail=None):
        super().__init__(msg)
        self.detail = detail

    def __str__(self):
        return f"[{self.code}] {self.args[0]}" + (f" ({self.detail})" if self.detail else "")

class NotFound(AppError, LookupError):
    code = 404

try:
    raise NotFound("page", detail="x")
except LookupError as e:
    print(e, repr(e), e.detail, isinstance(e, AppError))

class NoSuper(Exception):
    def __init__(self, a, b):
        self.a = a

e = NoSuper(1, 2)
print(e.args, repr(e), str(e))

class Slotted(Exception):
    __slots__ = ("s",)

s = Slotted("x")
s.s = 5
s.other = 6
print(s.s, s.other, s.args)

class Meta(type): pass
class WithMeta(Exception, metaclass=Meta): pass
try:
    raise WithMeta("m")
except WithMeta as e:
    print(type(type(e)).__name__)

class NewReturnsOther(Exception):
    def __new__(cls, *a):
        return 3

try:
    raise NewReturnsOther
except TypeError as e:
    print(e)

class BadInit(Exception):
    def __init__(self):
        raise KeyError("in init")

try:
    raise BadInit
except KeyError as e:
    print(e)

class BadStr(Exception):
    def __str__(self):
        raise ValueError("in str")

try:
    str(BadStr())
except ValueError as e:
    print(e)

class Ctx:
    def __init__(self, swallow): self.swallow = swallow
    def __enter__(self): return self
    def __exit__(self, t, e, tb):
        print("exit", t.__name__ if t else None, e, tb is not None)
        return self.swallow

with Ctx(True):
    raise ValueError("swallowed")
try:
    with Ctx(False):
        raise ValueError("goes on")
except ValueError as e:
    print("caught", e)
try:
    with Ctx(False), Ctx(True) as c:
        raise KeyError(1)
except KeyError:
    print("no")
class BadExit:
    def __enter__(self): pass
    def __exit__(self, *a): raise RuntimeError("exit")
try:
    with BadExit():
        raise ValueError("body")
except RuntimeError as e:
    print(e, repr(e.__context__))
def gen():
    try:
        yield 1
        yield 2
    except GeneratorExit:
        print("closed")
        raise
    except ValueError as e:
        print("thrown", e)
        yield 3
    finally:
        print("gen finally")
g = gen()
print(next(g), g.throw(ValueError("t")))
g.close()
g = gen()
next(g)
g.close()
def stops():
    raise StopIteration(1)
    yield
try:
    next(stops())
except RuntimeError as e:
    print(e, repr(e.__cause__))
def depth(n):
    return depth(n + 1)
try:
    depth(0)
except RecursionError as e:
    print(e)
class Rep:
    def __repr__(self): return repr(self)
try:
    repr(Rep())
except RecursionError as e:
    print(type(e).__name__)
assert True, "never"
try:
    assert 1 > 2, ("a", "b")
except AssertionError as e:
    print(e.args)
try:
    assert []
except AssertionError as e:
    print(e.args, str(e) == "")
