d = {'a': 1, 'b': 2, 'c': 3}
k, v, i = d.keys(), d.values(), d.items()
print(k, v, i, len(k), len(v), len(i))
d['d'] = 4; del d['a']
print(k, v, i, 'd' in k, 4 in v, ('d', 4) in i, ('d', 5) in i, 'd' in i, ('d',) in i, ['d', 4] in i)
print(list(k), list(v), list(i), list(reversed(k)), list(reversed(v)), list(reversed(i)))
print(sorted(k & {'b', 'x'}), sorted(k | {'x'}), sorted(k - {'b'}), sorted(k ^ {'b', 'x'}), sorted({'b', 'x'} & k), sorted({'x'} | k), sorted({'b', 'x'} - k), sorted({'b', 'x'} ^ k))
print(sorted(k & ['b', 'b']), sorted(k | 'yz'), sorted(k - iter('b')), sorted(['b', 'q'] - k), sorted(['b'] & k), sorted(('q',) | k), sorted('bq' ^ k))
print(sorted(i & {('b', 2), ('b', 3)}), sorted(i | {('z', 0)}), sorted(i - {('b', 2)}), sorted(i ^ {('b', 2), ('q', 1)}))
print(type(k & k), type(i | i), k & k == set(d), (k & {}.keys()), (k - k))
print(k == {'b', 'c', 'd'}, k == frozenset('bcd'), k == d.keys(), k != {'b'}, k < {'b', 'c', 'd', 'e'}, k <= {'b', 'c', 'd'}, k > {'b'}, k >= {'b', 'z'}, {'b'} < k, k == ['b', 'c', 'd'], v == v, v == d.values())
print(i == {('b', 2), ('c', 3), ('d', 4)}, i == dict(d).items(), i <= set(i), k.isdisjoint('xyz'), k.isdisjoint(['b']), i.isdisjoint({('b', 3)}), k.isdisjoint(k), {}.keys().isdisjoint({}.keys()))
print(k.mapping, k.mapping['b'], v.mapping == d, i.mapping is d)
print({1: 1, 2: 2, 3: 3}.keys() & {3, 2, 9}, {5: 0, 1: 0}.keys() | {7}, {1: 0, 2: 0, 3: 0}.keys() - {2}, {1: 0, 2: 0}.keys() ^ {2: 0, 3: 0}.keys())
try: hash(k)
except TypeError as e: print(e)
try: {1: []}.items() | set()
except TypeError as e: print(e)
try: k & 5
except TypeError as e: print(e)
try: v & {1}
except TypeError as e: print(e)
try: type(k)()
except TypeError as e: print(e)
print(({1: []}.items() & []), (1, []) in {1: []}.items())
s = {}; s['v'] = s.values(); print(s)
e = {1: 1, 2: 2}
for op in (lambda: e.update({3: 3}), lambda: e.pop(1)):
    try:
        for x in e.items(): op()
    except RuntimeError as err: print(err, e)
it = iter(e.values()); print(it.__length_hint__(), next(it), it.__length_hint__(), list(it), it.__length_hint__())
class D(dict):
    def __iter__(self): return iter(['other'])
    def keys(self): return ['from keys']
    def __getitem__(self, k): return 'item of ' + k
x = D(a=1); print(dict(x), {**x}, list(x), x.items(), [*x], dict.keys(x), list(dict.keys(x)), x.copy(), {} | x)
class E(dict): pass
y = E(a=1, b=2); y.attr = 5; print(dict(y), {**y}, y, type(y.copy()), type(y | {}), y == {'a': 1, 'b': 2}, y.attr, E.fromkeys('ab', 0), type(E.fromkeys('a')), list(y.keys() & {'a'}))
