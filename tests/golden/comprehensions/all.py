def show(label, f):
    try: print(label, '->', f())
    except BaseException as e: print(label, '!!', type(e).__name__, e)
print([x for x in range(5) if x % 2 if x > 1], {x: y for x, y in zip('ab', 'cd')}, {x % 3 for x in range(9)}, sum(x for x in range(5)), [(x, y) for x in range(3) for y in range(x)], [[y for y in range(x)] for x in range(3)], [x for x, in [(1,), (2,)]], [a + b for a, (b, *c) in [(1, (2, 3, 4))]])
x = 'outer'; l = [x for x in 'ab']; print(x, l, [x for x in [x, x]], [(x, [x for x in 'q']) for x in 'z'])
def f():
    y = 10
    fs = [lambda: (x, y) for x in range(2)]
    y = 20
    return [g() for g in fs], [locals().keys() >= {'x'} for x in range(1)], [y for _ in range(1)]
print(f())
class C:
    a = 3; b = [a for _ in [1]] if 0 else list(range(a)); c = [i for i in range(a)]; d = [(i, j) for i in range(2) for j in 'x']
    try: e = [a for _ in [1]]
    except NameError as err: e = str(err)
    def m(self): return [__class__.__name__ for _ in [1]], [self for self in [1]], [super().__repr__()[:10] for _ in [1]] if 0 else 0
print(C.b, C.c, C.d, C.e, C().m())
show('unbound', lambda: [zz for _ in [1]]); show('iter', lambda: [x for x in 5]); show('cond', lambda: [x for x in [1] if 1 / 0]); show('elem', lambda: [1 / x for x in (1, 0)]); show('unpack', lambda: [a for a, b in [(1,)]]); show('dict unhash', lambda: {[]: 1 for _ in 'a'}); show('set unhash', lambda: {[] for _ in 'a'}); show('dictdup', lambda: {k: v for k, v in [('a', 1), ('a', 2)]})
log = []
def v(n): log.append(n); return n
{v('k'): v('v') for _ in 'a'}; [v('e') for _ in v([1]) if v('c')]; print(log)
def nested(): return [[(i, j, k) for k in range(j)] for i in range(3) for j in range(i)]
print(nested(), [i for i in range(3) for i in range(i)], [[i for i in range(i)] for i in range(3)])
def cell():
    out = [lambda: i for i in range(3)]; i = 'fn'
    return [g() for g in out], i
print(cell()); gen = (v(i) for i in range(3)); log.clear(); next(gen); print(log, list(gen), log)
print([w := i for i in range(3)], w, [j for i in range(3) if (j := i * 2)], any((hit := c) == 'b' for c in 'abc'), hit)
def ret_gen(): return (i async for i in []) if 0 else [i for i in (yield_ for yield_ in range(2))]
print(ret_gen(), dict(a=[k for k in 'x'], **{k: 1 for k in 'y'}), max([len(w) for w in ['a', 'bbb']]), [x if x else 'z' for x in [0, 1]], [(a, b) for a in [1, 2] for b in [a, a * 2] if b > 1], {**{k: k for k in 'a'}, 'b': 1}, [not x for x in [0]], [x.y for x in [type('T', (), {'y': 1})]], ['%s' % x for x in [1]], [f'{x}' for x in 'a'])
exec('q = [a for a in range(3)]; print(q, "a" in dir())'); print(eval('[z * k for z in range(3)]', {'k': 5}), eval('[(lambda: z * k)() for z in range(3)]', {'k': 5}))
del l
try: [l for _ in [1]]
except NameError as e: print(e)
try: print([i for i in range(2)], i)
except NameError as e: print(e)
import sys
def tb():
    return [1 / (i - 1) for i in range(3)]
try: tb()
except ZeroDivisionError as e:
    t = e.__traceback__; names = []
    while t: names.append((t.tb_frame.f_code.co_name, t.tb_lineno - tb.__code__.co_firstlineno)); t = t.tb_next
    print(names[1:])
