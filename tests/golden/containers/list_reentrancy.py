# Comparisons, keys and iterators that change the list under way.
class E:
    def __init__(self, name, act=None, result=False): self.name, self.act, self.result = name, act, result
    def __eq__(self, other):
        if self.act: self.act()
        return self.result
    def __repr__(self): return self.name
    __hash__ = None
a = []
a[:] = [E('a', lambda: a.clear()), E('b'), E('c')]
print(5 in a, a)
a[:] = [1, E('p', lambda: a.pop()), 3, 4]
print(a.count(4), a)
a[:] = [E('x', lambda: a.append(0)) for _ in range(3)]
print(a.count(0), len(a))
a[:] = [1, E('r', lambda: a.clear(), True), 3]
a.remove(9); print(a)
a[:] = [E('i', lambda: len(a) < 9 and a.insert(0, 'new')), 2]
try: print(a.index(2), a)
except ValueError as e: print(e)
b = [E('m', lambda: b.clear()), 1]; c = [9, 1]
print(b == c, b, c)
b[:] = [E('g', lambda: b.append(7), True), 1]
print(b == [9, 1], b)
def key(x):
    s.append(99); return x
s = [3, 1, 2]
try: s.sort(key=key)
except ValueError as e: print(e, s)
def key(x):
    print('seen as', s); return -x
s = [3, 1, 2]; s.sort(key=key); print(s)
class L:
    def __init__(self, v): self.v = v
    def __lt__(self, o):
        if self.v == 4: raise KeyError('no order')
        return self.v < o.v
    def __repr__(self): return f'L{self.v}'
s = [L(i) for i in (5, 3, 9, 4, 1, 7, 2)]
try: s.sort()
except KeyError as e: print('KeyError', e)
print(sorted(str(x) for x in s))
s = list(range(8))
try: s.sort(key=lambda x: 1 // (x - 5))
except ZeroDivisionError as e: print(e, s)
def gen():
    yield 1
    print('so far', s)
    yield 2
    raise RuntimeError('stop')
s = [0]
try: s.extend(gen())
except RuntimeError as e: print(e, s)
try: s += gen()
except RuntimeError as e: print(e, s)
s = [1, 2, 3, 4]
def g2():
    s.clear()
    yield 'a'
s[1:3] = g2(); print(s)
s = [1, 2, 3, 4]
for x in s:
    if x < 3: s.append(x * 10)
    if x == 1: s.remove(2)
    print(x, end=' ')
print(s)
s = list(range(6))
for x in s: s.remove(x)
print(s)
class I:
    def __index__(self): s.clear(); return 1
s = [1, 2, 3]
try: print(s[I()])
except IndexError as e: print(e, s)
s = [1, 2, 3]; print(s[I():], s)
s = [1, 2, 3]; s[I():5] = 'xy'; print(s)
s = [1, 2, 3]; del s[:I()]; print(s)
