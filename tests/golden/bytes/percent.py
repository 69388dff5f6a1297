# % formatting of bytes
def t(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)
class B:
    def __bytes__(self): return b'dunder'
class BB:
    def __bytes__(self): return 'no'
for T in (bytes, bytearray):
    t(lambda: T(b'%s %b') % (b'x', bytearray(b'y')))
    t(lambda: T(b'%d %5d %-5d| %05d %+d %x %X %#o') % (1, 2, 3, 4, 5, 255, 255, 8))
    t(lambda: T(b'%f %.2f %e %g') % (1.5, 2.345, 1e10, 3))
    t(lambda: T(b'%c%c%c') % (97, b'b', bytearray(b'c')))
    t(lambda: T(b'%a %r %a') % ('caf\u00e9', 'x', b'y'))
    t(lambda: T(b'%10s|%-10s|%.2s|%%') % (b'a', b'b', b'cdef'))
    t(lambda: T(b'%*d %.*f') % (5, 1, 2, 3.14159))
    t(lambda: T(b'%(a)s %(b)d') % {b'a': b'x', b'b': 2})
    t(lambda: T(b'%(a)s') % {'a': b'x'})
    t(lambda: T(b'%s') % B())
    t(lambda: T(b'%s') % BB())
    t(lambda: T(b'%s') % memoryview(b'view'))
    t(lambda: T(b'%s') % 'str')
    t(lambda: T(b'%b') % 1)
    t(lambda: T(b'%s') % None)
    t(lambda: T(b'%d') % 'a')
    t(lambda: T(b'%d') % b'1')
    t(lambda: T(b'%x') % 1.5)
    t(lambda: T(b'%f') % 'a')
    t(lambda: T(b'%c') % 256)
    t(lambda: T(b'%c') % -1)
    t(lambda: T(b'%c') % b'ab')
    t(lambda: T(b'%c') % 'a')
    t(lambda: T(b'%c') % 1.5)
    t(lambda: T(b'%y') % 1)
    t(lambda: T(b'ab%\xff') % 1)
    t(lambda: T(b'%') % 1)
    t(lambda: T(b'%s %s') % b'a')
    t(lambda: T(b'%s') % (b'a', b'b'))
    t(lambda: T(b'x') % b'a')
    t(lambda: T(b'x') % ())
    t(lambda: T(b'x') % {})
    t(lambda: T(b'%(a') % {})
    t(lambda: T(b'%(a)s') % 1)
    t(lambda: T(b'%d') % 3.7)
    t(lambda: T(b'\xff%s\xfe') % b'\x80')
    t(lambda: type(T(b'%s') % b'a').__name__)
    t(lambda: T(b'x').__rmod__(b'%s'))
    t(lambda: T(b'x').__rmod__(1))
b = bytearray(b'%d')
b %= 5
print(b)
