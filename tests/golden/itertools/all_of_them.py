from itertools import (accumulate, batched, chain, combinations, combinations_with_replacement, compress, count, cycle, dropwhile, filterfalse,
                       groupby, islice, pairwise, permutations, product, repeat, starmap, takewhile, tee, zip_longest)
def attempt(f, *args, **kw):
    try:
        r = f(*args, **kw)
        return repr(r)
    except Exception as e:
        return f"{type(e).__name__}: {e}"
def take(n, it): return list(islice(it, n))
print(take(4, count()), take(3, count(10, -2)), take(3, count(1.5, 0.25)), count(3), count(3, 2), take(2, count(2**47 - 1)), take(2, count(10**20)), attempt(count, "a"), take(3, count(step=5)), take(2, count(True)))
print(take(7, cycle("abc")), list(cycle([])), take(3, repeat(5)), list(repeat("x", 3)), list(repeat(1, -2)), repeat(5), repeat(5, 2), repeat(5, 2).__length_hint__(), attempt(repeat), attempt(repeat, 1, "a"))
print(list(accumulate([1, 2, 3, 4])), list(accumulate([1, 2, 3, 4], lambda a, b: a * b)), list(accumulate([], initial=5)), list(accumulate([1, 2], initial=10)), list(accumulate("abc")), attempt(lambda: list(accumulate([1, "a"]))), list(accumulate([3, 1, 2], max)))
print(list(batched("abcdefg", 3)), list(batched([], 2)), attempt(batched, "a", 0), list(batched(range(4), n=2)))
print(list(chain()), list(chain("ab", [1, 2], ())), list(chain.from_iterable(["ab", "cd"])), attempt(lambda: list(chain([1], 5))), list(chain.from_iterable(map(range, range(4)))))
print(list(compress("abcdef", [1, 0, 1, 0, 1, 1])), list(compress("abc", [1])), list(dropwhile(lambda x: x < 3, [1, 2, 3, 1])), list(takewhile(lambda x: x < 3, [1, 2, 3, 1])), list(filterfalse(lambda x: x % 2, range(6))), list(filterfalse(None, [0, 1, ""])))
print([(k, list(g)) for k, g in groupby("aaabbca")], [(k, list(g)) for k, g in groupby([1, 3, 2, 4, 5], key=lambda x: x % 2)], [k for k, g in groupby("aabb")], list(groupby([])))
gs = groupby("aabb")
k1, g1 = next(gs)
print(k1, next(g1))
k2, g2 = next(gs)
print(k2, list(g1), list(g2))
print(list(islice("abcdef", 3)), list(islice("abcdef", 2, 5)), list(islice("abcdef", 1, None, 2)), list(islice("abc", None)), list(islice("abc", 0)), list(islice("abcdef", None, 4)), attempt(islice, "a", -1), attempt(islice, "a", 1, -1), attempt(islice, "a", 0, 1, 0), attempt(islice, "a"), attempt(islice, "a", "b"), attempt(islice, "a", 1, 2, 3, 4))
it = iter(range(10))
print(list(islice(it, 2, 6, 3)), next(it))
it = iter(range(10))
print(list(islice(it, 3)), list(it))
print(list(pairwise([1, 2, 3])), list(pairwise([1])), list(pairwise("")), list(starmap(pow, [(2, 3), (3, 2)])), list(starmap(lambda *a: a, [[1], [1, 2]])), attempt(lambda: list(starmap(pow, [5]))))
print(list(zip_longest("ab", [1, 2, 3])), list(zip_longest("ab", [1], fillvalue="-")), list(zip_longest()), list(zip_longest([], [])), attempt(zip_longest, 5))
a, b, c = tee([1, 2, 3], 3)
print(next(a), next(a), list(b), next(c), list(a), list(c), tee([], 0), attempt(tee, [], -1), attempt(tee, 5))
import operator
a, b = tee(iter(range(5)))
print(list(map(operator.sub, b, a)) if next(b, None) is not None else None)
print(list(product("ab", [1, 2])), list(product()), list(product("ab", repeat=2)), list(product([], "a")), list(product("a", repeat=0)), attempt(product, "a", repeat=-1), len(list(product(range(3), range(4), range(5)))))
print(list(permutations("abc")), list(permutations("abc", 2)), list(permutations([1], 2)), list(permutations([])), list(permutations("ab", 0)), attempt(permutations, "a", -1), attempt(permutations, "a", "b"))
print(list(combinations("abcd", 2)), list(combinations("abc", 0)), list(combinations("ab", 3)), attempt(combinations, "a", -1), list(combinations(range(5), 4)))
print(list(combinations_with_replacement("abc", 2)), list(combinations_with_replacement("", 1)), list(combinations_with_replacement("a", 0)), list(combinations_with_replacement("ab", 3)))
for f in (accumulate, batched, chain, combinations, count, cycle, groupby, islice, pairwise, permutations, product, repeat, starmap, takewhile, tee, zip_longest):
    print(f.__name__, getattr(f, "__module__", None), callable(f))
class Sub(chain):
    def __init__(self, *args): self.note = "sub"
s = Sub([1], [2])
print(s.note, list(s), type(s).__name__)
print(sum(1 for _ in combinations(range(20), 3)), sum(map(sum, permutations(range(6), 3))))
def gen():
    try:
        yield 1
        yield 2
    finally:
        print("closed")
print(list(islice(gen(), 1)))
print([len(list(g)) for _, g in groupby(sorted("mississippi"))], sorted(set("mississippi")))
