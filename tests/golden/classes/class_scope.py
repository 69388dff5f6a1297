# Names inside class bodies.
x = "global"
class A:
    x = "class"
    y = x
    z = [x for _ in range(1)]
    def f(self):
        return x
    g = lambda self: x
    class Inner:
        try:
            w = y
        except NameError as e:
            w = str(e)
        v = x
print(A.y, A.z, A().f(), A().g(), A.Inner.w, A.Inner.v, A.Inner.__qualname__)
def outer():
    x = "enclosing"
    class B:
        a = x
        x = "own"
        b = x
        def m(self):
            return x
    return B
try:
    outer()
except NameError as e:
    print(type(e).__name__, e)
def outer2():
    q = "enclosing"
    class B:
        a = q
        def m(self):
            nonlocal q
            q += "!"
            return q
    return B
B = outer2()
print(B.a, B().m(), B().m(), B.__qualname__, B.m.__qualname__)
class Mangle:
    __priv = 1
    def __init__(self):
        self.__attr = 2
        self.__dunder__ = 3
    def get(self):
        return self.__attr, self.__priv, self.__dunder__
    def __method(self):
        return "private"
    def call(self):
        return self.__method()
m = Mangle()
print(m.get(), sorted(vars(m)), hasattr(Mangle, "_Mangle__priv"), m._Mangle__attr, m.call())
try:
    m.__attr
except AttributeError as e:
    print(e)
class Sub(Mangle):
    def peek(self):
        try:
            return self.__attr
        except AttributeError as e:
            return str(e)
print(Sub().peek())
class Loop:
    total = 0
    for i in range(4):
        total += i
        if i == 2:
            break
    else:
        total = -1
    del i
    with_locals = sorted(k for k in locals() if not k.startswith("__"))
print(Loop.total, hasattr(Loop, "i"), Loop.with_locals)
class Cond:
    if True:
        def f(self): return "yes"
    else:
        def f(self): return "no"
    try:
        1 / 0
    except ZeroDivisionError:
        caught = True
print(Cond().f(), Cond.caught)
def deco(tag):
    print("evaluating", tag)
    def wrap(c):
        print("applying", tag, c.__name__ if hasattr(c, "__name__") else c)
        c.tags = getattr(c, "tags", []) + [tag]
        return c
    return wrap
@deco("a")
@deco("b")
class Decorated:
    @deco("m")
    def m(self): pass
print(Decorated.tags, Decorated.m.tags)
class Order:
    b = 1
    a = 2
    def z(self): pass
    c = 3
print([k for k in Order.__dict__ if not k.startswith("__")])
class Global:
    global gvar
    gvar = 5
print(gvar, hasattr(Global, "gvar"))
counter = iter(range(100))
class Count:
    n = next(counter)
    m = next(counter)
    def __init__(self, default=next(counter)):
        self.d = default
print(Count.n, Count.m, Count().d, Count().d)
class WithCell:
    def who(self):
        return __class__.__name__
    @classmethod
    def cls_who(cls):
        return __class__.__name__, cls.__name__
    @staticmethod
    def st_who():
        return __class__
class WithCell2(WithCell): pass
print(WithCell2().who(), WithCell2.cls_who(), WithCell2.st_who() is WithCell)
