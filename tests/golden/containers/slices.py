def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, '|', e)
B = 10**30
class G:
    def __getitem__(self, k): return k
g = G()
for f in [
    lambda: slice(3), lambda: slice(1, 2), lambda: slice(1, 2, 3), lambda: slice(None), lambda: slice('a', [], 1.5), lambda: g[1:2], lambda: g[:], lambda: g[::2], lambda: g[1:2, ::3], lambda: g[...], lambda: g[1:2:'x'],
    lambda: slice(1, 2).start, lambda: slice(1, 2).stop, lambda: slice(1, 2).step, lambda: slice(), lambda: slice(1, 2, 3, 4), lambda: slice(x=1), lambda: slice(1, 2) == slice(1, 2, None), lambda: slice(1) == slice(2),
    lambda: slice(1, 2) != slice(1, 3), lambda: slice(1, 2) < slice(1, 3), lambda: slice(2) < slice(1), lambda: slice(1, 2) < 5, lambda: slice(1, 2) == (1, 2, None), lambda: hash(slice(1, 2)) == hash(slice(1, 2)), lambda: {slice(1): 'k'}[slice(1)], lambda: hash(slice([])),
    lambda: slice(2, 8, 3).indices(10), lambda: slice(None, None, -1).indices(5), lambda: slice(-3, None).indices(10), lambda: slice(20, -20, -3).indices(10), lambda: slice(B).indices(5), lambda: slice(-B, B, B).indices(5), lambda: slice(B, None, -B).indices(5),
    lambda: slice(0, B).indices(B + 5), lambda: slice(-1, None).indices(B), lambda: slice(None, None, -2).indices(B), lambda: slice(1).indices(-1), lambda: slice(1).indices('a'), lambda: slice(1, 2, 0).indices(3), lambda: slice('a').indices(3), lambda: slice(1.5).indices(3),
    lambda: slice(1, 2, 3).__reduce__(), lambda: type('S', (slice,), {}), lambda: slice(1, 2).indices(), lambda: isinstance(slice(1), slice), lambda: 'abcdef'[slice(1, 5, 2)], lambda: [0, 1, 2, 3][slice(-2, None)], lambda: b'abc'[slice(None, None, -1)],
]:
    t(f)
n = 0
for start in [None, *range(-6, 7)]:
    for stop in [None, *range(-6, 7)]:
        for step in (None, -3, -2, -1, 1, 2, 3):
            for length in (0, 1, 4, 5):
                n = (n * 31 + sum(x * 7 + 3 for x in slice(start, stop, step).indices(length))) % 1000003
print(n)
class I:
    def __init__(self, i): self.i = i
    def __index__(self): print('index', self.i); return self.i
print([0, 1, 2, 3, 4, 5][I(1):I(5):I(2)], slice(I(1), I(2)).indices(10))
