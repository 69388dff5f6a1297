# hex and fromhex
def t(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)
for T in (bytes, bytearray, memoryview):
    v = T(b'\x00\x01\xab\xff\x10')
    t(lambda: v.hex())
    t(lambda: v.hex(':'))
    t(lambda: v.hex(b'-'))
    for n in (0, 1, 2, 3, 4, 5, 6, -1, -2, -3, -5, -9):
        t(lambda: v.hex('_', n))
    t(lambda: v.hex(sep=' ', bytes_per_sep=2))
    t(lambda: v.hex(''))
    t(lambda: v.hex('ab'))
    t(lambda: v.hex('\u00e9'))
    t(lambda: v.hex(b'\xff'))
    t(lambda: v.hex(1))
    t(lambda: v.hex([1]))
    t(lambda: v.hex(':', 'x'))
    t(lambda: v.hex(':', 10**30))
    t(lambda: v.hex(None))
    t(lambda: T(b'').hex(':'))
for T in (bytes, bytearray):
    t(lambda: T.fromhex('00 01abFF'))
    t(lambda: T.fromhex(''))
    t(lambda: T.fromhex('  \t\n0a  '))
    t(lambda: T.fromhex('0'))
    t(lambda: T.fromhex('0g'))
    t(lambda: T.fromhex('0 1'))
    t(lambda: T.fromhex('zz'))
    t(lambda: T.fromhex('00\u00e9'))
    t(lambda: T.fromhex('0\u00e9'))
    t(lambda: T.fromhex(b'00'))
    t(lambda: T.fromhex(1))
    t(lambda: T.fromhex())
class S(bytes):
    def __new__(cls, x): return super().__new__(cls, x + b'!')
class A(bytearray): pass
r = S.fromhex('6162')
print(r, type(r).__name__, A.fromhex('63'), type(A.fromhex('63')).__name__)
