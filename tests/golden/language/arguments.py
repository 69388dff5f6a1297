# every argument kind, binding errors, defaults, keyword-only, positional-only, unpacking order
def show(label, f, *a, **k):
    try: print(label, '->', f(*a, **k))
    except BaseException as e: print(label, '!!', type(e).__name__, e)
log = []
def v(x): log.append(x); return x
def f(a, b=2, /, c=3, *args, d, e=5, **kw): return a, b, c, args, d, e, kw
for src in ['f(1, d=4)', 'f(1, 2, 3, 4, 5, d=6)', 'f(1, d=1, a=9, b=8)', 'f()', 'f(1)', 'f(d=1)', 'f(1, d=1, d2=2, **{"e": 7})', 'f(*[1, 2], *(3, 4), d=0, **{"x": 1}, **{"y": 2})', 'f(1, **{"d": 1}, **{"d": 2})', 'f(1, d=1, **{"d": 2})', 'f(*5, d=1)', 'f(1, **5)', 'f(1, d=2, **{1: 2})', 'f(1, c=3, *[2], d=1)', 'f(1, 2, 3, c=4, d=1)', 'f(*None)', 'f(**None)', 'f(1, d=1, *[])', 'f(*"ab", d="c")', 'f(*{1: 2, 3: 4}, d=1)', 'f(*(x for x in range(3)), d=1)', 'f(1, d=1, **{"a": 1, "b": 2, "kw": 3, "args": 4, "self": 5})']:
    show(src, lambda: eval(src, globals()))
def g(a, b): pass
def h(a, b, c, *, d, e, f=1): pass
def po(a, b, /): pass
def ko(*, a): pass
def va(*a): return a
def vk(**k): return k
def de(a, b=1, *, c=2): pass
for src in ['g()', 'g(1)', 'g(1, 2, 3)', 'g(1, 2, 3, 4)', 'g(1, 2, c=3)', 'g(1, a=1)', 'g(b=1)', 'g(c=1)', 'h()', 'h(1, 2, 3)', 'h(1)', 'h(1, 2, 3, d=1)', 'h(1, 2, 3, 4, 5)', 'h(1, 2, 3, 4, d=1, e=2)', 'h(1, 2, 3, 4, d=1)', 'po(a=1, b=2)', 'po(1, b=2)', 'po(1)', 'po(1, 2, 3)', 'po(1, 2, c=1)', 'ko()', 'ko(1)', 'ko(b=1)', 'ko(1, a=1)', 'va(a=1)', 'vk(1)', 'de()', 'de(1, 2, 3)', 'de(1, 2, 3, c=4)', 'de(1, d=1)', 'de(1, cc=1)', '(lambda x: 0)()', '(lambda: 0)(1)', '(lambda *, k: 0)()']:
    show(src, lambda: eval(src, globals()))
class C:
    def m(self, a): pass
    @classmethod
    def cm(cls, a): pass
    @staticmethod
    def sm(a): pass
    def __init__(self, x=0): pass
    def __call__(self, a): pass
    def __getitem__(self, k): return k
    def nosel(): pass
for src in ['C().m()', 'C().m(1, 2)', 'C.m(1)', 'C.m()', 'C.cm()', 'C().cm(1, 2)', 'C.sm()', 'C(1, 2)', 'C(y=1)', 'C()()', 'C()(1, 2)', 'C()[1, 2]', 'C()[1:2, ::3]', 'C()[*[1, 2]]', 'C()[()]', 'C()[1,]', 'C().nosel()']:
    show(src, lambda: eval(src, globals()))
