# join, concatenation, repetition
def t(f):
    try:
        print(ascii(f()))
    except Exception as e:
        print(type(e).__name__, e)
class S(str): pass
t(lambda: ','.join([]))
t(lambda: ','.join(['a']))
t(lambda: ','.join(('a', 'b', 'c')))
t(lambda: ','.join('abc'))
t(lambda: '\u00e9'.join(['a', '\u65e5', '']))
t(lambda: ''.join(['\ud800', 'a', '\udc00']))
t(lambda: ', '.join(str(i) for i in range(10)))
t(lambda: ','.join({'x': 1, 'y': 2}))
t(lambda: ','.join(['a', 1]))
t(lambda: ','.join([1]))
t(lambda: ','.join(['a', b'b']))
t(lambda: ','.join([None, 'a']))
t(lambda: ','.join(1))
t(lambda: ','.join(None))
t(lambda: ','.join())
t(lambda: ','.join('a', 'b'))
def gen():
    yield 'a'
    raise KeyError('inside')
t(lambda: ','.join(gen()))
a = 'only'
print(','.join([a]) is a, type(','.join([S('x')])), type(S(',').join(['a', 'b'])))
t(lambda: 'a' + 'b' + '\u00e9' + '')
t(lambda: 'a' + 1)
t(lambda: 'a' + b'b')
t(lambda: 'a' + None)
t(lambda: 1 + 'a')
t(lambda: 'ab' * 3)
t(lambda: 3 * 'ab')
t(lambda: 'ab' * 0)
t(lambda: 'ab' * -5)
t(lambda: '\u65e5' * 3)
t(lambda: 'ab' * True)
t(lambda: 'ab' * 1.5)
t(lambda: 'ab' * 'c')
t(lambda: 'ab' * 10**30)
t(lambda: [] * 'c')
t(lambda: len('ab' * 100000))
class R:
    def __radd__(self, o): return ('radd', o)
    def __rmul__(self, o): return ('rmul', o)
    def __rmod__(self, o): return ('rmod', o)
    def __index__(self): return 2
t(lambda: 'a' + R())
t(lambda: 'a' * R())
t(lambda: R() * 'a')
t(lambda: 'a' % R())
s = ''
for i in range(1000):
    s += chr(97 + i % 26)
print(len(s), s[:30], s[-5:])
u = ''
for i in range(500):
    u += '\u65e5x'
    if i % 100 == 0:
        keep = u
print(len(u), len(keep), ascii(u[990:]), u.count('\u65e5'))
s = 'x'
r = s
s += 'y'
print(r, s)
