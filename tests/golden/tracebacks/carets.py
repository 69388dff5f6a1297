# where the marks are put
import sys, io
def show(f):
    try: f()
    except BaseException as e:
        old, sys.stderr = sys.stderr, io.StringIO()
        try: sys.__excepthook__(type(e), e, e.__traceback__.tb_next)
        finally: text, sys.stderr = sys.stderr.getvalue(), old
        print(text.replace(__file__, 'S'), end='')
a, b, c, d, n, s, 变量 = 1, 'x', [], {'k': {'j': None}}, None, 'text', '中'
class O:
    def m(self): raise KeyError('m')
    x = None
o = O()
def f1(): return a + b
def f2(): return (a + 1) * (b - 2)
def f3(): return d['k']['j']['z']
def f4(): return o.x.y.z
def f5(): return o.m().n
def f6(): return len(5) + a
def f7(): c[0] = d[a]
def f8(): c[0] = 1
def f9(): o.x.y = 1
def f10(): del c[5]
def f11(): del o.zzz
def f12(): return -b
def f13(): return not o.nope
def f14(): return a < b
def f15(): return a < 2 < b < 5
def f16(): return a in a
def f17(): return [x / 0 for x in (1, 2)]
def f18(): return {x: y for x, y in [1]}
def f19(): x, y = a
def f20(): x, y = 1, 2, 3
def f21():
    for q in a: pass
def f22():
    with a: pass
def f23(): return (
        a +
        b)
def f24(): return len(a,
        b)
def f25(): raise ValueError('r')
def f26(): raise a
def f27(): assert a == 2, b
def f28(): return f'{a} {b:d} {c}'
def f29(): return f'{a + b!r}'
def f30(): return lambda: 0 if undefined else 1 or undefined2, undefined3
def f31(): return 变量 + "é" + a
def f32(): s = "日本"; t = s.nope; u = "日本語"
def f33(): return a  +   b
def f34(): return a // (b)
def f35(): return b @ b
def f36(): return (a).b(c)[d]
def f37(): return c[a:b]
def f38(): a.b, c[9] = 1, 2
def f39(): return o.m(*a, **b)
def f40(): return print(*c, **a)
def f41(): import nope_nope as x, sys
def f42(): global zz; zz += 1
def f43(): c += a
def f44(): yy: int = undefined
def f45(): return [*c, *a]
def f46(): return {**a}
def f47(): return a if undefined else b
def f48(): return undefined and a
def f49():
    try: undefined
    except (undefined2, KeyError): pass
def f50():
    match a:
        case O(x=1, y=2): pass
        case 1 if undefined: pass
def f51():
    while undefined: pass
def f52(): return o.m(), 1
def f53(): return ((((a.b))))
def f54(): return "a" "b" "c".nope
def f55(): return a.__add__(b, b)
def f56(): (yy := a.b)
def f57(): return o.x[0]()()
def f58(): return print(a.b, sep='')
def f59(): raise KeyError('x') from a
def f60(): return 1 + 2 + a + b + 3
def f61(): c.sort(key=a)
def f62():	return	a	+	b
def f63():
    x = a; y = b; z = x + y; w = 1
def f64(): return O().m(
    )
def f65():
    return [
        1, 2,
        a.b.c, 3
    ]
for i in range(1, 66): show(globals()[f'f{i}'])
