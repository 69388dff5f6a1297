def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, '|', e)
a = (1, 2, 3)
print(a, (), (1,), ((),), (1, (2, (3,))), tuple('ab'), tuple([1]), tuple(range(3)), tuple(), tuple({1: 2}))
print(a + (4,), a * 2, 2 * (0,), () * 5, a[0], a[-1], a[1:], a[::-1], a[5:], a[True])
print(a is tuple(a), a is a[:], a is a + (), a is () + a, a is a * 1, () is (), tuple([]) is ())
print(2 in a, 5 in a, a.index(2), a.count(1), a.index(3, 1), len(a), bool(()), hash(()) == hash(()), hash((1, 2)) == hash((1.0, 2.0)))
print((1, 2) < (1, 3), (1,) < (1, 0), (2,) > (1, 9), (1, 2) == (1, 2.0), (1,) != (2,), (1, 'a') == (1, 'a'), () < (1,))
print(hash((1, 2, 3)), hash(()), hash((0,)), hash((1, (2, 3))), hash((-1, -2)), hash((2**61, 5)), hash((1.5, True)))
print({(1, 2): 'x'}[(1, 2)], (1, 2) in {(1, 2)}, list(iter(a)), list(reversed(a)), max((3, 1), (2, 9)), sum((1, 2)))
x, (y, *z), w = 1, (2, 3, 4), 5; print(x, y, z, w)
for f in [lambda: a[3], lambda: a['x'], lambda: a[1.5], lambda: a + [1], lambda: a + 1, lambda: a * 'x', lambda: a.index(9), lambda: a.index(1, 1), lambda: a.count(),
          lambda: a.__setitem__, lambda: a < [1], lambda: a < 1, lambda: hash(([],)), lambda: tuple(1), lambda: tuple(1, 2), lambda: tuple(x=1), lambda: a.append, lambda: (1, 2)[::0],
          lambda: a == [1, 2, 3], lambda: a != 1, lambda: a.__lt__([1]), lambda: a.__getnewargs__(), lambda: a.index(1, 'x')]:
    t(f)
try: a[0] = 1
except TypeError as e: print(e)
try: del a[0]
except TypeError as e: print(e)
class T(tuple):
    def __new__(cls, *args): return super().__new__(cls, args)
    def total(self): return sum(self)
p = T(1, 2, 3); p.name = 'p'
print(p, p.total(), p.name, p[:2], type(p[:]), type(p + ()), type(p * 1), p == a, a == p, hash(p) == hash(a), isinstance(p, tuple), {a: 1}[p], tuple(p) is p)
class C:
    def __eq__(self, o): return True
    def __hash__(self): return 1
print((C(), 1) == (5, 1), C() in (1, 2), (1, 2).count(C()), (n := float('nan')) in (n,))
