# Patterns, matches and replacing, on text and on bytes.
import re

m = re.match(r"(?P<year>\d{4})-(?P<month>\d\d)(-(\d\d))?", "2024-05 and more")
print(m, m.group(), m.group(1, "month", 3), m["year"], m.groups("-"), m.groupdict())
print(m.span(), m.start("month"), m.end(2), m.span(4), m.regs, m.lastindex, m.lastgroup, m.pos, m.endpos)
print(m.expand(r"\2/\g<year>"), m.re.groups, dict(m.re.groupindex), m.string)
for bad in (9, "nobody"):
    try:
        m.group(bad)
    except IndexError as e:
        print(type(e).__name__, e)
print(re.compile("a+", re.I | re.M), re.compile(b"x"), re.compile("é", re.A))
print(re.findall(r"\w+", "héllo wörld été"), re.findall(r"(\w)(\d)", "a1 b2 c"), re.findall("x*", "axb"))
print(re.split(r"([,;])\s*", "a, b;c,,d"), re.split("x*", "axbc"), re.split(",", "a,b,c", maxsplit=1))
print(re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world"), re.sub("x*", "-", "abxd"), re.subn("a", "b", "banana", count=2))
print(re.sub(r"\d+", lambda m: str(int(m[0]) * 2), "3 apples, 14 pears"), re.sub(rb"o", b"0", b"foo"))
print([x.span() for x in re.finditer("a|(?=b)", "abcab")], re.fullmatch("a.c", "abc"), re.fullmatch("a", "ab"))
print(re.search("(?i)STRASSE", "die Strasse"), re.search(r"(?<=-)\w+", "spam-egg")[0], re.search(r"(a+)+$", "aaab"))
print(re.findall(r"(?m)^\w+$", "one\ntwo words\nthree"), re.search(r"(.)\1", "abccd").group())
print(re.escape("a.b*c"), bool(re.match(r"\bfoo\b", "foo bar")), re.compile("a") == re.compile("a"))
p = re.compile("b")
print(p.search("abcb", 2), p.match("abc", 1), p.search("abc", 0, 1), p.fullmatch("abc", 1, 2))
for call in (lambda: re.match("a", b"a"), lambda: re.match(b"a", "a"), lambda: re.match("a", 3), lambda: re.compile("(a"), lambda: re.sub("a", r"\9", "a")):
    try:
        call()
    except (TypeError, re.error) as e:
        print(e)
print(re.findall(rb"[\x80-\xff]+", b"a\x80\xffb"), re.search("[à-ÿ]+", "aéèb"), re.findall(r"\s", "a b\u2003c"))
