# bytes(..) and bytearray(..)
def t(f):
    try:
        r = f()
        print(repr(r), type(r).__name__)
    except Exception as e:
        print(type(e).__name__, e)
class I:
    def __index__(self): return 3
class B:
    def __bytes__(self): return b'dunder'
class BB:
    def __bytes__(self): return 'str'
class It:
    def __iter__(self): return iter([1, 2, 300])
class Seq:
    def __getitem__(self, i):
        if i < 3: return i + 65
        raise IndexError
class S(bytes): pass
class A(bytearray): pass
class Init(bytearray):
    def __init__(self, n): super().__init__([n] * 2); self.n = n
for T in (bytes, bytearray, S, A):
    print(T.__name__)
    for args in [(), (b'ab',), (bytearray(b'cd'),), (memoryview(b'ef'),), (3,), (0,), (-1,), ([1, 2, 255],), ((65, 66),), ([256],), ([-1],), (['a'],), ([1.5],), ('a',), ('caf\u00e9', 'utf-8'), ('caf\u00e9', 'ascii'), ('caf\u00e9', 'ascii', 'replace'),
                 ('a', None), ('a', 1), (b'a', 'utf-8'), (1, 'utf-8'), (None,), (1.5,), (int,), (I(),), (B(),), (BB(),), (It(),), (Seq(),), (range(5),), ({65: 1},), (10**30,), (True,), ('a', 'nope'), (1, 2, 3, 4), (S(b'x'),), (A(b'y'),)]:
        t(lambda: T(*args))
    t(lambda: T(errors='strict'))
    t(lambda: T(encoding='utf-8'))
    t(lambda: T('a', errors='strict'))
    t(lambda: T(source='a', encoding='ascii'))
    t(lambda: T(source=b'xy'))
    t(lambda: T(x=1))
    t(lambda: T(i for i in range(3)))
x = Init(7)
print(x, x.n, type(x).__name__, A(b'q'), [S(b'z')])
b = b'abc'
print(bytes(b) is b, S(b) == b, S(b)[1:], type(S(b)[:]).__name__, type(S(b) + b'').__name__)
s = S(b'attr'); s.k = 5
print(s.k, s.upper(), s.__dict__)
print(b''.__getnewargs__(), S(b'x').__getnewargs__(), b'abc'.__bytes__(), type(S(b'x').__bytes__()).__name__)
print(repr(b"it's"), repr(b'"'), repr(b'\'"'), b'\x00\t\n\r\\\x7f\xff', str(b'abc'), bytearray(b"it's"), str(bytearray(b'x')))
print([v.__sizeof__() for v in (b'', b'abc', bytearray(), bytearray(b'abc'))])
print(bytearray(b'ab').__reduce__(), bytearray(b'a\xff').__reduce_ex__(2), bytearray(b'a\xff').__reduce_ex__(4), bytearray().__reduce_ex__(4))
t(lambda: bytes.__new__(str))
t(lambda: hash(bytearray()))
t(lambda: hash(b'abc') == hash('abc'))
t(lambda: {b'a': 1}[b'a'])
t(lambda: {bytearray(b'a'): 1})
