def show(label, f, *a, **k):
    try: print(label, '->', f(*a, **k))
    except BaseException as e: print(label, '!!', type(e).__name__, e)
import weakref
class A:
    __slots__ = ('a', 'b', '__private')
    def __init__(self): self.a = 1; self.__private = 'p'
a = A(); print(a.a, a._A__private); show('b', lambda: a.b); show('del', delattr, a, 'b'); show('c', setattr, a, 'c', 1); show('dict', lambda: a.__dict__)
show('weak', weakref.ref, a); print(A.__slots__, A.a, type(A.a).__name__, A.a.__get__(a), A.a.__get__(None, A) is A.a)
show('wrong', A.a.__get__, 5); show('wrong', A.a.__set__, object(), 1)
del a.a; show('a', lambda: a.a)
class S1: __slots__ = 'single'
s = S1(); s.single = 1; print(s.single)
class D(A): pass
d = D(); d.zz = 1; d.b = 2; print(d.__dict__, d.b, weakref.ref(d)() is d)
class E(A): __slots__ = ('e',)
e = E(); e.e = e.a = 3; show('nodict', setattr, e, 'q', 1); print(E.__slots__, [x for x in dir(E) if len(x) == 1])
class F(A): __slots__ = ('__dict__',)
f = F(); f.q = 1; print(f.__dict__); show('weak', weakref.ref, f)
class G(A): __slots__ = ('__weakref__',)
g = G(); print(weakref.ref(g)() is g, g.__weakref__ is not None); show('q', setattr, g, 'q', 1)
def mk(name, bases, ns): 
    return lambda: type(name, bases, ns)
show('conflict', mk('X', (), {'__slots__': ('x',), 'x': 1}))
show('dup', mk('X', (), {'__slots__': ('x', 'x')}))
show('ident', mk('X', (), {'__slots__': ('1x',)}))
show('type', mk('X', (), {'__slots__': (5,)}))
show('notit', mk('X', (), {'__slots__': 5}))
show('dict2', mk('X', (D,), {'__slots__': ('__dict__',)}))
show('weak2', mk('X', (D,), {'__slots__': ('__weakref__',)}))
show('dictdup', mk('X', (), {'__slots__': ('__dict__', '__dict__')}))
show('int', mk('X', (int,), {'__slots__': ('x',)}))
show('int ok', lambda: mk('X', (int,), {'__slots__': ()})()(5) + 1)
show('tuple', mk('X', (tuple,), {'__slots__': ('x',)}))
show('str', mk('X', (str,), {'__slots__': ('x',)}))
show('bytes', mk('X', (bytes,), {'__slots__': ('x',)}))
class B1: __slots__ = ('x',)
class B2: __slots__ = ('y',)
show('layout', mk('X', (B1, B2), {}))
class B3: __slots__ = ()
print(type('X', (B1, B3), {'__slots__': ()}).__mro__[1:3])
show('layout2', mk('X', (int, B1), {})); show('layout3', mk('X', (list, dict), {})); show('layout4', mk('X', (Exception, int), {}))
class L(list): __slots__ = ('tag',)
l = L([1]); l.tag = 't'; print(l, l.tag); show('l', setattr, l, 'x', 1)
class DD(dict): __slots__ = {'a': 'doc of a', 'b': None}
dd = DD(); dd.a = 1; print(dd.a, DD.__slots__, DD.a.__doc__)
class I: __slots__ = iter(['p', 'q'])
i = I(); i.p = 1; print(i.p, type(I.__slots__).__name__)
class Mangle: __slots__ = ['__x', '_y', '__z__']
print(sorted(k for k in Mangle.__dict__ if 'x' in k or 'y' in k or 'z' in k))
# class var conflict through inheritance is fine
class V: x = 1
class W(V): __slots__ = ('x',)
w = W(); show('w.x', lambda: w.x); w.x = 5; print(w.x, w.__dict__)
# __class__ assignment
class C1: __slots__ = ('a',)
class C2: __slots__ = ('a',)
class C3: __slots__ = ('b',)
class C4: pass
class C5: pass
c = C1(); c.a = 1; c.__class__ = C2; print(type(c).__name__, c.a)
show('c3', setattr, c, '__class__', C3); show('c4', setattr, c, '__class__', C4); show('int', setattr, c, '__class__', int); show('5', setattr, c, '__class__', 5); show('del', delattr, c, '__class__')
c = C4(); c.v = 1; c.__class__ = C5; print(type(c).__name__, c.v)
show('int', setattr, 5, '__class__', C4); show('builtin', setattr, [], '__class__', L)
show('mod', setattr, __import__('sys'), '__class__', C4)
# __dict__ assignment
c.__dict__ = {'n': 1}; print(c.n); show('dict', setattr, c, '__dict__', 5); del c.__dict__; print(c.__dict__); c.k = 1; print(c.__dict__)
class DS(dict): 
    def __getitem__(s, k): return 'never'
c.__dict__ = DS(z=1); print(c.z, type(c.__dict__).__name__)
# pickling / copying slots
import copy, pickle
class PS:
    __slots__ = ('a', 'b')
ps = PS(); ps.a = [1]
q = copy.copy(ps); print(q.a is ps.a, hasattr(q, 'b')); q = copy.deepcopy(ps); print(q.a, q.a is ps.a); q = pickle.loads(pickle.dumps(ps, 2)); print(q.a)
show('proto1', pickle.dumps, ps, 1)
print(ps.__reduce_ex__(2)[2:3], ps.__getstate__(), sorted(d.__getstate__()[1].items()), object().__getstate__())
# slots and gc, self reference
ps.b = ps; r = PS(); r.a = r
import gc; del ps, r; print(gc.collect() >= 2)
