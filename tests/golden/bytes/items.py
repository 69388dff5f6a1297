# indexing, slicing, containment, comparison, iteration
def t(f):
    try:
        print(repr(f()), end=' ')
    except Exception as e:
        print(type(e).__name__, e, end=' ')
for T in (bytes, bytearray):
    for v in (b'', b'a', b'hello world'):
        s = T(v)
        n = len(s)
        for i in range(-n - 1, n + 1):
            t(lambda: s[i])
        print()
        for a in (None, 0, 1, -2, 3, 100, -100):
            for b in (None, 0, 2, -1, 100):
                print(s[a:b], s[a:b:2], s[a:b:-1], s[a:b:-3])
        t(lambda: s[::0])
    s = T(b'abc')
    for k in ('a', 1.5, None, 10**30, (1, 2), b'a'):
        t(lambda: s[k])
    for k in (97, 120, 256, -1, b'', b'bc', b'x', 'a', 1.5, None, [97], bytearray(b'ab'), memoryview(b'c'), True, 10**30):
        t(lambda: k in s)
    print()
    for o in (b'abc', b'abd', b'ab', bytearray(b'abc'), memoryview(b'abc'), 'abc', None, 97, [97, 98, 99]):
        t(lambda: (s == o, s != o))
        t(lambda: s < o)
        t(lambda: s <= o)
        t(lambda: s > o)
        t(lambda: s >= o)
        t(lambda: o == s)
        print()
    t(lambda: list(s))
    t(lambda: [hex(c) for c in reversed(s)])
    it = iter(s)
    t(lambda: (type(it).__name__, next(it), it.__length_hint__(), it.__reduce__()[1:]))
    t(lambda: it.__setstate__(2))
    t(lambda: list(it))
    t(lambda: next(it))
    t(lambda: it.__reduce__()[1:])
    t(lambda: (s.__eq__('x'), s.__lt__(1)))
    t(lambda: max(s))
    t(lambda: sorted(T(b'cab')))
    t(lambda: dict(zip(s, s)))
    print()
a, *b = b'xyz'
print(a, b, bool(b''), bool(b'\0'), len(bytearray(5)))
arr = bytearray(b'abc')
it = iter(arr)
print(next(it))
arr.append(100)
print(list(it))
arr.append(101)
print(list(it))
