import copy, pickle, copyreg
def show(label, f, *a, **k):
    try: print(label, '->', f(*a, **k))
    except BaseException as e: print(label, '!!', type(e).__name__, e)
class A:
    def __init__(s, v): s.v = v
    def __repr__(s): return f'A({s.v!r})'
    def __eq__(s, o): return s.v == o.v
a = A([1, [2]]); b = copy.copy(a); c = copy.deepcopy(a)
print(b, b.v is a.v, c, c.v is a.v, c.v[1] is a.v[1])
class St:
    def __init__(s): s.x = 1; s.secret = 2
    def __getstate__(s): return {'x': s.x}
    def __setstate__(s, st): print('setstate', st); s.__dict__.update(st)
print(copy.copy(St()).__dict__, pickle.loads(pickle.dumps(St())).__dict__)
class FalseState:
    def __getstate__(s): return None
    def __setstate__(s, st): print('called', st)
copy.copy(FalseState()); pickle.loads(pickle.dumps(FalseState()))
class NewArgs:
    def __new__(cls, a, b=0): o = super().__new__(cls); o.ab = a, b; print('new', a, b); return o
    def __getnewargs__(s): return s.ab
print(copy.copy(NewArgs(1, 2)).ab, pickle.loads(pickle.dumps(NewArgs(3))).ab)
class NewArgsEx:
    def __new__(cls, *, k): o = super().__new__(cls); o.k = k; return o
    def __getnewargs_ex__(s): return (), {'k': s.k}
for p in range(2, 6): print(pickle.loads(pickle.dumps(NewArgsEx(k=5), p)).k, end=' ')
print(copy.copy(NewArgsEx(k=1)).k)
class Red:
    def __init__(s, *a): s.a = a
    def __reduce__(s): return Red, (s.a, 1), {'extra': 2}, iter([10, 20]), iter([('k', 'v')])
    def append(s, x): s.__dict__.setdefault('items', []).append(x)
    def extend(s, xs): 
        for x in xs: s.append(x)
    def __setitem__(s, k, v): s.__dict__[k] = v
r = copy.copy(Red(0)); print(sorted(r.__dict__.items())); r = pickle.loads(pickle.dumps(Red(0))); print(sorted(r.__dict__.items()))
class RedStr:
    def __reduce__(s): return 'SINGLE'
SINGLE = RedStr(); print(pickle.loads(pickle.dumps(SINGLE)) is SINGLE, copy.copy(SINGLE) is SINGLE, copy.deepcopy(SINGLE) is SINGLE)
for bad in [5, (), (1,), (len,), (len, 5), (5, ()), (len, (), 1, 2, 3, 4, 5, 6), (len, (), None, 5), (len, (), None, None, 5)]:
    class Bad:
        def __reduce_ex__(s, p): return bad
    Bad.__qualname__ = 'Bad'
    try: pickle.dumps(Bad())
    except (pickle.PicklingError, TypeError) as e: print('bad', bad)
class CopyHook:
    def __copy__(s): return 'copied'
    def __deepcopy__(s, memo): return 'deep', type(memo).__name__
print(copy.copy(CopyHook()), copy.deepcopy(CopyHook()), copy.deepcopy([CopyHook()]))
l = [1]; l.append(l); m = copy.deepcopy(l); print(m[1] is m, m)
d = {}; d['d'] = d; e = copy.deepcopy(d); print(e['d'] is e)
t = ([],); t[0].append(t); u = copy.deepcopy(t); print(u[0][0] is u)
print(copy.deepcopy((1, 'a', (2,))) is not None, copy.copy((x := (1, [2]))) is x, copy.deepcopy(x) is x)
for o in [None, 1, 1.5, 2j, 'a', b'b', bytearray(b'c'), (1, 2), [1], {1: 2}, {3}, frozenset({4}), range(3), slice(1, 2), ..., NotImplemented, int, len, ValueError('x', 1), KeyError('k'), OSError(2, 'm', 'f'), StopIteration(5), UnicodeDecodeError('utf8', b'a', 0, 1, 'r'), SystemExit(3), ImportError('m', name='n', path='p'), AttributeError('a', name='n', obj=3), ExceptionGroup('g', [ValueError(1)]), True, 10**50, -2**31, 2**63, float('inf'), 'é😀\ud800', complex(1, -0.0), A, A(1), show]:
    r = []
    for p in range(6):
        try: x = pickle.loads(pickle.dumps(o, p)); r.append(repr(x) == repr(o) and type(x) is type(o))
        except Exception as e: r.append(type(e).__name__ + ' ' + str(e)[:50])
    print(repr(o)[:40].split(' at ')[0], set(map(str, r)), repr(copy.deepcopy(o)) == repr(o))
for o in [lambda: 0, (i for i in ()), open, type('Local', (), {}), type('Local', (), {})(), iter([]), __import__('sys'), {}.keys(), {}.items(), (lambda: 0).__code__]:
    
    try: print('pk', type(o).__name__, len(pickle.dumps(o)) > 0)
    except (pickle.PicklingError, TypeError, AttributeError): print('pk', type(o).__name__, 'no')
    if type(o).__name__ != 'module': show('cp ' + type(o).__name__, lambda: type(copy.copy(o)).__name__)
e = ValueError('x'); e.extra = 1; e.add_note('n'); f = pickle.loads(pickle.dumps(e)); print(f.__dict__); f = copy.copy(e); print(f.__dict__)
class SubL(list):
    pass
s = SubL([1, 2]); s.tag = 't'; f = copy.deepcopy(s); print(f, f.tag, type(f).__name__); f = pickle.loads(pickle.dumps(s)); print(f, f.tag)
class SubD(dict): pass
s = SubD(a=1); s.tag = 't'; f = copy.copy(s); print(f, f.tag); print(s.__reduce_ex__(2)[0].__name__, list(s.__reduce_ex__(2)[4]))
class SubI(int): pass
s = SubI(5); s.tag = 1; f = copy.copy(s); print(f, f.tag, type(f).__name__)
class SubT(tuple): pass
s = SubT((1, 2)); s.tag = 1; f = copy.deepcopy(s); print(f, f.tag, type(f).__name__); print(object().__reduce_ex__(0)[0].__name__, object().__reduce__()[0].__name__, object().__reduce_ex__(2)[0].__name__)
copyreg.pickle(A, lambda a: (A, ('via copyreg',))); print(copy.copy(a), pickle.loads(pickle.dumps(a)))
memo = {}; copy.deepcopy([1, [2]], memo); print(len(memo) > 1)
import weakref
class WR: pass
w = WR(); r = weakref.ref(w); print(copy.copy(r) is r, copy.deepcopy(r) is r); show('pkw', pickle.dumps, r)
class Deep: pass
o = Deep(); cur = o
for i in range(100): cur.n = Deep(); cur = cur.n
print(copy.deepcopy(o) is not o)
n = []
for i in range(100000): n = [n]
show('deep copy', copy.deepcopy, n) if 0 else None
try: copy.deepcopy(n)
except RecursionError as e: print('RecursionError', str(e)[:32])
try: pickle.dumps(n)
except RecursionError as e: print('RecursionError', str(e)[:32])
try: repr(n)
except RecursionError as e: print('RecursionError', str(e))
try: n == copy.copy(n)
except RecursionError as e: print('RecursionError', str(e))
m = []
for i in range(100000): m = [m]
try: m == n
except RecursionError as e: print('RecursionError', str(e))
try: m < n
except RecursionError as e: print('RecursionError', str(e))
