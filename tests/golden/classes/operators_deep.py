# operator fallbacks: who is asked, in which order
def show(label, f, *a, **k):
    try: print(label, '->', f(*a, **k))
    except BaseException as e: print(label, '!!', type(e).__name__, e)
import operator as op
log = []
names = 'add sub mul matmul truediv floordiv mod divmod pow lshift rshift and xor or'.split()
def mk(cname, res, bases=(), r=True, i=False):
    ns = {}
    for n in names:
        def f(s, *o, n=n): log.append(f'{cname}.{n}'); return res
        ns[f'__{n}__'] = f
        if r:
            def g(s, *o, n=n): log.append(f'{cname}.r{n}'); return res
            ns[f'__r{n}__'] = g
        if i and n != 'divmod':
            def h(s, *o, n=n): log.append(f'{cname}.i{n}'); return res
            ns[f'__i{n}__'] = h
    return type(cname, bases, ns)
NI = NotImplemented
A = mk('A', NI); B = mk('B', NI); SA = mk('SA', NI, (A,)); SN = type('SN', (A,), {}); IA = mk('IA', NI, (), True, True); OK = mk('OK', 'ok')
sy = dict(add='+', sub='-', mul='*', matmul='@', truediv='/', floordiv='//', mod='%', pow='**', lshift='<<', rshift='>>')
sy['and'] = '&'; sy['xor'] = '^'; sy['or'] = '|'
for n, s in sy.items():
    for x, y in [(A(), B()), (A(), A()), (A(), SA()), (SA(), A()), (A(), SN()), (IA(), B()), (A(), OK()), (A(), 1), (1, A()), ('s', A()), ([], A()), (1.5, A())]:
        log.clear()
        try: r = eval(f'x {s} y')
        except TypeError as e: r = e
        if n in ('add', 'pow', 'mod'): print(n, type(x).__name__, type(y).__name__, log, r)
    log.clear(); x = IA()
    try: exec(f'x {s}= B()', {'x': x, 'B': B})
    except TypeError as e: print(log, e)
    log.clear(); x = [1]
    try: exec(f'x {s}= B()', {'x': x, 'B': B})
    except TypeError as e: print(log, e)
log.clear(); show('divmod', divmod, A(), B()); print(log)
log.clear(); show('pow3', pow, A(), B(), 5); print(log); show('pow3', pow, 2, A(), 5); show('pow3', pow, 2, 3, A()); show('pow3', pow, 2.0, 3, 5); show('pow3', pow, 'a', 3, 5)
# comparisons
for cls in ('lt', 'le', 'eq', 'ne', 'gt', 'ge'):
    pass
class Cmp:
    def __init__(s, n): s.n = n
    for m in ('lt', 'le', 'eq', 'ne', 'gt', 'ge'):
        exec(f'def __{m}__(s, o): log.append(f"{{s.n}}.{m}"); return NotImplemented')
class SubCmp(Cmp):
    for m in ('lt', 'le', 'eq', 'ne', 'gt', 'ge'):
        exec(f'def __{m}__(s, o): log.append(f"{{s.n}}.{m}"); return NotImplemented')
class SubCmp2(Cmp): pass
for s in ('<', '<=', '==', '!=', '>', '>='):
    for x, y in [(Cmp('a'), Cmp('b')), (Cmp('a'), SubCmp('b')), (Cmp('a'), SubCmp2('b')), (SubCmp('a'), Cmp('b')), (Cmp('a'), 5), (5, Cmp('b')), ('s', Cmp('b')), (None, Cmp('b'))]:
        log.clear()
        try: r = eval(f'x {s} y')
        except TypeError as e: r = e
        print(s, log, r)
class OnlyEq:
    def __eq__(s, o): log.append('eq'); return 'truthy'
log.clear(); print(OnlyEq() != 1, OnlyEq() == 1, log); show('hash', hash, OnlyEq()); print(OnlyEq.__hash__)
class EqNI:
    def __eq__(s, o): return NotImplemented
print(EqNI() != EqNI(), EqNI() == EqNI())
class OnlyNe:
    def __ne__(s, o): return 'ne'
print(OnlyNe() != 1, OnlyNe() == 1)
# chains evaluate once and stop early
def v(x): log.append(x); return x
log.clear(); print(v(1) < v(2) < v(2) < v(5), log); log.clear(); print(v(3) > v(2) in [v(2)] == [v(2)] is not v(None), log)
class NB:
    def __bool__(s): return 5
class NB2:
    def __len__(s): return -1
class NB3:
    def __len__(s): return 'x'
class NB4:
    def __len__(s): return 2**100
class NB5:
    def __bool__(s): raise KeyError('b')
    def __len__(s): return 1
class NB6:
    def __len__(s): return True
    __bool__ = None
for c in (NB, NB2, NB3, NB4, NB5, NB6):
    show(c.__name__, bool, c()); show(c.__name__ + ' not', lambda: not c()); show(c.__name__ + ' len', len, c()); show('if', lambda: 1 if c() else 2); show('and', lambda: c() and 1); show('while', lambda: [x for x in [1] if c()])
class Lt:
    def __lt__(s, o): return NB()
show('cmp result', lambda: Lt() < 1 < 2); show('sorted', sorted, [Lt(), Lt()]); show('max', max, [Lt(), Lt()])
# index / int / float / complex
class Ix:
    def __init__(s, v): s.v = v
    def __index__(s): return s.v
