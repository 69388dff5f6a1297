a = [1, 2, 3]
it = iter(a); print(next(it), it.__length_hint__(), it.__reduce__()[1:], iter(it) is it); a.append(4); print(list(it), it.__length_hint__(), next(it, 'end')); a.append(5); print(next(it, 'still ended'), it.__reduce__()[1:])
it = iter(a); it.__setstate__(3); print(list(it)); it = iter(a); it.__setstate__(-5); print(next(it)); it = iter(a); it.__setstate__(99); print(next(it, 'past'))
r = reversed(a); print(next(r), r.__length_hint__(), r.__reduce__()[1:]); a.pop(); a.pop(); print(r.__length_hint__(), list(r)); r = reversed([1, 2, 3]); r.__setstate__(1); print(list(r))
r = reversed(a); a.clear(); print(next(r, 'gone'))
it = iter((1, 2)); print(next(it), it.__length_hint__(), it.__reduce__()[1:], list(it), it.__reduce__()[1:])
class Seq:
    def __init__(self, n): self.n = n
    def __getitem__(self, i):
        if i >= self.n: raise IndexError
        return i * 10
    def __len__(self): return self.n
s = Seq(3); it = iter(s); print(type(it).__name__, list(it), list(s), 20 in s, 25 in s, list(reversed(s)), max(s), [*s], dict.fromkeys(s)); s.n = 9; print(list(it))
it = iter(s); next(it); print(it.__length_hint__(), it.__reduce__()[1][0] is s, it.__reduce__()[2]); it.__setstate__(7); print(list(it))
r = reversed(Seq(3)); print(type(r).__name__, r.__length_hint__(), next(r), r.__length_hint__(), list(r), next(r, 'end'), r.__length_hint__())
class StopSeq:
    def __getitem__(self, i):
        if i == 2: raise StopIteration
        return i
print(list(StopSeq()))
class BadSeq:
    def __getitem__(self, i):
        if i == 2: raise KeyError(i)
        return i
try: list(BadSeq())
except KeyError as e: print('KeyError', e)
n = [0]
def count(): n[0] += 1; return n[0]
print(list(iter(count, 5)), n, type(iter(count, 0)).__name__); it = iter(count, 7); print(list(it), next(it, 'end'), n)
def stops(): raise StopIteration
print(list(iter(stops, 1)))
def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, '|', e)
class NoIter: pass
class NoneIter:
    __iter__ = None
    def __getitem__(self, i): return 1
class BadIter:
    def __iter__(self): return 5
class NoRev:
    __reversed__ = None
    def __len__(self): return 0
    def __getitem__(self, i): return 1
class HasRev:
    def __reversed__(self): return 'anything'
for f in [lambda: iter(5), lambda: iter(NoIter()), lambda: iter(NoneIter()), lambda: iter(BadIter()), lambda: iter(1, 2), lambda: iter(), lambda: iter(1, 2, 3), lambda: next(5), lambda: next([]), lambda: next(iter([])), lambda: next(iter([]), 1), lambda: next(), lambda: next(iter([1]), 1, 2),
          lambda: reversed(5), lambda: reversed({1}), lambda: reversed(iter([])), lambda: reversed(NoRev()), lambda: reversed(HasRev()), lambda: reversed(), lambda: reversed(1, 2), lambda: reversed(x=1), lambda: list(reversed('abc')), lambda: list(reversed((1, 2))), lambda: 5 in NoIter(), lambda: 5 in 5,
          lambda: [x for x in 5], lambda: [*NoIter()], lambda: (lambda *a: a)(*5), lambda: type(iter([]))(), lambda: list(map(next, [iter([1]), iter([])])), lambda: tuple(iter(range(3))), lambda: list(zip(range(3), iter('ab')))]:
    t(f)
class Once:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self):
        self.n += 1
        if self.n > 3: raise StopIteration('done')
        return self.n
print(list(Once()), sum(Once()), [*Once()], max(Once()), 2 in Once(), sorted(Once()), dict.fromkeys(Once()), set(Once()), tuple(Once()), list(enumerate(Once())), list(zip(Once(), Once())))
try: it = Once(); [next(it) for _ in range(5)]
except StopIteration as e: print('StopIteration', e, e.value)
except RuntimeError as e: print('RuntimeError', e)
a, b, *c = Once(); print(a, b, c)
class Hint:
    def __init__(self, h): self.h = h
    def __iter__(self): return iter([1, 2])
    def __length_hint__(self): return self.h
for h in (0, 100, NotImplemented): print(list(Hint(h)))
for h in (-1, 'x'): t(lambda: list(Hint(h)))
for x in (x for x in [1]): print(x)
else: print('else ran')
