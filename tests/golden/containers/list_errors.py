def t(f, *a):
    try: print(repr(f(*a)))
    except BaseException as e: print(type(e).__name__, '|', e)
a = [1, 2, 3]
for f in [
    lambda: a[3], lambda: a[-4], lambda: a['x'], lambda: a[1.0], lambda: a[None], lambda: a[1 << 100], lambda: a['a':], lambda: a[::0], lambda: a[1.5:],
    lambda: a.__setitem__(3, 0), lambda: a.__setitem__('x', 0), lambda: a.__delitem__(5), lambda: a.__delitem__('y'), lambda: a.__setitem__(slice(0, 1), 5),
    lambda: a.__setitem__(slice(0, 3, 2), 5), lambda: a.__setitem__(slice(0, 3, 2), [1]), lambda: a.pop(9), lambda: [].pop(), lambda: a.pop('x'),
    lambda: a.pop(1, 2), lambda: a.remove(9), lambda: a.index(9), lambda: a.index(1, 1), lambda: a.index(1, 'z'), lambda: a.index(), lambda: a.insert(1),
    lambda: a.insert('x', 1), lambda: a.insert(1 << 100, 1), lambda: a.append(), lambda: a.append(1, 2), lambda: a.extend(1), lambda: a.extend(), lambda: a.count(),
    lambda: a + (1,), lambda: a + None, lambda: (1,) + a, lambda: a * 'x', lambda: a * 1.5, lambda: 'x' * a, lambda: a * (1 << 100), lambda: a.__iadd__(1),
    lambda: a < (1,), lambda: a < 1, lambda: [1] < ['a'], lambda: a >= None, lambda: a == (1, 2, 3), lambda: a != None, lambda: hash(a), lambda: {a: 1}, lambda: {a},
    lambda: list(1), lambda: list(1, 2), lambda: list(x=1), lambda: list(None), lambda: a.sort(1), lambda: a.sort(x=1), lambda: a.sort(key=1), lambda: [1, 'a'].sort(),
    lambda: a.nope, lambda: setattr(a, 'x', 1), lambda: a(), lambda: -a, lambda: a - a, lambda: a.clear(1), lambda: a.copy(1), lambda: a.reverse(1),
    lambda: list.append(1, 2), lambda: list.append(), lambda: sorted(1), lambda: [1, 2, *3],
    lambda: [0] * 10**13, lambda: [0, 1] * 10**15, lambda: [0] * (2**62), lambda: (0,) * 10**13,
]:
    t(f)
print(a)
def unpack(n):
    if n == 1: x, y = [1]
    if n == 2: x, y = []
    if n == 3: x, *y, z = [1]
    if n == 4: x, y = 5
for n in range(1, 5): t(unpack, n)
