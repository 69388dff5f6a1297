# Descriptors: precedence, deletion, errors, properties, slots, class/static methods.
def show(label, f, *a, **k):
    try: print(label, '->', f(*a, **k))
    except BaseException as e: print(label, '!!', type(e).__name__, e)
class Data:
    def __get__(s, o, t=None): return ('data', o is None, t and t.__name__)
    def __set__(s, o, v): print('set', v)
    def __delete__(s, o): print('del')
class NonData:
    def __get__(s, o, t=None): return ('nondata', o is None, t and t.__name__)
class SetOnly:
    def __set__(s, o, v): print('setonly', v)
class DelOnly:
    def __delete__(s, o): print('delonly')
class C:
    d = Data(); n = NonData(); s = SetOnly(); x = DelOnly()
c = C()
print(c.d, C.d, c.n, C.n, type(c.s).__name__, type(C.s).__name__)
c.__dict__.update(d=1, n=2, s=3, x=4)
print(c.d, c.n, c.s, c.x)
c.d = 5; c.n = 6; c.s = 7
show('x', setattr, c, 'x', 1)
del c.d
show('dels', delattr, c, 's')
del c.x
del c.n
show('n', lambda: c.n)
show('n', delattr, c, 'n')
# property in all forms
class P:
    def __init__(s): s._v = 0
    @property
    def v(s): "doc of v"; return s._v
    @v.setter
    def v(s, x): s._v = x
    @v.deleter
    def v(s): del s._v
    ro = property(lambda s: 1)
    wo = property(None, lambda s, v: print('wo', v))
    none = property()
    @property
    def err(s): raise AttributeError('inner')
    @property
    def err2(s): return s.missing
    def __getattr__(s, n): return f'getattr:{n}'
p = P(); p.v += 5; print(p.v, P.v.__doc__, P.__dict__['v'].fget.__name__, p.err, p.err2)
del p.v; print(p.v)
class P2:
    ro = property(lambda s: 1)
    wo = property(None, lambda s, v: print('wo', v))
    none = property()
    @property
    def err(s): raise AttributeError('inner')
p = P2()
for n in ('ro', 'wo', 'none', 'err'):
    show('get ' + n, getattr, p, n); show('set ' + n, setattr, p, n, 1); show('del ' + n, delattr, p, n)
q = property(doc='d'); print(q.__doc__, q.fget, q.getter(len).fget, q.setter(len).fset, isinstance(q.deleter(len), property))
show('propinit', property, 1, 2, 3, 4, 5)
show('uncallable', lambda: type('X', (), {'a': property(5)})().a)
show('isabs', lambda: property(1).__isabstractmethod__)
class Sub(property):
    "sub doc"
    def __get__(s, o, t=None): return ('sub', super().__get__(o, t) if o else None)
class U:
    @Sub
    def a(self): return 'va'
    @a.setter
    def a(self, v): print('seta', v)
u = U(); print(u.a, U.a); u.a = 3; print(type(U.__dict__['a']).__name__)
# raising in __get__ and fallbacks
class Boom:
    def __get__(s, o, t): raise AttributeError('boom')
class W:
    b = Boom()
    def __getattr__(s, n): return 'fallback ' + n
print(W().b); show('cls', lambda: W.b)
class G:
    def __getattribute__(s, n):
        if n == 'a': return 'got a'
        if n == 'b': raise AttributeError('b!')
        if n == 'c': raise KeyError('c')
        return super().__getattribute__(n)
    def __getattr__(s, n): return f'getattr {n}'
g = G(); print(g.a, g.b, g.zz); show('c', lambda: g.c); print(hasattr(g, 'b'), getattr(g, 'q', 1)); show('hasattr', hasattr, g, 'c')
class OnlyGA:
    def __getattribute__(s, n): raise AttributeError
show('empty', lambda: OnlyGA().x); print(getattr(OnlyGA(), 'x', 'dflt'), hasattr(OnlyGA(), 'x'))
class SA:
    def __setattr__(s, n, v): print('sa', n, v); object.__setattr__(s, n, v)
    def __delattr__(s, n): print('da', n); object.__delattr__(s, n)
s = SA(); s.a = 1; s.a += 1; del s.a; show('da', delattr, s, 'a')
show('attrname', getattr, s, 5); show('attrname', setattr, s, 5, 1); show('attrname', delattr, s, 5); show('attrname', hasattr, s, 5)
# classmethod/staticmethod
class M:
    @classmethod
    def c(cls, *a): return cls.__name__, a
    @staticmethod
    def s(*a): return a
    @classmethod
    @property
    def cp(cls): return 'cp ' + cls.__name__
class N(M): pass
print(M.c(1), N().c(2), M.s(1), N().s(2), M.cp, M.__dict__['c'].__func__.__name__, M.__dict__['s'].__wrapped__.__name__, M.__dict__['s'](9))
show('cm', lambda: classmethod(5).__get__(None, int))
show('cmcall', lambda: M.__dict__['c']()); print(repr(staticmethod(5)), repr(classmethod(6)))
import functools
class Q:
    @functools.cached_property
    def cp(self): print('computing'); return 5
    @functools.partialmethod
    def pm(self): pass
    pm2 = functools.partialmethod(lambda self, a, b: (a, b), 1)
    @functools.singledispatchmethod
    def sd(self, x): return 'obj'
    @sd.register
    def _(self, x: int): return 'int'
q = Q(); print(q.cp, q.cp, q.pm2(2), q.sd(1), q.sd('a')); del q.cp; print(q.cp)
# bound methods
class B:
    def m(self): return 1
b = B(); m = b.m
print(m == b.m, m is b.m, hash(m) == hash(b.m), m.__self__ is b, m.__func__ is B.m, m.__name__, m.__qualname__, B().m == b.m)
show('setm', setattr, m, 'x', 1)
print(B.m.__get__(b, B)() , B.m.__get__(None, B) is B.m)
from types import MethodType, FunctionType
show('mt', MethodType, 5, 1); show('mt', MethodType, len, None); print(MethodType(len, [1, 2])())
import types
print(type(str.join).__name__, type(''.join).__name__, type(int.__dict__['real']).__name__, type(dict.fromkeys).__name__, type(types.FunctionType.__dict__['__code__']).__name__)
show('unbound', str.join, 5, []); show('unbound', int.__add__, 'a', 1); show('unbound', str.join); show('unbound', list.append, []); show('unbound', int.__add__, 1)
show('getset', int.__dict__['real'].__get__, 'x'); show('getset', int.__dict__['real'].__set__, 5, 1)
show('wd', list.append.__get__, 5)
print(list.append, [].append.__qualname__, int.__add__, int.real, dict.__dict__['fromkeys'], (5).__add__.__name__, str.join.__text_signature__)
print(int.__add__.__objclass__, list.append.__objclass__, int.real.__objclass__, [].append.__self__)
