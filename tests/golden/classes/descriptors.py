# The descriptor protocol, properties, class and static methods.
class Data:
    def __set_name__(self, owner, name):
        print("set_name", owner.__name__, name)
        self.name = name

    def __get__(self, obj, owner=None):
        return ("get", self.name, obj is None, owner.__name__)

    def __set__(self, obj, value):
        print("set", value)

    def __delete__(self, obj):
        print("delete")

class NonData:
    def __get__(self, obj, owner=None):
        return "nondata"

class C:
    d = Data()
    n = NonData()

c = C()
print(c.d, C.d, c.n, C.n)
c.d = 1
c.__dict__["d"] = "shadow"
print(c.d)
del c.d
c.n = "own"
print(c.n)
C.d = 5
print(C.d, c.d)

class SetOnly:
    def __set__(self, obj, value):
        obj.__dict__["so"] = value * 2

class GetOnlyDel:
    def __delete__(self, obj):
        print("gone")

class D:
    so = SetOnly()
    gd = GetOnlyDel()

d = D()
d.so = 4
print(d.so)
del d.gd
try:
    d.gd = 1
except AttributeError as e:
    print(e)
try:
    del d.so
except AttributeError as e:
    print(e)

class P:
    def __init__(self):
        self._x = 0

    @property
    def x(self):
        "the x"
        return self._x

    @x.setter
    def x(self, v):
        self._x = v

    @x.deleter
    def x(self):
        self._x = None

    ro = property(lambda self: 1)
    wo = property(None, lambda self, v: print("wo", v))
    doc = property(lambda self: 1, doc="given doc")

p = P()
p.x = 3
print(p.x, P.x.__doc__, P.doc.__doc__, P.x.fget.__name__, P.ro.fset)
del p.x
print(p.x)
p.wo = 5
for f in (lambda: setattr(p, "ro", 1), lambda: delattr(p, "ro"), lambda: p.wo, lambda: property().__get__(p)):
    try:
        f()
    except AttributeError as e:
        print(e)

class Sub(P):
    @P.x.getter
    def x(self):
        return "sub " + str(self._x)

s = Sub()
s.x = 9
print(s.x)

class Cls:
    @classmethod
    def c(cls, *a):
        "cdoc"
        return cls.__name__, a

    @staticmethod
    def s(*a):
        return a

    raw = s

class Cls2(Cls):
    pass

print(Cls.c(1), Cls2().c(2), Cls.s(1), Cls2().s(2), Cls.__dict__["c"].__func__.__name__, Cls.c.__doc__)
print(Cls.__dict__["s"](3), Cls.__dict__["s"].__wrapped__.__name__, Cls.__dict__["c"].__name__)
print(Cls2().c.__self__ is Cls2, Cls.c.__func__ is Cls2.c.__func__)
print(type(Cls.__dict__["c"]), type(Cls.__dict__["s"]), callable(Cls.__dict__["c"]))
print(repr(Cls.__dict__["s"]).startswith("<staticmethod(<function Cls.s at"))

class Meth:
    def m(self, a):
        return a

m = Meth()
b = m.m
print(b(1), b.__func__(m, 2), b.__self__ is m, b == m.m, b is m.m, hash(b) == hash(m.m), Meth.m(m, 3))
print(repr(b).startswith("<bound method Meth.m of <__main__.Meth object at"))
b.__func__.tag = "tagged"
print(b.tag)
try:
    b.tag = 1
except AttributeError as e:
    print(e)

class BadSetName:
    def __set_name__(self, owner, name):
        raise ValueError("in set_name")

try:
    class Holder:
        attr = BadSetName()
except ValueError as e:
    print(e, e.__notes__)

class Lazy:
    def __init__(self, f):
        self.f = f

    def __get__(self, obj, owner):
        if obj is None:
            return self
        v = obj.__dict__[self.f.__name__] = self.f(obj)
        return v

class UsesLazy:
    @Lazy
    def value(self):
        print("computing")
        return 42

u = UsesLazy()
print(u.value, u.value, type(UsesLazy.value).__name__)
print(int.__add__(1, 2), "".join.__name__, str.upper.__get__("abc")(), list.append.__objclass__, type(list.append).__name__)
try:
    list.append.__get__(3)
except TypeError as e:
    print(e)
