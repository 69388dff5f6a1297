d = {}
d['a'] = 1; d[2] = 'b'; d[(1, 2)] = []; d[None] = 0; d[1.5] = 'f'
print(d, len(d), bool(d), bool({}), 'a' in d, 'z' in d, 2.0 in d, (1, 2) in d)
print(d['a'], d[2], d[2.0], d.get('a'), d.get('z'), d.get('z', 9), d.setdefault('a', 5), d.setdefault('n', 5), d.setdefault('none'), d)
print(d.pop('a'), d.pop('zz', 'default'), d.pop(None, 1), d); del d[2]; print(d)
print(d.popitem(), d.popitem(), d)
e = {'x': 1, 'y': 2}; e.update({'y': 3, 'z': 4}); print(e); e.update([('p', 1), ['q', 2], 'rs']); print(e); e.update(x=10, w=5); print(e); e.update({}, k=1); e.update(); print(e)
class M:
    def keys(self): return iter(['m1', 'm2'])
    def __getitem__(self, k): return k * 2
e.update(M()); print(e, dict(M()), dict(M(), m1=0))
print(dict(), dict({1: 2}), dict([(1, 2), (3, 4)]), dict(a=1, b=2), dict({'a': 1}, a=2), dict(zip('abc', range(3))), dict.fromkeys('aba'), dict.fromkeys([1, 2], []), {**e, 'x': 0})
print({1: 'a'} | {2: 'b'}, {1: 'a', 2: 'c'} | {1: 'z'}); f = {1: 1}; g = f; f |= {2: 2}; f |= [(3, 3)]; print(g, g is f)
print({1: 2} == {1: 2.0}, {1: 2} == {1: 3}, {1: 2} != {2: 1}, {'a': 1, 'b': 2} == {'b': 2, 'a': 1}, {} == {}, {1: 2} == [(1, 2)])
c = e.copy(); c['new'] = 1; print('new' in e, c == e); c.clear(); print(c)
print({True: 'bool', 1: 'int', 1.0: 'float'}, {0: 'a', False: 'b'}, {'k': 1, 'k': 2})
print({i: i * i for i in range(5)}, {k: v for k, v in zip('ab', 'cd')}, {len(w): w for w in ('a', 'bb', 'c')})
print(list(d), list({3: 0, 1: 0, 2: 0}), list(reversed({3: 0, 1: 0, 2: 0})), list(e.keys())[:2], list(e.values())[:2], list(e.items())[:2], sorted(e)[:3])
print(max({1: 5, 3: 2}), sum({1: 0, 2: 0}), [*{'a': 1}], (lambda **kw: kw)(**{'a': 1}, b=2), str({'a': {'b': [1]}}), f'{ {1: 2} }')
nan = float('nan'); print({nan: 1}[nan], 2**100 in {2**100: 1}, 1e20 in {10**20: 1}, {10**20: 'big'}[1e20], {b'a': 1}, {'': 0}[''])
big = {i: str(i) for i in range(1000)}
print(len(big), big[999], list(big)[:3], sum(big), all(big[i] == str(i) for i in range(1000)), 1000 in big)
for i in range(0, 1000, 2): del big[i]
print(len(big), list(big)[:3], 0 in big, big.get(501), next(iter(big)), next(reversed(big)))
s = {'self': None}; s['self'] = s; print(s, s['self'] is s)
