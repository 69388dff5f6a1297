"""tokenize: every kind of token, places, errors, untokenize."""
import io
import tokenize
import token

SOURCES = [
    "x = 1 + 2.5e3j  # comment\n\nif x:\n    y = 'str'\n    # inner\n\n    z\nelse: pass\n",
    "def f(a,\n      b):\n    return a\\\n  + b\n",
    "s = f'a{x!r:>10}b{{c}}' 'd'\nt = '''one\ntwo'''\n",
    "# only a comment",
    "a; b\n",
    "\n\n  \nx",
    "é = [1,\n\n # in bracket\n 2]\n",
    "class A:\n\tdef m(self): ...\n\tx: int = lambda: -1 ** 2 // 3 -> 4 := 5\n",
    "async def f(): await x @ y != z <= 0x1F <<= 2 ... @d\n",
    "",
]
for src in SOURCES:
    print(repr(src))
    try:
        for t in tokenize.generate_tokens(io.StringIO(src).readline):
            print(" ", token.tok_name[t.type], repr(t.string), t.start, t.end, token.tok_name[t.exact_type])
    except (tokenize.TokenError, IndentationError) as e:
        print("error", type(e).__name__, e.args[0])
toks = list(tokenize.tokenize(io.BytesIO(b"# -*- coding: latin-1 -*-\nx = '\xe9'\n").readline))
print(toks[0].string, toks[-4].string, toks[3].line.strip())
for src in SOURCES[:2] + SOURCES[4:5]:
    back = tokenize.untokenize(tokenize.generate_tokens(io.StringIO(src).readline))
    print(back == src)
print(tokenize.detect_encoding(io.BytesIO(b"\xef\xbb\xbfx = 1").readline)[0], tokenize.detect_encoding(io.BytesIO(b"#coding=cp1252\n").readline))
for bad in ["(1,\n", "'''abc", "if x:\n    y\n  z\n"]:
    try:
        list(tokenize.generate_tokens(io.StringIO(bad).readline))
    except (tokenize.TokenError, IndentationError) as e:
        print(type(e).__name__, e.args[0])
t = toks[2]
print(type(t).__name__, t._fields)
