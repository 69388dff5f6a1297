class A:
    x = 1
    def __init__(self, a, b=2):
        self.a = a
        self.b = b
    def m(self): return self.a + self.b
    @property
    def p(self): return f'p{self.a}'
    @classmethod
    def c(cls, z): return (cls.__name__, z)
    @staticmethod
    def s(q): return q * 2
class B(A):
    __slots__ = ('u',)
    def m(self): return super().m() + 100
    def __eq__(self, o): return True
a = A(1); b = B(5, 6)
print(a.m(), b.m(), a.p, A.c(1), b.c(2), a.s(4), B.s(3))
print(A, B.__mro__, B.__name__, A.__dict__['x'], type(a), isinstance(b, A))
print(B.__hash__, a == a, a != b)
b.u = 4
print(b.u, b.__dict__)
try: hash(b)
except TypeError as e: print(e)
try: A()
except TypeError as e: print(e)
try: object(1)
except TypeError as e: print(e)
try: raise KeyError('x')
except KeyError as e: print(repr(e), str(e), e.args)
print(list[int], int | None)
class M(type):
    def __new__(m, n, b, ns, **kw):
        print('new', n, kw)
        return super().__new__(m, n, b, ns)
    def __init__(c, n, b, ns, **kw): pass
    def __call__(cls, *a):
        print('call', a)
        return super().__call__(*a)
class C(metaclass=M, foo=1):
    def __init__(self, v): self.v = v
print(C(3).v, type(C))
print(OSError(2, 'No such file', 'x'), type(OSError(2, 'a')))
