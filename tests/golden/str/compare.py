# order, equality, hashes, truth
words = ['', 'a', 'A', 'ab', 'b', '\u00e9', '\uffff', '\U00010000', '\ud800', 'aa']
for x in words:
    print(ascii(x), [(x < y) + 2 * (x <= y) + 4 * (x == y) + 8 * (x != y) + 16 * (x > y) + 32 * (x >= y) for y in words])
print(ascii(sorted(words)), ascii(min(words)), ascii(max(words)))
class S(str):
    pass
class E(str):
    def __eq__(self, other): return 'E.eq'
    def __lt__(self, other): return 'E.lt'
    __hash__ = str.__hash__
print(S('a') == 'a', 'a' == S('a'), S('a') < 'b', hash(S('abc')) == hash('abc'))
print('a' == E('b'), E('a') == 'b', 'a' < E('b'), 'a' > E('b'))
print('a' == b'a', 'a' == 1, 'a' != 1, 'a'.__eq__(1), 'a'.__lt__(1), 'a'.__ne__('a'))
for other in (1, b'a', None, [], 1.5):
    for op in ('<', '<=', '>', '>='):
        try:
            {'<': lambda: 'a' < other, '<=': lambda: 'a' <= other, '>': lambda: 'a' > other, '>=': lambda: 'a' >= other}[op]()
        except TypeError as e:
            print(e)
print(hash('abc') == hash('ab' + 'c'), hash('\u65e5') == hash('x\u65e5'[1:]))
print(bool(''), bool('x'), bool(' '), not '', '' or 'default')
d = {'a': 1, S('b'): 2, '\u00e9': 3}
print(d['b'], d[S('a')], d['\u00e9'], 'c' in d, type(list(d)[1]).__name__)
x = 'spam'
print({'spam': 1}[x], {x, 'sp' + 'am'} == {'spam'})