for val in (2, True, 'x', 1.5, None, 2**70):
    i = Ix(val)
    for lbl, f in dict(list=lambda: [1, 2, 3][i], slice=lambda: [1, 2, 3][:i], range=lambda: range(i), int=lambda: int(i), float=lambda: float(i), hex=lambda: hex(i), mul=lambda: 'a' * i if i.v != 2**70 else 0, index=lambda: op.index(i), round=lambda: round(1.234, i), bytes=lambda: len(bytes(i)) if val != 2**70 else 0, chr=lambda: chr(i), pct=lambda: '%d %x' % (i, i), fmt=lambda: '{:d}'.format(i), bs=lambda: bytes([i]), cplx=lambda: complex(i), pow=lambda: pow(2, i), shift=lambda: 1 << i):
        pass
        show(f'{lbl} {val!r}'[:30], f)
import warnings
warnings.simplefilter('error')
class It:
    def __int__(s): return True
    def __float__(s): return 5
    def __complex__(s): return 1.5
    def __trunc__(s): return 9
    def __round__(s, n='none'): return ('round', n)
    def __floor__(s): return 'fl'
    def __ceil__(s): return 'ce'
    def __abs__(s): return 'abs'
    def __neg__(s): return 'neg'
    def __pos__(s): return 'pos'
    def __invert__(s): return 'inv'
import math
i = It()
for f in (int, float, complex, round, math.floor, math.ceil, math.trunc, abs, op.neg, op.pos, op.inv): show(f.__name__, f, i)
show('round2', round, i, 3); show('round2', round, 'x'); show('neg', lambda: -'x'); show('inv', lambda: ~1.5); show('pos', lambda: +[]); show('abs', abs, 'x'); show('inv', lambda: ~True)
warnings.simplefilter('ignore'); print(int(i), type(int(i)))
# containers
class Seq:
    def __getitem__(s, i):
        log.append(i)
        if i > 3: raise IndexError
        return i * 10
log.clear(); print(list(Seq()), 20 in Seq(), 25 in Seq(), tuple(reversed([1])), log)
show('reversed', reversed, Seq()); show('iter', iter, 5); show('len', len, Seq()); show('in', lambda: 1 in 5); show('unpack', lambda: [*5])
class NoIter:
    __iter__ = None
    def __getitem__(s, i): return 1
    __contains__ = None
    __len__ = None
    __reversed__ = None
    __hash__ = None
    __call__ = None
    __getattr__ = None
    __add__ = None
    __radd__ = None
    __bool__ = None
    __index__ = None
    __int__ = None
n = NoIter()
for lbl, f in dict(iter=lambda: iter(n), contains=lambda: 1 in n, len=lambda: len(n), rev=lambda: reversed(n), hash=lambda: hash(n), call=lambda: n(), add=lambda: n + 1, radd=lambda: 1 + n, bool=lambda: bool(n), index=lambda: [][n], int=lambda: int(n), attr=lambda: n.x, forr=lambda: [x for x in n]).items(): show(lbl, f)
class BadIter:
    def __iter__(s): return 5
class BadNext:
    def __iter__(s): return s
    __next__ = 5
show('baditer', iter, BadIter()); show('badnext', list, BadNext()); show('badcontains', lambda: 1 in BadIter())
show('del', lambda: op.delitem((1,), 0)); show('set', lambda: op.setitem('a', 0, 1)); show('get', lambda: (5)[0]); show('get', lambda: len[0]); show('get', lambda: int[0]); show('get', lambda: list[int]); show('get', lambda: n.__class__[1])
class CGI:
    def __class_getitem__(cls, k): return (cls.__name__, k)
print(CGI[1], CGI[1, 2]); show('inst', lambda: CGI()[1])
# format
class F:
    def __format__(s, spec): return f'<{spec}>'
class F2:
    def __format__(s, spec): return 5
print(f'{F()} {F():abc} {F():{"x"}>{5}}', format(F(), 'q')); show('f2', format, F2()); show('obj', format, object(), 'x'); show('specnonstr', format, 1, 5); show('list', format, [], '5')
class Rp:
    def __repr__(s): return 5
class St:
    def __str__(s): return 5
show('repr', repr, Rp()); show('str', str, St()); show('str', str, Rp()); show('fr', lambda: f'{Rp()!r}'); show('pct', lambda: '%r' % Rp()); show('ascii', ascii, Rp()); show('print', print, St())
class By:
    def __bytes__(s): return 5
show('bytes', bytes, By())
class Hs:
    def __hash__(s): return 'x'
class Hs2:
    def __hash__(s): return 2**100
show('hash', hash, Hs()); print(hash(Hs2()) == hash(2**100)); 
class Dir:
    def __dir__(s): return 5
class Dir2:
    def __dir__(s): return ['b', 'a', 1]
show('dir', dir, Dir()); show('dir', dir, Dir2())
class LH:
    def __length_hint__(s): return 'x'
    def __iter__(s): return iter([1])
class LH2(LH):
    def __length_hint__(s): return -1
show('lh', list, LH()); show('lh', list, LH2()); show('lh', op.length_hint, LH()); show('lh', op.length_hint, LH2())
class Sz:
    def __sizeof__(s): return -1
import sys
show('sizeof', sys.getsizeof, Sz()); 
class Cm:
    __enter__ = 5
show('with', lambda: exec('with Cm(): pass', globals()))
class Cm2:
    def __enter__(s): return 1
show('with', lambda: exec('with Cm2(): pass', globals()))
show('awith', lambda: exec('async def f():\n async with Cm2(): pass\nf().send(None)', globals()))
show('afor', lambda: exec('async def f():\n async for x in Cm2(): pass\nf().send(None)', globals()))
show('await', lambda: exec('async def f():\n await Cm2()\nf().send(None)', globals()))
