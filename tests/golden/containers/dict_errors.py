def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, '|', e)
d = {1: 2}
for f in [
    lambda: d[2], lambda: d['k'], lambda: d[(1, 2)], lambda: d[None], lambda: d[[]], lambda: {[]: 1}, lambda: {{}: 1}, lambda: [] in d, lambda: d.get([]), lambda: d.pop(3), lambda: d.pop('k'),
    lambda: d.pop([]), lambda: {}.pop([]), lambda: {}.pop([], 0), lambda: {}.popitem(), lambda: d.__delitem__(5), lambda: d.setdefault([]), lambda: d.pop(), lambda: d.pop(1, 2, 3), lambda: d.get(),
    lambda: d.get(1, 2, 3), lambda: d.popitem(1), lambda: d.update(1), lambda: d.update(1, 2), lambda: d.update([1]), lambda: d.update([(1,)]), lambda: d.update([(1, 2, 3)]), lambda: d.update(['abc']),
    lambda: d.update(None), lambda: dict(1), lambda: dict(1, 2), lambda: dict([1]), lambda: dict([('a',)]), lambda: dict(**{1: 2}), lambda: dict.fromkeys(), lambda: dict.fromkeys(1), lambda: dict.fromkeys([[]]),
    lambda: d | 1, lambda: d | [(1, 2)], lambda: [(1, 2)] | d, lambda: d.__ior__(1), lambda: d < {}, lambda: d + d, lambda: hash(d), lambda: {d}, lambda: d.keys() < 1, lambda: d.copy(1), lambda: d.clear(1),
    lambda: d.nope, lambda: {**1}, lambda: {**[1]}, lambda: (lambda **k: k)(**1), lambda: (lambda **k: k)(**{'a': 1}, a=2), lambda: dict(a=1, **{'a': 2}), lambda: d(), lambda: -d,
    lambda: d.values() & d.values(), lambda: d.values() == d.values(), lambda: d.keys() | 1, lambda: d.items() | 1, lambda: dict.get(1, 2), lambda: dict.keys(), lambda: d.setdefault(), lambda: d.fromkeys(1, 2, 3),
    lambda: next({}), lambda: list(reversed({1: 2}.values())), lambda: d.keys()[0], lambda: len(d.keys(), 1),
]:
    t(f)
print(d)
class H:
    def __hash__(self): raise RuntimeError('no hash')
class E:
    def __hash__(self): return 7
    def __eq__(self, o): raise RuntimeError('no eq')
for f in [lambda: d[H()], lambda: {H(): 1}, lambda: {E(): 1, E(): 2}, lambda: {7: 0}[E()], lambda: E() in {7: 0}, lambda: {E(): 1} == {E(): 1}, lambda: {1: E()} == {1: E()}]: t(f)
class B:
    def __hash__(self): return 'x'
class B2:
    __hash__ = None
class B3:
    def __eq__(self, o): return True
class B4:
    def __hash__(self): return 2**70 + 1
for f in [lambda: {B(): 1}, lambda: {B2(): 1}, lambda: {B3(): 1}, lambda: hash(B4()) == hash(2**70 + 1)]: t(f)
def it(op):
    d = {1: 1, 2: 2, 3: 3}
    for k in d: op(d, k)
    return d
for op in [lambda d, k: d.__setitem__(k + 10, 0), lambda d, k: d.__delitem__(k), lambda d, k: d.__setitem__(k, 9), lambda d, k: d.clear(), lambda d, k: d.update({k: 0})]: t(lambda: it(op))
i = iter({1: 2}); e = {1: 2}; j = iter(e); e[2] = 3
t(lambda: next(j)); t(lambda: next(j)); print(next(i), next(i, 'end'), next(i, 'end'))
