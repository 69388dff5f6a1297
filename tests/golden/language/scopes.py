def show(label, f, *a, **k):
    try: print(label, '->', f(*a, **k))
    except BaseException as e: print(label, '!!', type(e).__name__, e)
x = 'global'
def outer():
    x = 'outer'
    def a(): return x
    def b():
        nonlocal x; x = 'changed'; return x
    def c():
        global x; return x
    def d():
        global x; x = 'new global'
    class K:
        y = x
        x = 'class'
        z = x
        def m(self): return x
        l = [x for _ in range(1)]
        lam = lambda: x
    print(a(), b(), a(), c(), K.y, K.z, K().m(), K.l, K.lam()); d(); print(a(), c())
    def e():
        class Q:
            nonlocal x
            x = 'from class'
        return hasattr(Q, 'x')
    print(e(), x)
    return locals().keys()
print(sorted(outer())); print(x)
def unbound():
    if 0: y = 1
    return y
def unbound2():
    del z; z = 1
def unbound3():
    for i in []: pass
    return i
def unbound4():
    def g(): return w
    if 0: w = 1
    return g()
def unbound5():
    try: 1/0
    except ZeroDivisionError as e: pass
    return e
def unbound6():
    import sys as q
    del q
    return q
def unbound7():
    [i for i in range(3)]
    return i
def unbound8():
    with open(__file__) as fh: pass
    del fh
    def g():
        nonlocal fh
        del fh
    g()
for f in (unbound, unbound2, unbound3, unbound4, unbound5, unbound6, unbound7, unbound8): show(f.__name__, f)
show('global', lambda: undefined_name); show('del', lambda: exec('del undefined_name')); show('del builtin', lambda: exec('del print'))
class ClsScope:
    v = 1
    def f(self): return v
    w = [v for _ in [1]] if 0 else v
    try: g = list(v for _ in [1])
    except NameError as e: g = str(e)
    h = list(i for i in [v])
    s = {k: v for k in [1]} if 0 else 2
    del v
    try: v
    except NameError as e: n = str(e)
print(ClsScope.w, ClsScope.g, ClsScope.h, ClsScope.n); show('f', ClsScope().f)
# comprehension variables do not leak, walrus does
l = [last := i for i in range(5)]; print(last, 'i' in globals())
def walrus():
    if any((hit := n) > 2 for n in [1, 2, 3, 4]): return hit
print(walrus())
def wn():
    def inner():
        nonlocal t
        [t := i for i in range(3)]
    t = 0; inner(); return t
def wg():
    global gg
    [gg := i for i in range(4)]
wg(); print(wn(), gg)
print([(y := f(3), y * y) for f in [lambda q: q + 1]], y)
while (n := len(l)) > 3: l.pop()
print(n, (m := 5) + m, [a := 1, a + 1], f'{(k := 5)}', {(kk := 'key'): (vv := 'val')}, kk, vv)
def dfl(a=(b := 10)): return a
print(dfl(), b)
print((lambda: (z := 1))(), 'z' in globals()); lst = [1, 2]; lst[(i := 0)] = 9; print(lst, i)
# closures: cells shared, late binding, loops
fs = []
for i in range(3): fs.append(lambda: i)
print([f() for f in fs]); fs = [lambda i=i: i for i in range(3)]; print([f() for f in fs]); print([f() for f in [lambda: i for i in range(3)]])
def counter():
    n = 0
    def inc(): nonlocal n; n += 1; return n
    def dec(): nonlocal n; n -= 1; return n
    return inc, dec
i, d = counter(); i(); i(); print(d(), i())
def deep():
    a = 1
    def l1():
        def l2():
            def l3():
                nonlocal a; a += 1; return a
            return l3()
        return l2()
    return l1(), a
print(deep())
# exec/eval scopes
def ex():
    q = 1
    exec('q = 2; r = 3')
    show('r', lambda: eval('r'))
    return q, eval('q'), eval('q', {'q': 7}), eval('[q for _ in "a"]', {'q': 8})
print(ex())
ns = {}; exec('def f(): return g()\ndef g(): return 5', ns); print(ns['f'](), '__builtins__' in ns)
g, l2 = {'a': 1}, {'b': 2}; exec('c = a + b; global d; d = c', g, l2); print(l2, g['d'])
show('exec cls', lambda: exec('class A:\n x = 1\n def f(self): return A\nA().f()', {}, {})); show('evalst', eval, 'x = 1'); show('eval sp', eval, '  \t1 + 1 '); show('eval nl', eval, '1\n'); show('eval 2', eval, '1\n2'); show('eval5', eval, 5); show('evalg', eval, '1', 5); show('evall', eval, '1', {}, 5); show('execl', exec, 'x', [], {}); show('closure', lambda: exec((lambda: x).__code__)); 
class Map(dict):
    def __getitem__(s, k): return 'map ' + k if k not in ('__builtins__', 'print') else dict.__getitem__(s, k)
print(eval('foo + bar', {}, Map())); show('noblt', eval, 'len("a")', {'__builtins__': {}}); show('blt', eval, 'len("a")', {'__builtins__': {'len': lambda x: 'mine'}}); show('blt5', eval, '1', {'__builtins__': 5})
def loc():
    a = 1; l = dict(locals()); b = 2; l['c'] = 3; l['a'] = 9
    return sorted(l), a, sorted(locals())
print(loc()); print(vars() is globals(), locals() is globals())
class LC:
    a = 1; locals()['b'] = 2; c = sorted(k for k in locals() if k[0] != '_')
print(LC.c, LC.b)
# mangling
class M:
    __p = 1
    def __init__(self): self.__q = 2
    def get(self): return self.__p, self.__q, [self.__q for _ in 'a'], (lambda: self.__p)()
    def __f(self, __arg=3): return __arg
    def call(self): return self.__f(__arg=4) if 0 else self._M__f()
    class __Inner: pass
    __d__ = 5
    def loc(self):
        __v = 1; return sorted(locals())
    def imp(self):
        global __g; __g = 7
    def kw(self): return dict(__x=1)
    def dele(self): del self.__q; return hasattr(self, '_M__q')
m = M(); print(m.get(), m.call(), sorted(k for k in M.__dict__ if 'p' in k or 'Inner' in k), m.loc(), m.kw()); m.imp(); print(_M__g, m.dele())
class _: 
    __a = 1
class __B__:
    __a = 1
class __B:
    __a = 1
print([sorted(k for k in c.__dict__ if k.endswith('a')) for c in (_, __B__, __B)])
def f(a, b):
    global x, y_new
    x = a; y_new = b
    del x
    return 'x' in globals()
print(f(1, 2), y_new)
# del and rebinding in loops
for q in range(3): r = q; del r
show('r', lambda: r)
try:
    try: raise ValueError
    except ValueError as err: err = 5
    err
except NameError as e2: print(e2)
import builtins
builtins.injected = 'inj'; print(injected); del builtins.injected; show('inj', lambda: injected)
print.__self__ is builtins and print('ok', __name__, __doc__, __builtins__ is builtins)
