# Metaclasses: every hook, in order, with what it gets.
def show(label, f, *a, **k):
    try:
        print(label, '->', f(*a, **k))
    except Exception as e:
        print(label, '!!', type(e).__name__, e)

class Meta(type):
    @classmethod
    def __prepare__(mcls, name, bases, **kw):
        print('prepare', mcls.__name__, name, [b.__name__ for b in bases], kw)
        return {'injected': 1}
    def __new__(mcls, name, bases, ns, **kw):
        print('new', name, sorted(k for k in ns if not k.startswith('__')), kw)
        return super().__new__(mcls, name, bases, ns)
    def __init__(cls, name, bases, ns, **kw):
        print('init', name, kw)
        super().__init__(name, bases, ns)
    def __call__(cls, *a, **k):
        print('call', cls.__name__, a, k)
        return super().__call__(*a, **k)
    def __instancecheck__(cls, o): return o == 42
    def __subclasscheck__(cls, c): return c is int
    def __len__(cls): return 7
    def __iter__(cls): return iter('abc')
    def __contains__(cls, x): return x == 'x'
    def __getitem__(cls, k): return (cls.__name__, k)
    def __add__(cls, o): return f'{cls.__name__}+{o}'
    def __radd__(cls, o): return f'{o}+{cls.__name__}'
    def __bool__(cls): return False
    def __repr__(cls): return f'<M {cls.__name__}>'
    def __dir__(cls): return ['z', 'a']
    def __getattr__(cls, n): return f'meta-{n}'
    def __eq__(cls, o): return o == 'eq'
    def __hash__(cls): return 99
    def __call_count(cls): pass

class A(metaclass=Meta, x=1, y=[2]):
    z = injected + 1
class B(A, k='v'):
    pass
print(isinstance(42, A), isinstance(A(), A), issubclass(int, A), issubclass(B, A))
print(len(A), list(A), 'x' in A, 'y' in A, A['k'], A + 1, 2 + A, bool(A), A, dir(A), A.nope, A == 'eq', hash(A), A.z)
print({A: 1} == {A: 1}, [A] == ['eq'])
print(f'{A}', str(A), '%s' % A, '%r' % (B,))

# __prepare__ that gives a custom mapping
class NS(dict):
    def __setitem__(self, k, v):
        if not k.startswith('__'): print('set', k)
        super().__setitem__(k, v)
    def __getitem__(self, k):
        if k == 'magic': return 'from ns'
        return super().__getitem__(k)
    def __missing__(self, k):
        raise KeyError(k)
class M2(type):
    __prepare__ = classmethod(lambda m, n, b: NS())
    def __new__(m, n, b, ns): return super().__new__(m, n, b, dict(ns))
class C(metaclass=M2):
    a = magic
    def f(self): pass
    b = a
    del a
print(C.b, hasattr(C, 'a'), type(C.__dict__))

class BadPrep(type):
    @classmethod
    def __prepare__(m, n, b): return 5
try:
    class D(metaclass=BadPrep): pass
except TypeError as e: print(e)
# a function as metaclass
def fm(name, bases, ns, **kw): return (name, bases, sorted(k for k in ns if k[0] != '_'), kw)
class E(metaclass=fm, q=1):
    x = 5
print(E)
# derived metaclass computed
class MA(type): pass
class MB(MA): pass
class PA(metaclass=MA): pass
class PB(metaclass=MB): pass
class PC(PA, PB): pass
print(type(PC).__name__)
class MX(type): pass
class PX(metaclass=MX): pass
show('conflict', type, 'Q', (PA, PX), {})
def mk():
    class Q(PA, PX): pass
show('conflict2', mk)
# type() of 3 args, wrong
for a in [(), (1, 2), ('A',), ('A', (), {}, 1), (1, (), {}), ('A', [], {}), ('A', (), []), ('A\0', (), {}), ('A', (1,), {}), ('A', (bool,), {}), ('A', (type(None),), {}), ('A', (int, str), {}), ('A', (type(lambda: 0),), {})]:
    if len(a) == 1: continue
    show(f'type{a}'[:60], type, *a)
