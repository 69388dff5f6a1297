import re
def show(label, f, *a, **k):
    try: print(label, '->', f(*a, **k))
    except BaseException as e: print(label, '!!', type(e).__name__.replace("PatternError", "error"), e)
m = re.match(r'(?P<first>\w+) (?P<last>\w+)?(x)?', 'Jane Doe rest')
print(m.group(), m.group(0, 1, 2), m.group('first', 'last'), m['first'], m[2], m.groups(), m.groups('dflt'), m.groupdict(), m.groupdict(1), m.start(1), m.end('last'), m.span(3), m.regs, m.pos, m.endpos, m.string, m.re.pattern, m.lastindex, m.lastgroup, bool(m))
for a in (4, 'nope', None, -1, 1.5): show(f'group {a!r}', m.group, a); show(f'start {a!r}', m.start, a)
print(m.expand(r'\2-\1-\g<first>-\g<0>'), repr(m), repr(re.compile('a', re.I | re.X)), re.compile('a') == re.compile('a'), hash(re.compile('a')) == hash(re.compile('a')))
print(re.sub('(a)(b)?', r'[\1\2]', 'aab'), re.sub('a', lambda m: m[0].upper() * 2, 'banana'), re.sub('', '-', 'abc'), re.sub('x*', '-', 'axb'), re.subn('a', 'b', 'aaa', count=2), re.sub('a', r'\n\\', 'a'), re.sub('(?P<q>a)', r'\g<q>\g<1>', 'a'))
for r in (r'\2', r'\g<2>', r'\g<', r'\g<a>', r'\q', r'\g<-1>', r'\x', '\\'): show(f'repl {r!r}', re.sub, '(a)', r, 'a')
show('sub none', re.sub, 'a', lambda m: None, 'a'); show('sub raise', re.sub, 'a', lambda m: 1 / 0, 'a'); show('mix', re.match, b'a', 'a'); show('mix', re.match, 'a', b'a'); show('int', re.match, 'a', 5); show('pat', re.compile, 5); show('flags', re.compile, b'a', re.U); show('flags', re.compile, 'a', re.L); show('flags', re.compile, re.compile('a'), re.I)
print(re.split(r'(,)|;', 'a,b;c'), re.split('', 'abc'), re.split('x*', 'axbc', maxsplit=1), re.split(r'\b', 'hi there'), re.findall(r'(\w)(\d)?', 'a1b'), re.findall('', 'ab'), re.findall('(a)|b', 'ab'))
print([x.span() for x in re.finditer('a*', 'baac')], [x[0] for x in re.finditer(r'\w+', 'one two')], re.escape('a.b*c[d]\n é-_ '), re.escape(b'\x00a.\xff'))
c = re.compile('b+'); print(c.search('abbb', 2).span(), c.search('abbb', 0, 2).span(), c.match('abb', 1).span(), c.fullmatch('abb', 1).span(), c.match('abb', -5), c.search('abb', 10), c.findall('abbab', 2), c.scanner('abab').search().span())
print(re.match(b'a', memoryview(b'ab')).group(), re.sub(b'(a)', rb'<\1>', b'banana'), 1)
import copy, pickle
print(copy.copy(m) is m, copy.deepcopy(c) is c, pickle.loads(pickle.dumps(c)) == c); show('pickle m', lambda: pickle.dumps(m) and 0) if 0 else None
print(re.I, re.I | re.M, re.RegexFlag(0), re.compile('(?im)a').flags, re.NOFLAG, int(re.X))
class S(str): pass
print(type(re.match('a', S('ab')).group()).__name__, type(re.sub('x', 'y', S('ab'))).__name__, type(re.split(',', S('a'))[0]).__name__)
print(re.sub('[aeiou]', lambda m: {'a': '1', 'e': '2'}.get(m.group(), '*'), 'hello average'), re.sub(r'(?<=\d)(?=(\d{3})+$)', ',', '1234567'), re.findall(r'"((?:[^"\\]|\\.)*)"', r'"a\"b" "c"'))
p = re.compile(r'(?P<num>\d+(?:\.\d*)?)|(?P<op>[-+*/()])|(?P<ws>\s+)|(?P<bad>.)')
print([(t.lastgroup, t.group()) for t in p.finditer('3.14 * (2 - x)')])
long = 'ab' * 20000; print(len(re.findall('ab', long)), re.match('(?:ab)*', long).end(), re.match('(a|b)*', long).span(1), len(re.sub('a', '', long)), re.search('c', long), re.match('(?:a|b)*c', long[:2000]))
print(re.match('(' * 50 + 'a' + ')' * 50, 'a').groups()[-1], re.match('a' * 5000, 'a' * 5000).end(), re.compile('|'.join(f'w{i}' for i in range(2000))).match('w1999').group())
show('many groups', lambda: len(re.match('(a)' * 300, 'a' * 300).groups())); show('deep', lambda: re.compile('(' * 5000 + ')' * 5000)) if 0 else None
