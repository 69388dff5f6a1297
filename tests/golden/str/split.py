# split, rsplit, splitlines, partition, strip
def t(f):
    try:
        print(ascii(f()))
    except Exception as e:
        print(type(e).__name__, e)

texts = ['', 'a', ' a  b c ', 'a,b,,c,', ',', 'one two\tthree\nfour', '\u3000a\u3000b\u2003', '\x1ca\x1db\x1e', 'a\u00e9b\u00e9c', ',,a,,b,,']
for s in texts:
    for sep in (None, ',', ' ', ',,', '\u00e9', 'xyz'):
        for m in (-1, 0, 1, 2, 100):
            print(ascii(s.split(sep, m)), ascii(s.rsplit(sep, m)))
    for sep in (',', ' ', '\u00e9', ',,'):
        print(ascii(s.partition(sep)), ascii(s.rpartition(sep)))
    for c in (None, ' ', ',', 'ab,', '\u00e9a', '\u3000'):
        print(ascii(s.strip(c)), ascii(s.lstrip(c)), ascii(s.rstrip(c)))
lines = ['', '\n', 'a\nb', 'a\r\nb\rc\n', 'a\x0bb\x0cc\x1cd\x1de\x1ef\x85g\u2028h\u2029i', '\n\n', 'x\r', 'x\n\r', 'no end']
for s in lines:
    print(ascii(s.splitlines()), ascii(s.splitlines(True)), ascii(s.splitlines(keepends=1)))
t(lambda: 'a b'.split(sep=None, maxsplit=1))
t(lambda: 'a b'.split(maxsplit=0))
t(lambda: 'a b'.split(''))
t(lambda: 'a b'.rsplit(''))
t(lambda: 'a b'.partition(''))
t(lambda: 'a b'.rpartition(''))
t(lambda: 'a b'.split(1))
t(lambda: 'a b'.split(' ', 'x'))
t(lambda: 'a b'.split(' ', 10**30))
t(lambda: 'a b'.split(' ', 1, 2))
t(lambda: 'a b'.split(x=1))
t(lambda: 'a b'.splitlines(1, 2))
t(lambda: 'a b'.strip(1))
t(lambda: 'a b'.strip('a', 'b'))
t(lambda: 'a b'.strip(b'a'))
s = 'abc'
print(s.strip() is s, s.split() == ['abc'], s.partition('x')[0] is s)
