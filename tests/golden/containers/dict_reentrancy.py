# A user's __eq__ and __hash__ inside lookups: they may change the dict.
class K:
    def __init__(self, name, h=1, act=None): self.name, self.h, self.act = name, h, act
    def __hash__(self): return self.h
    def __eq__(self, o):
        log.append(f'{self.name}=={getattr(o, "name", o)}')
        if self.act: self.act()
        return isinstance(o, K) and self.name == o.name
    def __repr__(self): return self.name
log = []
d = {K('a'): 1, K('b'): 2, K('c'): 3}
print(log, d); log.clear()
print(d[K('c')], log); log.clear()
print(d.get(K('z')), log); log.clear()
d[K('b')] = 20; print(d, log); log.clear()
print(d.pop(K('a')), log, d); log.clear()
print(d.setdefault(K('n'), 5), d.setdefault(K('n'), 6), d); log.clear()
print(1 in d, K('b', 2) in d, len(log)); log.clear()
k = K('same'); print({k: 1}[k], log)
d = {}
x = K('x', 5, lambda: d.clear()); d[x] = 1; d[0] = 2
print(d.get(K('y', 5)), d)
d = {}
n = [0]
def grow():
    n[0] += 1
    if n[0] < 50: d[K('more%d' % n[0], 100 + n[0])] = 0
x = K('x', 5, grow); d[x] = 1
try: print(d.get(K('y', 5)), len(d))
except RecursionError: print('rec')
d = {K('v%d' % i, i % 3): i for i in range(9)}; log.clear()
print(d[K('v8', 2)], len(log)); log.clear()
a = {1: K('p', 1), 2: K('q', 1)}; b = {1: K('p', 1), 2: K('q', 1)}
print(a == b, a != b, log); log.clear()
class V:
    def __eq__(self, o): b.clear(); return True
a = {1: V(), 2: 3, 4: 5}; b = {1: 0, 2: 3, 4: 5}
print(a == b, b)
class S(str):
    def __eq__(self, o): log.append('S'); return str.__eq__(self, o)
    __hash__ = str.__hash__
log.clear(); d = {S('k'): 1}; print(d['k'], d[S('k')], 'k' in d, log)
class I(int): pass
class T(tuple): pass
class F(float): pass
d = {I(5): 'i', T((1, 2)): 't', F(2.5): 'f'}; print(d[5], d[(1, 2)], d[2.5], d[5.0], 5 in {I(5)}, {1: 0}[True])
for i in [1, 2.0, True, 3 + 0j, 2**70, float(2**70), (1, 2.0), frozenset([1])]: print({i: 'x'}.get({1: 1, 2.0: 2, 3 + 0j: 3, 2**70: 1180591620717411303424, (1, 2.0): (True, 2), frozenset([1]): frozenset([1.0])}[i]), end=' ')
print()
class R:
    def __repr__(self): d.clear(); return 'R'
d = {1: R(), 2: R(), 3: 3}; print(d, d)
d = {1: 2}
class Up:
    def keys(self): d.clear(); return ['a', 'b']
    def __getitem__(self, k): d[k + '!'] = 0; return k
d.update(Up()); print(d)
class Evil:
    def __hash__(self): d.pop('gone', None); return 3
d = {'gone': 1, 'stays': 2}; d[Evil()] = 1; print(len(d), list(d)[0])
