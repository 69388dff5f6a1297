# many patterns on many texts: match, groups, spans, or the error
import re
PATTERNS = r'''a
a*
a+?b
^a|b$
(a)(b)?(c)
(?P<x>a+)(?P=x)
(?:ab)+
[a-c]+[^a-c]
[]a]+
[^]a]
[\w-]+
\d{2,3}
\d{2,}?
\bfoo\b
\Bo
(?i)ABC
(?s).+
(?m)^.
(?x) a  b # comment
(?a)\w+
(?<=a)b
(?<!a)b
a(?=b)
a(?!b)
(a|ab)(c|bcd)(d*)
(a*)*
(a*)+
(?:a|b)*?c
(x)?(?(1)y|z)
(?>a+)b
a++b
a*+a
(a(b(c)))
(?P<y>\d{4})-(?P<m>\d\d)
[\u4e00-\u9fff]+
[^\W\d_]+
\Aa\Z
\s+\S
(?i:a)B
(?-i:a)
((a)|b)*
(.)\1
(.)(.)\2\1
a{0}
a{3}
a{,2}
x{2}{3}
a**
*a
a{2,1}
(
)
(?P<1a>b)
(?P<a>x)(?P<a>y)
(?P=nope)
\1
(?<=a+)b
[z-a]
[a
\
(?z)
(?P
(?P<
(?#abc
(?#ok)a
\N{DIGIT ONE}
\x41\u0042
\400
[[:alpha:]]
(?i)ß|ſ
(?i)[k]
.
(?s:.)$
$
^
(?:)
()
a|
|a
(a|b|)c
\w\W\d\D\s\S
[\d\-x]
[a\]b]
(?:(?:(?:a)))
(a)|(b)|(c)
(?=(a+))a*b\1
(?!.*x)^a
(?i)é
\Z
(?m)$
a.{2}b
[\s\S]*?b
(?:(a)|b)+
(?P<n>a)(?(n)b|c)
'''.split('\n')
TEXTS = ['', 'a', 'aab', 'abc', 'abcd', 'foo bar foobar', 'AbC', 'a\nb\nc', '2024-01-02', '中文abc', 'xyzzy', 'aaaa', 'x y  z', 'ab]c-d', 'Kſẞß', 'éÉ', 'caabaac', '12345', 'z', 'bcbc\n']
for p in PATTERNS:
    try: c = re.compile(p)
    except re.error as e: print(repr(p), 'error', e.msg, e.pos, e.lineno, e.colno); continue
    except Exception as e: print(repr(p), type(e).__name__, e); continue
    row = [c.groups, sorted(c.groupindex.items()), c.flags]
    for t in TEXTS:
        m, f, s = c.match(t), c.fullmatch(t), c.search(t)
        row.append((m and m.span(), f and f.span(), s and (s.span(), s.groups(), s.lastindex, s.lastgroup), c.findall(t)[:4], c.split(t)[:4], c.sub('<>', t)))
    print(repr(p), row)
