# indexing and slicing, ASCII and not, short and long
def t(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)

texts = ['', 'a', 'hello world', 'h\u00e9llo', '\u65e5\u672c\u8a9e\u30c6\u30ad\u30b9\u30c8', 'a\U0001f600b\U0001f601c', 'x\ud800y']
for s in texts:
    n = len(s)
    print(n, [ascii(c) for c in s])
    for i in range(-n - 1, n + 1):
        t(lambda: ascii(s[i]))
    for a in (None, 0, 1, -1, -2, 3, 100, -100):
        for b in (None, 0, 2, -1, 100, -100):
            print(ascii(s[a:b]), ascii(s[a:b:2]), ascii(s[a:b:-1]), ascii(s[a:b:-3]))
    t(lambda: s[::0])

long = ''.join(chr(0x400 + i % 80) + 'abc' for i in range(500))
print(len(long), [ascii(long[i]) for i in (0, 1, 63, 64, 65, 255, 256, 1999, -1, -2000, -777)])
print(ascii(long[100:110]), ascii(long[1990:]), ascii(long[::97]), ascii(long[::-97]), ascii(long[500:480:-1]))
print(sum(ord(long[i]) for i in range(len(long))) == sum(map(ord, long)))
print(long[:] is long, long[::1] == long, long[::-1][::-1] == long)

class I:
    def __init__(self, n): self.n = n
    def __index__(self): return self.n
print('abc'[I(1)], 'abc'[I(-3):I(2)], 'abc'[True])
t(lambda: 'abc'['a'])
t(lambda: 'abc'[1.0])
t(lambda: 'abc'[None])
t(lambda: 'abc'[1, 2])
t(lambda: 'abc'[10**30])
t(lambda: 'abc'['a':])
t(lambda: 'abc'[:1.5])
t(lambda: 'abc'[-10**30:10**30])
t(lambda: 'abc'[I('x')])

def assign():
    s = 'abc'
    s[0] = 'x'
t(assign)
def delete():
    s = 'abc'
    del s[0]
t(delete)
