class D(dict):
    def __missing__(self, key): return f'no {key}'
d = D(a=1); print(d['a'], d['z'], d.get('z'), 'z' in d, len(d), d)
class Auto(dict):
    def __missing__(self, key):
        v = self[key] = type(self)(); return v
t = Auto(); t['a']['b']['c'] = 1; print(t)
class Fail(dict):
    def __missing__(self, key): raise LookupError('none ' + key)
try: Fail()['q']
except LookupError as e: print(type(e).__name__, e)
class Log(dict):
    def __setitem__(self, k, v): print('set', k, v); super().__setitem__(k, v)
    def __getitem__(self, k): print('get', k); return super().__getitem__(k)
    def __delitem__(self, k): print('del', k); super().__delitem__(k)
    def __contains__(self, k): print('in', k); return True
    def __len__(self): return 99
l = Log(x=1); l['y'] = 2; l['x']; del l['y']; print('nope' in l, len(l), bool(l), l.get('x'), l.setdefault('s', 3), l); l.update(z=4); print(dict(l), {**l}, Log.fromkeys('ab', 1))
class Slots(dict):
    __slots__ = ('extra',)
s = Slots({1: 2}); s.extra = 5; print(s, s.extra, hasattr(s, '__dict__'))
class Init(dict):
    def __init__(self, n, **kw): super().__init__(kw); self.n = n
i = Init(3, a=1); print(i, i.n, vars(i))
class Keyed(dict):
    def __init__(self, pairs): dict.__init__(self); [self.__setitem__(k, v) for k, v in pairs]
print(Keyed([(1, 2)]), isinstance(Keyed([]), dict), issubclass(Keyed, dict), Keyed.__mro__[1] is dict)
class Eq(dict):
    def __eq__(self, o): return 'eq'
    __hash__ = lambda self: 5
print(Eq() == {}, {} == Eq(), hash(Eq()), {Eq(): 1})
class L(list):
    def __getitem__(self, i): return 'item'
    def __len__(self): return 2
    def append(self, x): super().append(x * 2)
x = L([1, 2, 3]); x.append(5); print(x, x[0], len(x), list(x), x == [1, 2, 3, 10], x[1:], [*x], tuple(x), x + [1], type(x + []), type(x * 2), type(x[:]), sorted(x), x.copy())
class LI(list):
    def __iter__(self): return iter('iterated')
y = LI([1, 2]); print(list(y), tuple(y), [*y], y, len(y), sorted(y)[:2], set(y) == set('iterated')); z = []; z.extend(y); print(z); z[:] = y; print(z)
class N(list):
    def __init__(self, *a, k=0): super().__init__(a); self.k = k
n = N(1, 2, k=3); print(n, n.k, n + [4], N() == [])
class S(set):
    def __contains__(self, x): return 'maybe'
    def add(self, x): super().add(-x)
s = S([1, 2]); s.add(5); print(s, 7 in s, s | {9}, type(s | {9}), s.copy(), type(s.copy()), s == {1, 2, -5}, S(), repr(S([1])))
class FS(frozenset):
    def __new__(cls, *a): return super().__new__(cls, a)
f = FS(1, 2); print(f, hash(f) == hash(frozenset([1, 2])), f == {1, 2}, type(f | f), {f: 1}[frozenset([2, 1])])
print(list.__lt__([1], [2]), dict.__eq__({}, 1), list.__add__([1], [2]), set.__or__({1}, {2}), set.__or__({1}, [2]), dict.__or__({1: 1}, [(2, 2)]), list.__eq__([], ()), tuple.__lt__((1,), [2]))