# evaluation order
def f2(*a, **k): return a, k
log.clear(); f2(v(1), *v([2]), v(3), k=v(4), **v({'z': 5}), y=v(6)); print(log)
log.clear()
@v
def dec(a=v('default'), *, b=v('kwdefault')): pass
print([x if isinstance(x, str) else 'fn' for x in log])
log.clear(); {v('k1'): v('v1'), **v({}), v('k2'): v('v2')}; print(log)
log.clear(); [v(1), *v([2]), v(3)][v(0)]; print(log)
log.clear(); a = {}; a[v('key')] = v('value'); print(log)
log.clear()
class O: pass
def ob(n): log.append(n); return O()
ob('target').attr = v('val'); print(log)
log.clear(); x = y = z = v(1); (a, b), c = v((1, 2)), v(3); print(log)
log.clear(); a[v('k')] = b = v('v'); print(log)
d = {'n': 1}; log.clear()
def dd(): log.append('dd'); return d
dd()[v('n')] += v(5); print(log, d)
log.clear(); v(1) if v(0) else v(2); v(1) and v(0) and v(3); v(0) or v(2) or v(3); print(log)
log.clear(); v(1) < v(3) < v(2) < v(9); print(log)
log.clear(); print(f'{v(1)}{v("x")!r:>{v(5)}}'); print(log)
log.clear(); v(2) ** v(3) ** v(2); -v(1); print(log)
log.clear(); assert v(1), v('never'); print(log)
log.clear(); lambda q=v('ld'): v('body'); print(log)
log.clear(); [v((i, j)) for i in v([1, 2]) if v(i) for j in v([3])]; print(log)
# defaults are shared, late names
def acc(x, l=[]): l.append(x); return l
acc(1); print(acc(2), acc.__defaults__); acc.__defaults__ = ([],); print(acc(3)); acc.__kwdefaults__ = {'x': 1}; print(acc(4)); del acc.__defaults__; show('no default', acc, 1)
show('bad defaults', setattr, acc, '__defaults__', 5); show('bad kwdefaults', setattr, acc, '__kwdefaults__', 5); show('bad code', setattr, acc, '__code__', 5); show('bad name', setattr, acc, '__name__', 5); show('bad dict', setattr, acc, '__dict__', 5); show('del code', delattr, acc, '__code__'); show('bad ann', setattr, acc, '__annotations__', 5)
def cl():
    n = 1
    def inner(): return n
    return inner
def nocl(): return 1
show('code freevars', setattr, nocl, '__code__', cl().__code__); i = cl(); print(i.__closure__[0].cell_contents); i.__closure__[0].cell_contents = 9; print(i()); del i.__closure__[0].cell_contents; show('empty cell', i); show('cell', lambda: i.__closure__[0].cell_contents); print(i.__closure__[0] == i.__closure__[0], repr(i.__closure__[0])[-6:])
nocl.__code__ = g.__code__; show('swapped', nocl)
print(f.__code__.co_varnames, f.__code__.co_argcount, f.__code__.co_posonlyargcount, f.__code__.co_kwonlyargcount, f.__code__.co_flags & 12, f.__kwdefaults__, f.__defaults__)
# extended unpacking
for src in ['a, *b = [1]', '*a, b = [1, 2, 3]', 'a, *b, c = "xyz"', 'a, b = 1', 'a, b = 1, 2, 3', 'a, b, c = 1, 2', '[a, [b, *c]] = 1, "pqr"', 'a, *b, c = [1]', '*a, = ()', '(a, b), *c = [(1, 2), 3]', 'a, b = {1: 2, 3: 4}', 'a, = 5,', '[] = ()', '() = []', '[] = [1]', 'a, b = (x for x in [1])', 'a, b = None', 'a, *b = 5', 'for a, *b in [(1, 2, 3), "xy"]: pass', 'a, b = iter([1, 2, 3])', 'a, b = {1, 2, 3}', 'a, b = "abc"']:
    ns = {}
    try: exec(src, ns); ns.pop('__builtins__'); print(src, ns)
    except Exception as e: print(src, type(e).__name__, e)
print([*range(3), *'ab'], (*[1], *()), {*[1, 2], *[2, 3]}, {**{'a': 1}, 'b': 2, **{'a': 3}}, [*[*[*[1]]]])
def ret(): return 1, *[2, 3]
def yi(): yield 1, *[2]
print(ret(), list(yi())); 
for x in 1, *[2, 3]: print(x, end=' ')
print(); x = *[1, 2], 3; print(x); show('star none', lambda: [*None]); show('dstar', lambda: {**[1]}); show('dstar2', lambda: {**[(1, 2)]}); show('dict', lambda: dict(**{1: 2}))
