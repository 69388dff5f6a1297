def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, '|', e)
B = 10**20
for f in [
    lambda: range(5), lambda: range(2, 5), lambda: range(0, 5, 2), lambda: range(5, 0, -1), lambda: list(range(5)), lambda: list(range(5, 0, -2)), lambda: list(range(0)), lambda: list(range(3, 3)), lambda: len(range(0, 10, 3)),
    lambda: range(10)[3], lambda: range(10)[-1], lambda: range(10)[2:5], lambda: range(10)[::-1], lambda: range(10)[::3], lambda: range(10)[8:2:-2], lambda: range(10)[20:], lambda: range(0, 100, 7)[2:-2:2], lambda: range(5)[True],
    lambda: range(5)[5], lambda: range(5)[-6], lambda: range(5)['a'], lambda: range(5)[1.0], lambda: range(5)[::0], lambda: range(5)['a':], lambda: range(1.5), lambda: range('a'), lambda: range(1, 2, 0), lambda: range(), lambda: range(1, 2, 3, 4),
    lambda: range(x=1), lambda: range(None), lambda: 3 in range(5), lambda: 5 in range(5), lambda: 4 in range(0, 9, 2), lambda: 3 in range(0, 9, 2), lambda: 3.0 in range(5), lambda: 2.5 in range(5), lambda: 'a' in range(5), lambda: True in range(2),
    lambda: -3 in range(0, -9, -3), lambda: -4 in range(0, -9, -3), lambda: B in range(B + 1), lambda: B + 1 in range(B), lambda: range(5).index(3), lambda: range(5).index(9), lambda: range(5).index(2.0), lambda: range(5).index('a'),
    lambda: range(0, 10, 5).count(5), lambda: range(5).count(9), lambda: range(5).count(3.0), lambda: range(5).count('a'), lambda: range(B)[B - 1], lambda: range(B)[-1], lambda: range(B)[B], lambda: len(range(B)), lambda: range(B).index(B - 1),
    lambda: range(0, B, 10**18)[::2], lambda: range(B, 0, -10**19)[3], lambda: list(range(B, B + 3)), lambda: list(range(B, B - 3, -1)), lambda: list(range(2**47 - 2, 2**47 + 2)), lambda: list(range(-2**47 + 1, -2**47 - 2, -1)),
    lambda: list(reversed(range(5))), lambda: list(reversed(range(0, 10, 3))), lambda: list(reversed(range(0))), lambda: list(reversed(range(B, B + 3))), lambda: list(reversed(range(5, 0, -2))), lambda: bool(range(0)), lambda: bool(range(B)),
    lambda: range(5) == range(0, 5, 1), lambda: range(0) == range(2, 1), lambda: range(0, 3, 2) == range(0, 4, 2), lambda: range(1, 2, 5) == range(1, 2, 7), lambda: range(5) == [0, 1, 2, 3, 4], lambda: range(3) != range(4), lambda: range(B) == range(B),
    lambda: range(5) < range(6), lambda: range(5) + range(5), lambda: range(5) * 2, lambda: hash(range(5)), lambda: hash(range(0)) == hash(range(3, 1)), lambda: hash(range(1)), lambda: hash(range(1, 9, 2)) == hash(range(1, 8, 2)), lambda: {range(3): 1}[range(0, 3)],
    lambda: (range(1, 5, 2).start, range(1, 5, 2).stop, range(1, 5, 2).step), lambda: range(5).__reduce__(), lambda: sum(range(101)), lambda: max(range(0, 10, 3)), lambda: min(range(5, 0, -1)), lambda: sum(range(B, B + 2)),
    lambda: range(True), lambda: range(2**63), lambda: list(range(2**63, 2**63 + 2)), lambda: range(-2**63, 2**63).__len__(), lambda: type('R', (range,), {}), lambda: range(5).nope, lambda: [*range(3)], lambda: tuple(range(3)), lambda: next(range(5)),
    lambda: range(10**30)[10**29:10**29 + 5], lambda: range(0, -10**30, -3)[-1], lambda: iter(range(5)).__length_hint__(), lambda: iter(range(B)).__length_hint__(), lambda: range(3).__iter__().__reduce__()[1:],
]:
    t(f)
class I:
    def __index__(self): return 4
class N(int): pass
print(range(I()), range(N(3)).stop, type(range(N(3)).stop), list(range(I())), range(10)[I()], I() in range(5))
class Eq:
    def __eq__(self, o): return o == 3
print(Eq() in range(5), range(5).index(Eq()), range(5).count(Eq()), Eq() in range(2))
bad = 0
for a in range(-7, 8):
    for b in range(-7, 8):
        for s in (-5, -3, -2, -1, 1, 2, 3, 5):
            r = range(a, b, s); l = list(r); m = []; i = a
            while (i < b) if s > 0 else (i > b): m.append(i); i += s
            if l != m or len(r) != len(m) or list(reversed(r)) != m[::-1] or [x in r for x in range(-9, 9)] != [x in m for x in range(-9, 9)] or [r[i] for i in range(-len(m), len(m))] != m + m: bad += 1
            big = range(a + B, b + B, s)
            if list(big) != [x + B for x in m] or list(reversed(big)) != [x + B for x in m[::-1]]: bad += 1
print('bad', bad)
it = iter(range(10)); next(it); next(it); print(it.__length_hint__(), it.__reduce__()[1:]); it.__setstate__(3); print(list(it))
for i in range(3):
    for j in range(i): print((i, j), end=' ')
    i = 100
print(i)
