# Reading and changing classes after they are made.
class A:
    "doc of A"
    x = 1

class B(A):
    pass

b = B()
print(b.x, B.__dict__.get("x"), "x" in A.__dict__, type(A.__dict__).__name__)
A.x = 2
print(b.x, B.x)
B.x = 3
print(b.x, A.x)
del B.x
print(b.x)
A.f = lambda self: self.x * 10
print(b.f())
A.__len__ = lambda self: 5
print(len(b))
del A.__len__
try:
    len(b)
except TypeError as e:
    print(e)
B.__add__ = lambda self, o: ("add", o)
print(b + 1)
A.__call__ = lambda self: "called"
print(b())
A.__getattr__ = lambda self, n: "dyn " + n
print(b.whatever)
del A.__getattr__
print(hasattr(b, "whatever"))
A.__eq__ = lambda self, o: True
print(b == 1, b != 1)
try:
    A.__dict__["x"] = 1
except TypeError as e:
    print(e)
print(A.__doc__, B.__doc__)
A.__doc__ = "new doc"
print(A.__doc__)
A.__name__ = "Renamed"
A.__qualname__ = "Outer.Renamed"
print(A, A.__name__)
A.__module__ = "elsewhere"
print(A)
for f in (lambda: setattr(A, "__name__", 3), lambda: delattr(A, "__name__"), lambda: setattr(A, "__bases__", 3), lambda: setattr(A, "__bases__", ()), lambda: setattr(A, "__bases__", (A,)), lambda: delattr(A, "__bases__"), lambda: setattr(A, "__bases__", (3,)), lambda: setattr(B, "__bases__", (int,)),
          lambda: setattr(int, "x", 1), lambda: delattr(int, "real"), lambda: delattr(A, "nothing"), lambda: A.nothing, lambda: setattr(A, "__dict__", {}), lambda: setattr(A, "__mro__", ())):
    try:
        f()
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)

class N1:
    def who(self):
        return "N1"

class N2:
    def who(self):
        return "N2"

class M(N1):
    pass

class MM(M):
    pass

m = MM()
print(m.who())
M.__bases__ = (N2,)
print(m.who(), [c.__name__ for c in MM.__mro__], N1.__subclasses__(), N2.__subclasses__())
m.__class__ = N1
print(m.who(), type(m).__name__)
for new in (int, 3, type):
    try:
        m.__class__ = new
    except TypeError as e:
        print(e)

class WithAnn:
    a: int
    b: "str" = 3

print(WithAnn.__annotations__, B.__annotations__ if "__annotations__" in B.__dict__ else {})
print(vars(WithAnn)["b"], hasattr(WithAnn, "a"))
print(A.__dict__ is not A.__dict__, A.__dict__ == A.__dict__, len(type("E", (), {}).__dict__) >= 3)
print(type.__doc__.split("\n")[0], type(type), type.__mro__, type.__base__)
print(A.__subclasses__(), [c.__name__ for c in B.__bases__], B.__base__.__name__, isinstance(A, object))
print(int.__name__, int.__module__, int.__qualname__, int.__bases__, bool.__mro__, type(None).__name__)
