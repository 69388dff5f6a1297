# What object itself offers.
class A:
    pass

class B:
    def __repr__(self):
        return "B!"

class C:
    def __str__(self):
        return "C str"

    def __format__(self, spec):
        return f"C<{spec}>"

a = A()
print(repr(a).startswith("<__main__.A object at 0x"), str(B()), f"{B()}", str(C()), f"{C():>5}", f"{C()!s}")
print(a == a, a != a, a == A(), object.__eq__(a, 3), object.__ne__(a, a), object.__lt__(a, a))
print(hash(a) == hash(a), a.__hash__() == hash(a), object.__hash__(a) == hash(a))
print(A.__name__, A.__qualname__, A.__module__, A.__doc__, a.__class__, a.__dict__, A.__bases__, A.__base__)
a.x = 1
print(a.__dict__, a.__getattribute__("x"), a.__dir__()[:1])
a.__dict__["y"] = 2
print(a.y, sorted(vars(a)))
a.__dict__ = {"z": 9}
print(a.z, hasattr(a, "x"))
try:
    a.__dict__ = 3
except TypeError as e:
    print(e)
del a.z
try:
    del a.z
except AttributeError as e:
    print(e)
for bad in (lambda: object.__setattr__(int, "x", 1), lambda: getattr(a, 3), lambda: object.__getattribute__(a, "nope"), lambda: f"{a:>10}", lambda: object(1), lambda: A(1), lambda: A(x=1), lambda: object.__new__(3), lambda: object.__new__(), lambda: a < a, lambda: a + a, lambda: a(), lambda: a[0], lambda: len(a), lambda: iter(a), lambda: -a):
    try:
        bad()
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)

class New:
    def __new__(cls, *args):
        print("new", args)
        return super().__new__(cls)

    def __init__(self, *args):
        print("init", args)

New(1, 2)

class NewOnly:
    def __new__(cls, x):
        self = object.__new__(cls)
        self.x = x
        return self

print(NewOnly(5).x)

class Other:
    def __new__(cls):
        return 42

    def __init__(self):
        print("never")

print(Other())

class BadInit:
    def __init__(self):
        return 3

try:
    BadInit()
except TypeError as e:
    print(e)

class BadNew:
    def __new__(cls, x):
        return object.__new__(cls, x)

try:
    BadNew(1)
except TypeError as e:
    print(e)

class BadRepr:
    def __repr__(self):
        return 3

    def __str__(self):
        return None

    def __hash__(self):
        return "x"

    def __bool__(self):
        return 2

    def __len__(self):
        return -1

for f in (repr, str, hash, bool, len):
    try:
        f(BadRepr())
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)

class Truth:
    def __len__(self):
        return 0

print(bool(Truth()), bool(A()), not Truth())
print(A.__subclasshook__(int), A.__init_subclass__(), a.__sizeof__() > 0)
print(sorted(n for n in dir(object()) if not n.startswith("__")))
print([n for n in dir(object()) if n in ("__class__", "__eq__", "__getstate__", "__reduce_ex__", "__init_subclass__")])
