def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, '|', e)
s = {1, 2, 3}
for f in [
    lambda: s.union(), lambda: s.union([4], (5,), {6: 0}), lambda: s.intersection(), lambda: s.intersection([1, 2, 9], {2, 1}), lambda: s.difference(), lambda: s.difference([1], [2]),
    lambda: s.symmetric_difference([3, 4]), lambda: s | {9}, lambda: s & {1}, lambda: s - {1}, lambda: s ^ {1, 7}, lambda: {9} | frozenset([1]), lambda: frozenset([1]) | {9}, lambda: s.copy() is s,
    lambda: s.issubset(range(9)), lambda: s.issubset([1]), lambda: s.issuperset([1]), lambda: s.issuperset(range(9)), lambda: s.isdisjoint([7]), lambda: s.isdisjoint({3}), lambda: s.isdisjoint(s), lambda: set().isdisjoint(set()),
    lambda: s < {1, 2, 3, 4}, lambda: s <= s, lambda: s > {1}, lambda: s >= {1, 9}, lambda: s == {3, 2, 1}, lambda: s == frozenset(s), lambda: s != [1, 2, 3], lambda: frozenset(s) == s, lambda: {1} < {2}, lambda: {1} == 1,
    lambda: s < [1], lambda: s | [1], lambda: [1] | s, lambda: s & 1, lambda: s - (1,), lambda: s ^ None, lambda: s + s, lambda: -s, lambda: s[0], lambda: hash(s), lambda: {s}, lambda: {frozenset(s)},
    lambda: s.add(), lambda: s.add(1, 2), lambda: s.add([]), lambda: s.remove(9), lambda: s.remove('k'), lambda: s.remove((1, 2)), lambda: s.remove([]), lambda: s.discard([]), lambda: s.discard(9), lambda: [] in s,
    lambda: set().pop(), lambda: s.pop(1), lambda: s.clear(1), lambda: s.update(1), lambda: s.update([[]]), lambda: s.union(1), lambda: set(1), lambda: set(1, 2), lambda: set(x=1), lambda: frozenset(1), lambda: frozenset(1, 2),
    lambda: frozenset(x=1), lambda: s.symmetric_difference(), lambda: s.symmetric_difference(1, 2), lambda: s.issubset(), lambda: s.issubset(1), lambda: s.isdisjoint(1), lambda: frozenset([1]).add, lambda: s.__len__(), lambda: s.nope,
    lambda: s.__contains__(1), lambda: {1}.__or__([1]), lambda: {1}.__eq__(1), lambda: {1}.__reduce__(), lambda: frozenset().__reduce__(), lambda: next(s), lambda: s.__ior__([1]), lambda: reversed(s),
]:
    t(f)
print(s, set(), frozenset(), {()}, {frozenset({1})}, frozenset({1}), frozenset([frozenset()]), set('a'), {*[1, 2], *(3,)}, {i % 3 for i in range(9)})
print({1} in {frozenset({1})}, {2} in {frozenset({1})}); n = {frozenset({1}), 2}; n.remove({1}); print(n); n.discard({5}); t(lambda: n.remove({7}))
a = {1}; b = a; a |= {2}; a &= {2, 3}; a ^= {9}; a -= {2}; print(a, b is a)
try: a |= [1]
except TypeError as e: print(e)
f = frozenset([1]); g = f; f |= {2}; print(f, g, f is g, frozenset(f) is f, f.copy() is f, f.union() == f)
print(len({1, 1.0, True}), 1.0 in {1}, {0, False, 0.0, -0.0}, {'a', 'a'}, len({float('nan')}), bool(set()), bool({0}), sorted({3, 1, 2}), max({3, 9, 2}), sum({1, 2}), sorted(set('hello')))
s = {1, 2, 3}
for op in (lambda: s.add(99), lambda: s.discard(99), lambda: s.clear()):
    s = {1, 2, 3, 4}
    try:
        for x in s: op(); s.add(x + 10)
    except RuntimeError as e: print(e)
it = iter({1, 2}); print(it.__length_hint__(), next(it), it.__length_hint__(), list(it), next(it, 'end'), it.__length_hint__())
s.clear(); s.update('ab', {1: 2}, [3]); print(len(s)); s.intersection_update('ab3', [3, 'a']); print(s); s.difference_update('a', 'b'); print(s); s.symmetric_difference_update([1]); print(s)
s = {1, 2}; s.update(s); s |= s; s &= s; print(s, s - s, s ^ s); s ^= s; print(s); s = {1}; s -= s; print(s); s = {1, 2}; s.difference_update(s); print(s); s.__init__([5]); print(s)
for v in [(), (1,), (1, 2, 3), range(10), (-1,), (-1, -2), (0,), (True, 2.5), (2**61,), ((1, 2), 3), range(1000), (None,) and (5, 6, 7)]: print(hash(frozenset(v)), end=' ')
print(hash(frozenset([frozenset(), frozenset([1])])))
x = set(); 
class R:
    def __repr__(self): return repr(x)
x.add(R()); print(x)
class E:
    def __init__(self, n): self.n = n
    def __hash__(self): return 1
    def __eq__(self, o): log.append((self.n, o.n)); return self.n == o.n
    def __repr__(self): return f'E{self.n}'
log = []; s = {E(1), E(2), E(3), E(2)}; print(s, log); log.clear(); print(E(3) in s, log); log.clear(); s.discard(E(1)); print(s, log); log.clear(); print(s & {E(3)}, s | {E(9)}, s - {E(2)}, s == {E(2), E(3)}, len(log))
class Clear:
    def __hash__(self): return 1
    def __eq__(self, o): q.clear(); return False
q = set(); q.add(Clear()); q.add(5); print(1 in q, q, len(q))
