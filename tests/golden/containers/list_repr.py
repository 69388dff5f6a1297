a = [1]; a.append(a); print(a, str(a), repr(a), f'{a}')
d = {'k': a}; a.append(d); d['d'] = d; print(a); print(d)
t = (a,); a.append(t); print(t)
b = [[], [[]], [[], [[]]], (), ((),), {}, {1: {}}, set(), frozenset(), '', "it's", 'q"', b'x', 1.0, -0.0, 1e100, None, ..., True]
print(b)
class R:
    def __repr__(self): return 'R(%r)' % x
x = [R()]; print(1) if False else None
try: print(len(repr(x)) > 0)
except RecursionError as e: print('RecursionError')
x = [1, 2]
class Pop:
    def __repr__(self): x.pop(); return 'pop'
x[:] = [Pop(), 1, 2, 3]; print(x, len(x))
class Bad:
    def __repr__(self): raise ValueError('bad repr')
try: print([1, Bad()])
except ValueError as e: print(e)
y = [1, 2]
try: print([y, Bad(), y])
except ValueError: print(y, [y, y])
p = []; q = [p]; p.append(q); print(p, q, p == p)
try: print(p == q)
except RecursionError as e: print('RecursionError')
deep = []
for _ in range(10): deep = [deep]
print(deep)
for _ in range(100000): deep = [deep]
try: repr(deep)
except RecursionError: print('too deep to show')
try: deep == [deep]
except RecursionError: print('too deep to compare')
del deep
print('dropped')
