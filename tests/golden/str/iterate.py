# iterators
def t(f):
    try:
        print(ascii(f()))
    except Exception as e:
        print(type(e).__name__, e)
for s in ['', 'abc', 'a\u00e9\u65e5\U0001f600z', '\ud800\udc00']:
    it = iter(s)
    print(type(it).__name__, it.__length_hint__(), ascii(list(it)), it.__length_hint__(), list(it))
it = iter('abcdef')
print(next(it), next(it), it.__length_hint__(), it is iter(it))
it.__setstate__(4)
print(list(it))
it = iter('a\u00e9\u65e5b')
next(it)
print(it.__length_hint__(), ascii(it.__reduce__()[1:]))
it.__setstate__(3)
print(list(it), it.__reduce__()[1:])
it = iter('')
t(lambda: next(it))
t(lambda: next(it))
print(next(it, 'default'))
a, b, *c = 'w\u00e9xyz'
print(a, ascii(b), c)
print([i for i in reversed('abc\u00e9')][1:], list(enumerate('ab')), list(zip('ab', 'cd')), dict.fromkeys('aba'))
print(sum(1 for _ in '\u65e5' * 10000), len(list('x' * 10000)))
t(lambda: type(iter('a'))())
out = []
for c in 'héllo':
    for d in c:
        out.append(c is d or c == d)
print(out)
t(lambda: max('hello'))
t(lambda: ''.join(sorted('hello', reverse=True)))
t(lambda: ''.join(map(str.upper, 'abc')))
t(lambda: tuple('x\u00e9'))
t(lambda: set('aab') == {'a', 'b'})
