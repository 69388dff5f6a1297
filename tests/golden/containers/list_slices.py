# Slices read, assigned and deleted, against a model that works item by item.
state = 12345
def rnd(n):
    global state
    state = (state * 1103515245 + 12345) & 0x7fffffff
    return (state >> 8) % n
def bound():
    r = rnd(24)
    return None if r < 4 else r - 14
def model_indices(s, n):
    return list(range(*s.indices(n)))
bad = 0
for round in range(3000):
    n = rnd(9)
    a = list(range(n))
    step = [None, 1, 1, 2, 3, -1, -1, -2, -5, 7][rnd(10)]
    s = slice(bound(), bound(), step)
    idx = model_indices(s, n)
    if a[s] != [a[i] for i in idx] or tuple(a)[s] != tuple(a[i] for i in idx) or list(range(n)[s]) != idx:
        bad += 1
    d = a[:]
    del d[s]
    if d != [x for i, x in enumerate(a) if i not in idx]:
        bad += 1
    new = [100 + i for i in range(rnd(6))]
    e = a[:]
    try:
        e[s] = new
        if step in (None, 1):
            start = s.indices(n)[0]
            if e != a[:start] + new + a[start + len(idx):]: bad += 1
        else:
            want = a[:]
            for i, v in zip(idx, new): want[i] = v
            if e != want or len(new) != len(idx): bad += 1
    except ValueError as err:
        if len(new) == len(idx) or str(err) != f'attempt to assign sequence of size {len(new)} to extended slice of size {len(idx)}': bad += 1
        if e != a: bad += 1
    if round % 300 == 0: print(s, a[s], d, e)
print('bad', bad)
a = list(range(10)); a[2:5] = []; print(a); a[2:2] = 'xy'; print(a); a[:] = (i for i in range(3)); print(a); a[5:] = [9]; print(a); a[3:1] = [7, 7]; print(a)
a[::2] = 'abc'; print(a); del a[::3]; print(a); del a[-1:]; print(a); a[1:1] = a; print(a); a[::-1] = list(a); print(a); del a[:]; print(a)
class I:
    def __init__(self, i): self.i = i
    def __index__(self): return self.i
print([1, 2, 3][I(1):], [1, 2, 3][I(-1)], 'abc'[I(0):I(2)], [1, 2, 3][10**30:], [1, 2, 3][-10**30:10**30:10**30], [1, 2, 3][True:])
