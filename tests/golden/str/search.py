# find and its kin, over bounds
def t(f):
    try:
        print(repr(f()), end=' ')
    except Exception as e:
        print(type(e).__name__, e, end=' ')

bounds = [(), (0,), (1,), (-1,), (None,), (3,), (100,), (0, 2), (1, -1), (-3, None), (None, 3), (2, 1), (5, 100), (-100, 100), (10**30,), (-10**30, 10**30)]
for s in ['', 'abcabc', 'a\u00e9b\u00e9\u00e9', '\u65e5\u672c\u65e5\u672c', 'aaaa']:
    for sub in ['', 'a', 'bc', '\u00e9', '\u672c\u65e5', 'aa', 'zz', 'abcabcabc']:
        print(ascii(s), ascii(sub))
        for b in bounds:
            t(lambda: s.find(sub, *b))
            t(lambda: s.rfind(sub, *b))
            t(lambda: s.index(sub, *b))
            t(lambda: s.rindex(sub, *b))
            t(lambda: s.count(sub, *b))
            t(lambda: s.startswith(sub, *b))
            t(lambda: s.endswith(sub, *b))
            print()
        print(sub in s, sub not in s)

t(lambda: 'abc'.startswith(('x', 'a')))
t(lambda: 'abc'.startswith(()))
t(lambda: 'abc'.endswith(('x', 'bc'), 1))
t(lambda: 'abc'.startswith(('x', 1)))
t(lambda: 'abc'.endswith(('c', 1)))
t(lambda: 'abc'.endswith(['c']))
t(lambda: 1 in 'abc')
t(lambda: None in 'abc')
t(lambda: b'a' in 'abc')
print()

r = [('a', 'b'), ('', '-'), ('aa', 'b'), ('zz', 'y'), ('a', ''), ('\u00e9', 'e'), ('b', '\u65e5\u672c')]
for s in ['', 'banana', 'caf\u00e9\u00e9', 'aaaaa', '\u65e5b\u672cb']:
    for old, new in r:
        print([ascii(s.replace(old, new, *c)) for c in [(), (0,), (1,), (2,), (-1,), (100,)]])
s = 'banana'
print(s.replace('x', 'y') is s, s.replace('a', 'a') == s)
print(['a-b-c'.removeprefix(p) for p in ['a', 'a-', '', 'b', 'a-b-c', 'a-b-c-']], ['a-b-c'.removesuffix(p) for p in ['c', '-c', '', 'b', 'a-b-c', '-a-b-c']])
print([ascii('\u00e9t\u00e9'.removeprefix('\u00e9')), ascii('\u00e9t\u00e9'.removesuffix('t\u00e9'))])
