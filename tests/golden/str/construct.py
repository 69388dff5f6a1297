# str(..)
def t(f):
    try:
        r = f()
        print(ascii(r), type(r).__name__)
    except Exception as e:
        print(type(e).__name__, e)
class S(str):
    pass
class R:
    def __repr__(self): return 'R()'
class T(R):
    def __str__(self): return 'T!'
class B:
    def __str__(self): return 1
class C:
    def __str__(self): return S('sub')
class N(str):
    def __new__(cls, x, y): return super().__new__(cls, x + y)
    def __str__(self): return 'N.str'
t(lambda: str())
t(lambda: str('a'))
t(lambda: str(1))
t(lambda: str(1.5))
t(lambda: str(None))
t(lambda: str(b'ab'))
t(lambda: str(R()))
t(lambda: str(T()))
t(lambda: str(B()))
t(lambda: str(C()))
t(lambda: S(C()))
t(lambda: S('x'))
t(lambda: str(S('x')))
t(lambda: N('a', 'b'))
t(lambda: str(N('a', 'b')))
t(lambda: N('a', 'b') + 'c')
t(lambda: f'{N("a", "b")}')
t(lambda: str(object='x'))
t(lambda: str(b'h\xc3\xa9', 'utf-8'))
t(lambda: str(b'h\xe9', 'latin-1'))
t(lambda: str(b'h\xe9', errors='replace'))
t(lambda: str(b'h\xe9', 'ascii', 'ignore'))
t(lambda: str(bytearray(b'abc'), 'ascii'))
t(lambda: str(memoryview(b'abc'), 'ascii'))
t(lambda: str(object=b'abc', encoding='ascii'))
t(lambda: str(encoding='ascii'))
t(lambda: str(b'', 'nope'))
t(lambda: str(b'x', 'nope'))
t(lambda: str('x', 'utf-8'))
t(lambda: str(1, 'utf-8'))
t(lambda: str(b'x', 1))
t(lambda: str(b'x', 'utf-8', 1))
t(lambda: str(b'\xff', 'utf-8'))
t(lambda: str(1, 2, 3, 4))
t(lambda: str(foo=1))
t(lambda: str(b'x', 'utf-8\0'))
t(lambda: str.__new__(S, 'y'))
t(lambda: str.__new__(int, 'y'))
t(lambda: str.__new__())
t(lambda: str.upper(1))
t(lambda: str.upper())
x = S('attr')
x.color = 'red'
print(x.color, x, x.upper(), type(x.upper()).__name__, x.__dict__, isinstance(x, str))
print(type(x[:]).__name__, type(x.strip()).__name__, type(x + '').__name__, type(x * 1).__name__, type(x.replace('q', 'r')).__name__, type(x.center(1)).__name__, type(x.__str__()).__name__, type(x.join(['a'])).__name__)
print('a'.__getnewargs__(), S('\u00e9').__getnewargs__(), [s.__sizeof__() for s in ('', 'abc', '\u65e5', '\U0001f600')])
print(str.__name__, 'x'.__class__, str.__mro__, S.__bases__, len(str.__doc__) > 10)
