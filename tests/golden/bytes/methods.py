# searching, splitting, stripping, padding, case
def t(f):
    try:
        print(repr(f()), end=' ')
    except Exception as e:
        print(type(e).__name__, e, end=' ')
bounds = [(), (1,), (-2,), (None, 2), (1, 3), (10,), (3, 1)]
for T in (bytes, bytearray):
    for v in (b'', b'abcabc', b'  x y  z\t', b'a,b,,c', b'aaaa'):
        s = T(v)
        print(T.__name__, v)
        for sub in (b'', b'a', b'bc', 97, b'zz', bytearray(b'ab'), memoryview(b'c'), 255):
            for bd in bounds:
                t(lambda: s.find(sub, *bd))
                t(lambda: s.rfind(sub, *bd))
                t(lambda: s.count(sub, *bd))
            t(lambda: s.index(sub))
            t(lambda: s.rindex(sub))
            t(lambda: s.startswith(sub))
            t(lambda: s.endswith(sub, 1))
            print()
        for sep in (None, b',', b'a', b'bc', bytearray(b' ')):
            for m in (-1, 0, 1, 5):
                t(lambda: s.split(sep, m))
                t(lambda: s.rsplit(sep, m))
            t(lambda: s.partition(sep))
            t(lambda: s.rpartition(sep))
            t(lambda: s.strip(sep))
            t(lambda: s.lstrip(sep))
            t(lambda: s.rstrip(sep))
            print()
        for old, new in ((b'a', b'X'), (b'', b'-'), (b'ab', b''), (b'zz', b'y'), (b'a', b'aa')):
            t(lambda: s.replace(old, new))
            t(lambda: s.replace(old, new, 1))
            t(lambda: s.replace(old, new, 0))
        t(lambda: s.startswith((b'x', b'a')))
        t(lambda: s.startswith(()))
        t(lambda: s.endswith((b'c', b'z\t')))
        t(lambda: s.startswith(('x',)))
        t(lambda: s.removeprefix(b'ab'))
        t(lambda: s.removesuffix(b'c'))
        t(lambda: s.removesuffix(b''))
        print()
    for v in (b'', b'a', b'-12', b'+3', b'ab', b'\xff'):
        s = T(v)
        for w in (-1, 0, 2, 3, 4, 7):
            print(s.center(w), s.ljust(w), s.rjust(w), s.zfill(w), s.center(w, b'*'), s.ljust(w, bytearray(b'.')))
    for v in (b'', b'hello World', b'HELLO', b'Hello World', b"they're x1y", b'123', b' \t\n\x0b', b'\x1c', b'\xe9A', b'a1', b'abc', b'\x80'):
        s = T(v)
        print(s.upper(), s.lower(), s.title(), s.capitalize(), s.swapcase(), [getattr(s, n)() for n in ('isalnum', 'isalpha', 'isascii', 'isdigit', 'islower', 'isspace', 'istitle', 'isupper')])
    for v in (b'\ta\tb', b'ab\n\tc', b'x'):
        print(T(v).expandtabs(), T(v).expandtabs(4), T(v).expandtabs(tabsize=0))
    for v in (b'', b'a\nb', b'a\r\nb\rc\n', b'a\x0bb\x0cc\x85d', b'\n\n'):
        print(T(v).splitlines(), T(v).splitlines(True))
    t(lambda: T(b',').join([b'a', bytearray(b'b'), memoryview(b'c')]))
    t(lambda: T(b',').join([]))
    t(lambda: T(b'').join([b'x']))
    t(lambda: T(b',').join([b'a', 'b']))
    t(lambda: T(b',').join([1]))
    t(lambda: T(b',').join(b'ab'))
    t(lambda: T(b',').join(1))
    t(lambda: T(b',').join(x for x in (b'1', b'2')))
    print()
    t(lambda: T(b'abc') + b'd')
    t(lambda: T(b'abc') + bytearray(b'd'))
    t(lambda: T(b'abc') + memoryview(b'd'))
    t(lambda: T(b'abc') + 'd')
    t(lambda: T(b'abc') + 1)
    t(lambda: T(b'abc') + None)
    t(lambda: T(b'ab') * 3)
    t(lambda: 2 * T(b'ab'))
    t(lambda: T(b'ab') * -1)
    t(lambda: T(b'ab') * 1.5)
    t(lambda: T(b'ab') * b'a')
    t(lambda: T(b'ab') * 10**30)
    print()
    table = bytes(range(255, -1, -1))
    t(lambda: T(b'abc\x00').translate(table))
    t(lambda: T(b'abcabc').translate(None, b'b'))
    t(lambda: T(b'abcabc').translate(T.maketrans(b'ab', b'xy'), b'c'))
    t(lambda: T(b'abc').translate(None, delete=b'a'))
    t(lambda: T(b'abc').translate(b'short'))
    t(lambda: T(b'abc').translate('s'))
    t(lambda: T(b'abc').translate())
    t(lambda: T.maketrans(b'a', b'bc'))
    t(lambda: T.maketrans('a', 'b'))
    t(lambda: T.maketrans(b'ab', b'ba')[95:100])
    print()
print(b'abc'.strip() is not None, b'abc'.replace(b'x', b'') == b'abc')
