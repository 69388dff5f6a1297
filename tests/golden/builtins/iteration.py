def attempt(f, *args, **kw):
    try:
        return repr(f(*args, **kw))
    except Exception as e:
        return f"{type(e).__name__}: {e}"
print(all([]), all([1, 2]), all([1, 0, 1 // 1]), any([]), any([0, ""]), any([0, 3]), all(x for x in (1, 2)), attempt(all, 5))
print(len("abc"), len([1]), len({}), len(range(10)), attempt(len, 5))
class L:
    def __init__(self, n): self.n = n
    def __len__(self): return self.n
print(len(L(3)), attempt(len, L(-1)), attempt(len, L("a")), attempt(len, L(2**100)), attempt(len, L(1.5)), bool(L(0)), bool(L(1)))
print(max(1, 2, 3), max([3, 1, 2]), max("hello"), max([], default=9), max((1, -5), key=abs), max([1, 1.0, True]), attempt(max), attempt(max, []), attempt(max, 1), attempt(max, 1, 2, default=3), attempt(max, 1, "a"), max({"a": 1, "b": 2}))
print(min(1, 2, 3), min([3, 1, 2]), min("hello"), min([], default=None), min((1, -5), key=lambda v: -v), attempt(min, []), min([[2], [1, 9]]), attempt(min, [1], foo=2))
it = iter([1, 2])
print(next(it), next(it), next(it, "end"), attempt(next, it), attempt(next, 5), attempt(next, [1]))
def g():
    yield 1
    return "value"
h = g()
print(next(h))
try:
    next(h)
except StopIteration as e:
    print("stop", e.value)
print(attempt(iter, 5), list(iter("ab")), attempt(iter, 5, 1))
n = 0
def count():
    global n
    n += 1
    return n
print(list(iter(count, 4)), n)
class Seq:
    def __getitem__(self, i):
        if i > 3: raise IndexError
        return i * i
print(list(Seq()), list(reversed([1, 2, 3])), attempt(reversed, {1, 2}), attempt(reversed, Seq()), 4 in Seq(), 5 in Seq())
print(sorted([3, 1, 2]), sorted("bca"), sorted([3, 1, 2], reverse=True), sorted(["b", "A", "c"], key=str.lower), sorted({3: 0, 1: 0}), attempt(sorted, [1, "a"]), attempt(sorted, 5), attempt(sorted, [1], lambda x: x), sorted([(1, "b"), (1, "a"), (0, "z")]), sorted([1.5, 1, True, 0]))
print(list(enumerate("ab")), list(enumerate("ab", 5)), list(enumerate("ab", start=10**20)), attempt(enumerate, 5), attempt(enumerate, [1], "a"))
print(list(zip()), list(zip([1, 2], "ab")), list(zip([1, 2, 3], "ab")), list(zip([1])), attempt(lambda: list(zip([1, 2], [1], strict=True))), attempt(lambda: list(zip([1], [1, 2], strict=True))), attempt(lambda: list(zip([1], [1], [1, 2], strict=True))), list(zip([1], [2], strict=True)), attempt(zip, 5), attempt(lambda: zip([1], foo=2)))
print(list(map(str, [1, 2])), list(map(lambda a, b: a + b, [1, 2], [3, 4, 5])), attempt(map), attempt(map, str), attempt(map, str, 5), list(map(None, [])), attempt(lambda: list(map(None, [1]))))
print(list(filter(None, [0, 1, "", "a"])), list(filter(lambda v: v > 1, [1, 2, 3])), attempt(filter, None), attempt(filter, None, 5))
print(sum([1, 2, 3]), sum([1.5, 2]), sum([[1], [2]], []), attempt(sum, ["a"]), attempt(sum, ["a"], ""), attempt(sum, [b"a"], b""), sum((1, 2), start=10), attempt(sum, 5), sum([True, True]), sum([], 5), sum(range(10**4)), sum([10**20, 1.5]), sum([1, 1j, 2.5]))
print(divmod(7, 2), divmod(-7, 2), divmod(7.5, 2), attempt(divmod, 1, 0), attempt(divmod, "a", 1), pow(2, 10), pow(2, 10, 1000), pow(2.0, 3), attempt(pow, 2, 3, "a"), attempt(pow, "a", 2), pow(base=2, exp=3), attempt(pow, 2), round(2.5), round(3.14159, 3), attempt(round, "a"), abs(-5), abs(-2.5), abs(3 + 4j), attempt(abs, "a"))
print(bin(10), bin(-10), oct(8), hex(255), hex(-255), hex(2**70), attempt(bin, 1.5), bin(True))
class W:
    def __round__(self, n=None): return ("round", n)
    def __abs__(self): return "abs"
    def __divmod__(self, o): return ("dm", o)
    def __rdivmod__(self, o): return ("rdm", o)
    def __pow__(self, o, m=None): return ("pow", o, m)
    def __reversed__(self): return "rev"
    def __index__(self): return 12
    def __length_hint__(self): return 3
print(round(W()), round(W(), 2), abs(W()), divmod(W(), 1), divmod(1, W()), pow(W(), 2), pow(W(), 2, 3), W() ** 5, reversed(W()), hex(W()), range(20)[W()])
class It:
    def __init__(self): self.i = 0
    def __iter__(self): return self
    def __next__(self):
        self.i += 1
        if self.i > 3: raise StopIteration("done")
        return self.i
print(list(It()), sum(It()), max(It()), sorted(It(), reverse=True), tuple(It()), [*It()], list(zip(It(), It())), dict(enumerate(It())), set(It()) == {1, 2, 3})
a, *b = It()
print(a, b, 2 in It(), 9 in It(), "".join(map(str, It())))