show('kw', type, 'A', (), {}, foo=1)
show('objinit', object.__init__, 1, 2)
show('objnew', object.__new__, int)
show('objnew2', object.__new__)
show('objnew3', object.__new__, 5)
show('intnew', int.__new__, str)
show('intnew2', int.__new__, 5)
# __init_subclass__
class Base:
    subs = []
    def __init_subclass__(cls, /, tag=None, **kw):
        super().__init_subclass__(**kw)
        cls.subs.append((cls.__name__, tag))
class S1(Base, tag=1): pass
class S2(S1): pass
print(Base.subs)
def bad():
    class S3(Base, other=1): pass
show('init_subclass kw', bad)
class NC:
    def __init_subclass__(cls): raise ValueError('no subclassing')
def bad():
    class X(NC): pass
show('refuse', bad)
# __set_name__
class D:
    def __set_name__(self, owner, name): print('set_name', owner.__name__, name); self.n = name
class H:
    a = D(); b = D()
    c = a
H.d = D()
class BadName:
    def __set_name__(self, o, n): raise KeyError(n)
def bad():
    class X:
        foo = BadName()
try: bad()
except KeyError as e: print(repr(e), e.__notes__, e.__cause__)
# classcell
class KeepCell(type):
    def __new__(m, n, b, ns):
        print('__classcell__' in ns)
        return super().__new__(m, n, b, ns)
class K(metaclass=KeepCell):
    def f(self): return __class__
    def g(self): return super().__repr__()[:5]
print(K().f() is K, K().g())
class DropCell(type):
    def __new__(m, n, b, ns):
        ns.pop('__classcell__', None)
        return super().__new__(m, n, b, ns)
def bad():
    class X(metaclass=DropCell):
        def f(self): return __class__
show('dropcell', bad)
class WrongCell(type):
    def __new__(m, n, b, ns):
        type.__new__(m, 'other', b, dict(ns)) 
        return super().__new__(m, n, b, {})
def bad():
    class X(metaclass=WrongCell):
        def f(self): return __class__
show('wrongcell', bad)
show('badcell', type, 'X', (), {'__classcell__': 5})
# mro()
class RevMro(type):
    def mro(cls):
        m = super().mro()
        return [m[0]] + m[1:-1][::-1] + [m[-1]]
class R1: n = 'r1'
class R2: n = 'r2'
class R3(R1, R2, metaclass=RevMro): pass
print([c.__name__ for c in R3.__mro__], R3.n)
class BadMro(type):
    def mro(cls): return [5]
def bad():
    class X(metaclass=BadMro): pass
show('badmro', bad)
class BadMro2(type):
    def mro(cls): return 5
show('badmro2', lambda: BadMro2('X', (), {}))
# __bases__ assignment
class P: v = 'p'
class Q2: v = 'q'
class R(P): pass
r = R()
print(r.v); R.__bases__ = (Q2,); print(r.v, R.__mro__[1].__name__)
for b in [(), 5, (5,), (R,), (int,), (Q2, Q2)]:
    def s(): R.__bases__ = b
    show('bases', s)
def s(): del R.__bases__
show('delbases', s)
def s(): object.__bases__ = (P,)
show('objbases', s)
def s(): R.__name__ = 5
show('name', s)
def s(): R.__name__ = 'a\0b'
show('name0', s)
R.__name__ = 'Renamed'; R.__qualname__ = 'x.Renamed'; print(R)
def s(): R.__qualname__ = 5
show('qual', s)
def s(): int.foo = 1
show('int', s)
def s(): del int.real
show('int', s)
def s(): del R.nope
show('delattr', s)
print(R.__subclasses__(), Q2.__subclasses__() == [R], P.__subclasses__())
print(type.__dict__['__doc__'].__class__, type(type.__dict__['__mro__']), R.__dictoffset__ is not None, R.__flags__ & (1 << 9) != 0, R.__basicsize__ > 0)
