# The order of comparisons is part of what a script can see.
state = 7
def rnd(n):
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) & (2**64 - 1)
    return (state >> 33) % n
class K:
    n = 0
    h = 0
    def __init__(self, v): self.v = v
    def __lt__(self, o):
        K.n += 1
        K.h = (K.h * 31 + self.v * 7 + o.v) % 1000000007
        return self.v < o.v
def counted(values, **kw):
    K.n = K.h = 0
    r = sorted([K(v) for v in values], **kw)
    return K.n, K.h, [k.v for k in r] == sorted(values, reverse=kw.get('reverse', False))
for n in (0, 1, 2, 3, 10, 31, 32, 33, 63, 64, 65, 100, 200, 500, 1000, 2000):
    print(n, counted([rnd(1000) for _ in range(n)]), counted(range(n)), counted(range(n, 0, -1)), counted([rnd(3) for _ in range(n)], reverse=True))
shapes = {
    'two runs': list(range(0, 300, 2)) + list(range(1, 300, 2)),
    'sawtooth': [i % 17 for i in range(400)],
    'organ': list(range(200)) + list(range(200, 0, -1)),
    'mostly': [i if i % 50 else rnd(500) for i in range(500)],
    'blocks': [x for b in (5, 1, 4, 2, 3) for x in range(b * 100, b * 100 + 60)],
    'equal': [1] * 300,
    'end': list(range(500)) + [3, 1, 2],
}
for name, v in shapes.items(): print(name, counted(v), counted(v, reverse=True))
pairs = [(rnd(5), i) for i in range(60)]
print(sorted(pairs, key=lambda p: p[0]) == sorted(pairs), sorted(pairs, key=lambda p: p[0], reverse=True)[:8])
print(sorted([3, 1.5, 2, True, 10**20, -10**20, 0.0, -1]), sorted(['b', 'a', 'é', 'z', '😀', '\uffff', 'B']), sorted([(2, 'a'), (1, 'b'), (1, 'a'), (1,)]))
nan = float('nan')
print(sorted([3.0, nan, 1.0, 2.0, nan, 0.5]), sorted([2.5, 1.5, -0.0, 0.0]), sorted([b'b', b'a', b'']), sorted([[2], [1, 5], [1]]))
print(sorted('hello world', key=str.upper), sorted({'x': 2, 'y': 1}.items(), key=lambda kv: kv[1]), sorted([1, 2, 3], key=None, reverse=1))
s = [5, 2, 8]; print(s.sort(), s, s.sort(reverse=True), s, s.sort(key=lambda x: -x), s)
for bad in ([1, 'a'], [None, None], [1, None, 2], [(1, 'a'), (1, 2)], [1j, 2j]):
    try: print(sorted(bad))
    except TypeError as e: print(e)
class R:
    def __init__(self, v): self.v = v
    def __gt__(self, o): return self.v > o.v
    def __repr__(self): return str(self.v)
print(sorted([R(3), R(1), R(2)]), max([1, 5, 2], key=lambda x: -x), min('banana'), sorted([True, False, True]))
