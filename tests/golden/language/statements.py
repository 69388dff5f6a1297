# loops, else, finally flow, with, del, assert, augmented assignment, annotations
def show(label, f, *a, **k):
    try: print(label, '->', f(*a, **k))
    except BaseException as e: print(label, '!!', type(e).__name__, e)
def le(n):
    out = []
    for i in range(5):
        if i == n: break
        if i % 2: continue
        out.append(i)
    else: out.append('else')
    while n:
        n -= 1
        if n == 3: break
    else: out.append('welse')
    return out
print(le(3), le(9), le(0), le(5))
def fin(k):
    log = []
    for i in range(3):
        try:
            log.append(i)
            if k == 'break': break
            if k == 'cont': continue
            if k == 'ret': return log
            if k == 'exc' and i == 1: raise ValueError
            if k == 'retexc': raise KeyError
        except ValueError: log.append('ve'); break
        else: log.append('else')
        finally:
            log.append('f')
            if k == 'retexc': return log
            if k == 'ovr': break
    else: log.append('for-else')
    return log
for k in ('break', 'cont', 'ret', 'exc', 'none', 'retexc', 'ovr'): print(k, fin(k))
def nestfin():
    try:
        try: return 'a'
        finally: print('inner')
    finally:
        print('outer')
        for _ in range(2):
            try: continue
            finally: print('loop fin')
print(nestfin())
def finret():
    try: return 1
    finally: return 2
def finloop():
    while True:
        try: return 1
        finally: break
    return 3
def finyield():
    try: yield 1; return 5
    finally: yield 2
print(finret(), finloop(), list(finyield()))
def exctype():
    x = 1
    try: return x
    finally: x = 2
print(exctype())
# with
class CM:
    def __init__(s, n, sw=False, en=None, ex=None): s.n, s.sw, s.en, s.ex = n, sw, en, ex
    def __enter__(s):
        print('enter', s.n)
        if s.en: raise s.en
        return s.n
    def __exit__(s, t, v, tb):
        print('exit', s.n, t and t.__name__, v and str(v), tb is not None)
        if s.ex: raise s.ex
        return s.sw
def w(*cms, body=None):
    with cms[0] as a, cms[1] as b:
        if body: raise body
        return a, b
show('ok', w, CM(1), CM(2)); show('body', w, CM(1), CM(2), body=ValueError('b')); show('swallow in', w, CM(1), CM(2, True), body=ValueError('b')); show('swallow out', w, CM(1, True), CM(2), body=ValueError('b')); show('enter err', w, CM(1), CM(2, en=KeyError('en'))); show('exit err', w, CM(1), CM(2, ex=OSError('ex')), body=ValueError('b')); show('both', w, CM(1, ex=TypeError('o')), CM(2, ex=OSError('i')))
with (CM('p') as p, CM('q') as q,): print(p, q)
with (CM('t')) as t: print(t)
with (CM('x'), CM('y')): pass
with CM([1, 2]) as (a, b), CM(3) as c: print(a, b, c)
class T: pass
with CM(5) as T.attr, CM((1, (2, 3))) as [m, (n, o)]: print(T.attr, m, n, o)
def wl():
    for i in range(3):
        with CM(i):
            if i == 0: continue
            if i == 1: break
def wr():
    with CM('r'): return 'ret'
wl(); print(wr())
class Falsy(CM):
    def __exit__(s, *a): return []
class BadBool:
    def __bool__(s): raise RuntimeError('bool')
class ExB(CM):
    def __exit__(s, *a): return BadBool()
def wb():
    with ExB(1): raise ValueError
show('badbool', wb); show('nocm', lambda: exec('with 5: pass')); show('noexit', lambda: exec('with T(): pass', {'T': type('T', (), {'__enter__': 1})})); show('noenter', lambda: exec('with T(): pass', {'T': type('T', (), {'__exit__': 1})}))
def inst():
    t = T(); t.__enter__ = lambda: 1; t.__exit__ = lambda *a: 1
    with t: pass
show('instance attrs ignored', inst)
# augmented
class Au:
    def __init__(s, v): s.v = v
    def __iadd__(s, o): print('iadd'); return s
    def __add__(s, o): print('add'); return 'added'
    def __getitem__(s, k): print('get', k); return 1
    def __setitem__(s, k, v): print('set', k, v)
    def __imul__(s, o): return NotImplemented
    def __mul__(s, o): return 'mul'
a = Au(1); b = a; a += 1; print(a is b); a['k'] += 5; a *= 2; print(a)
t = ([],)
try: t[0] += [1]
except TypeError as e: print(e, t)
s = 'a'; s *= 3; s += 'b'; l = [1]; l2 = l; l += (2,); l *= 2; print(s, l, l2 is l); l += 'xy'; print(l)
show('list+tuple', lambda: [1] + (2,)); x = 5; x //= 2; x **= 3; x %= 5; x <<= 4; x |= 1; x ^= 3; x &= 0xff; x >>= 1; x -= 1; x /= 2; print(x)
st = {1}; st2 = st; st |= {2}; st &= {2, 3}; st ^= {9}; st -= {2}; print(st, st2 is st); d = {'a': 1}; d |= [('b', 2)]; print(d); fs = frozenset([1]); f2 = fs; fs |= {2}; print(sorted(fs), f2)
class NoSet:
    def __getitem__(s, k): return 1
show('noset', lambda: exec('NoSet()[0] += 1')); show('undefined', lambda: exec('undef += 1', {}))
# del
l = list(range(10)); del l[0], l[-1], l[2:4], l[::3]; print(l); d = {1: 2, 3: 4}; del d[1]; (x, y), z = (1, 2), 3; del (x, [y]), z; show('x', lambda: eval('x')); show('del idx', lambda: exec('del l[100]', {'l': []})); show('del key', lambda: exec('del d[5]', {'d': {}})); show('del attr', lambda: exec('del T.nope', {'T': T})); show('del call', lambda: exec('del "a"[0]')); del ()
# assert
show('assert', lambda: exec('assert 0')); show('assert msg', lambda: exec('assert [], {"a": 1}')); show('assert tuple', lambda: exec('assert not (1,), (1, 2)'))
def am(): raise KeyError('in msg')
show('assert msg raises', lambda: exec('assert 0, am()', {'am': am}))
# annotations
class An:
    a: int
    b: str = 'x'
    c: 'fwd'
    (d): int = 5
    if False: g: int
    __h: float = 1.0
    def m(self, x: int, *a: str, y: 'q' = 1, **k: dict) -> list:
        z: undefined_but_never_evaluated = 1
        w: also_undefined
        return z
print(sorted(An.__annotations__), An.m.__annotations__, An().m(1), An.d)
mod: int = 5
other: 'str'
show('unassigned', lambda: other)
def loc():
    q: int
    return q
show('local ann', loc)
