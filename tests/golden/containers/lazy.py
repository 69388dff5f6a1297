def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, '|', e)
print(list(enumerate('abc')), list(enumerate('ab', 5)), list(enumerate(iterable='a', start=-1)), list(enumerate([], 9)), next(enumerate('z', 10**20)), list(enumerate('ab', 2**47 - 1)), list(enumerate('ab', True)))
print(list(zip()), list(zip('ab')), list(zip('abc', [1, 2])), list(zip('ab', 'cd', 'ef', 'gh')), list(zip(range(3), iter('xyz'), strict=True)), dict(zip('ab', range(2))), list(zip(*[(1, 2), (3, 4)])))
print(list(map(str, [1, 2])), list(map(lambda a, b: a + b, [1, 2, 3], [10, 20])), list(map(pow, [2, 3], [3, 2])), list(map(None.__eq__, [None])), list(map(len, ['a', (1, 2), {}])), sum(map(int, '123')))
print(list(filter(None, [0, 1, '', 'a', None, [], [0]])), list(filter(bool, [0, 2])), list(filter(lambda x: x % 2, range(6))), list(filter(str.isalpha, 'a1b2')), list(map(bool, [0, 1])))
for f in [lambda: enumerate(1), lambda: enumerate([], 'a'), lambda: enumerate([], 1.5), lambda: zip(1), lambda: zip([1], 2), lambda: map(1, 2), lambda: map(), lambda: map(1), lambda: list(map(1, [1])), lambda: filter(1, 2),
          lambda: filter(None), lambda: list(filter(5, [1])), lambda: list(zip([1], [1, 2], strict=True)), lambda: list(zip([1, 2], [1], strict=True)), lambda: list(zip([1], [1], [1, 2], strict=True)), lambda: list(zip([1, 2], [1, 2], [1], strict=True)),
          lambda: list(zip([], [], [1], strict=True)), lambda: list(zip([1], [], [1], strict=True)), lambda: zip([], nope=1), lambda: map(x=1), lambda: filter(x=1), lambda: list(map(lambda a: a, [1], [2])), lambda: list(map(lambda: 1, [1])), lambda: list(map(int, ['x']))]:
    t(f)
e = enumerate('ab'); print(iter(e) is e, next(e), e.__reduce__()[1][1], list(e), next(e, 'end'))
z = zip([1, 2], [3, 4]); print(iter(z) is z, next(z), len(z.__reduce__()[1]), list(z), next(z, 'end')); print(zip([1], strict=True).__reduce__()[2])
m = map(lambda x: 1 // x, [1, 0, 2]); print(next(m)); t(lambda: next(m)); print(next(m), next(m, 'end'))
it = iter([1, 2, 3, 4, 5]); print(list(zip(it, it)), next(it, 'used up')); it = iter([1, 2, 3]); print(list(zip([1], it)), list(it)); it = iter([1, 2, 3]); print(list(zip(it, [1])), list(it))
class E(enumerate): pass
class Z(zip): pass
class M(map):
    def __next__(self): return super().__next__() * 2
print(list(E('a')), list(Z([1], [2])), list(M(int, '12')), type(E('a')).__name__, isinstance(M(int, ''), map))
def stops(x):
    if x == 2: raise StopIteration('early')
    return x
print(list(map(stops, [1, 2, 3])), list(filter(stops, [1, 2, 3])), [*zip(map(stops, [1, 2, 3]), 'abc')])
print(sum([]), sum([1, 2, 3]), sum([1.5, 2]), sum([[1], [2]], []), sum((1, 2), start=10), sum([0.1] * 10), sum([1e100, 1.0, -1e100]), sum([2**47, 2**62, -5]), sum([True, True]), sum([1, 2.5, 3]), sum(x * x for x in range(10)), sum([(1,), (2,)], ()))
print(min(3, 1, 2), max([3, 1, 2]), min('b', 'a'), max('abc', key=ord), min([], default='none'), max([1], default=0), min([[2], [1, 5]]), max((1, 'a'), (1, 'b')), min(1, 1.0), max(1, 1.0, True), max([0, -0.0]), min({3: 'a', 2: 'b'}), max('a', 'bb', key=len), min([1, 2, 3], key=lambda x: -x))
print(any([]), all([]), any([0, 1]), all([1, 0]), any(x > 2 for x in range(5)), all(x < 9 for x in range(5)), any({}), all('a'))
for f in [lambda: sum(1), lambda: sum(['a'], ''), lambda: sum([b'a'], b''), lambda: sum(['a']), lambda: sum([1], [2]), lambda: min(), lambda: max([]), lambda: min(1), lambda: max(1, 'a'), lambda: min([1, 2], default=0, key=None), lambda: max(1, 2, default=3), lambda: min([1], x=2), lambda: any(1), lambda: all(), lambda: max([1, 'a']), lambda: min([None, 1]), lambda: sum([1], start=None)]:
    t(f)
