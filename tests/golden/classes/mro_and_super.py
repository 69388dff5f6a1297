# Method resolution order and super in both forms.
class A:
    def who(self):
        return ["A"]

    @classmethod
    def make(cls):
        return [cls.__name__, "A.make"]

    @staticmethod
    def st():
        return "A.st"

    @property
    def prop(self):
        return "A.prop"

class B(A):
    def who(self):
        return ["B"] + super().who()

    @classmethod
    def make(cls):
        return super().make() + ["B.make"]

class C(A):
    def who(self):
        return ["C"] + super().who()

    @classmethod
    def make(cls):
        return super().make() + ["C.make"]

    @property
    def prop(self):
        return "C" + super().prop

class D(B, C):
    def who(self):
        return ["D"] + super(D, self).who()

    def st(self):
        return super().st()

print([c.__name__ for c in D.__mro__], D.mro() == list(D.__mro__))
print(D().who(), D.make(), D().prop, D().st())
d = D()
s = super(B, d)
print(s.who(), s.__self__ is d, s.__thisclass__, s.__self_class__)
print(repr(super(D, d)), repr(super(D)))
u = super(D)
print(u.__self__, u.__get__(d).who())
for bad in (lambda: super(D, 3), lambda: super(3, d), lambda: super(), lambda: super(D, d).nope, lambda: super(A, d).who):
    try:
        print(bad())
    except (TypeError, RuntimeError, AttributeError) as e:
        print(type(e).__name__, e)

class E:
    def f(self):
        def g():
            return super().__repr__()
        try:
            return g()
        except TypeError as e:
            return str(e)
        except RuntimeError as e:
            return str(e)

print(E().f())

class F:
    def f(self):
        return __class__

print(F().f() is F)

class Base:
    def __setattr__(self, k, v):
        print("set", k, v)
        super().__setattr__(k, v)

    def __getattr__(self, k):
        return f"missing {k}"

    def __delattr__(self, k):
        print("del", k)
        super().__delattr__(k)

b = Base()
b.x = 1
print(b.x, b.y)
del b.x
print(b.x)

class GA:
    def __getattribute__(self, name):
        if name == "secret":
            raise AttributeError("no secret")
        return "got " + name

    def __getattr__(self, name):
        return "fallback " + name

print(GA().anything, GA().secret)
class X: pass
class Y(X): pass
for bases in ((X, Y), (A, A), (X, object, Y), (int, str), (bool,), (type(None),), (type(lambda: 0),), (3,)):
    try:
        print(type("N", bases, {}).__mro__)
    except TypeError as e:
        print(e)
class P:
    def __init__(self, **kw):
        print("P", kw)
class Q(P):
    def __init__(self, *, q=0, **kw):
        print("Q", q)
        super().__init__(**kw)
class R(P):
    def __init__(self, *, r=0, **kw):
        print("R", r)
        super().__init__(**kw)
class S(Q, R): pass
S(q=1, r=2, z=3)
