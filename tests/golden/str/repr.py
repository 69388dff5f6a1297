# repr and ascii
for s in ['', "a'b", 'a"b', 'a\'b"c', '\\', '\n\r\t\x00\x1f\x7f', '\x80\x9f\xa0\xad\xff', '\u0378\u200b\u2028\ue000\uffff', '\ud800\udfff', '\U0001f600\U000e0001\U0010ffff', 'caf\u00e9 \u65e5\u672c']:
    print(ascii(repr(s)), ascii(s), len(repr(s)))
print(repr('caf\u00e9 \u65e5\u672c'), [u'\u00e9'], {'k': '\n'})
print(''.join(ascii(chr(c))[1:-1] for c in range(0x100)))
print(sum(repr(chr(c)) == "'" + chr(c) + "'" for c in range(0x250)))
class S(str): pass
class M(str):
    def __repr__(self): return 'M!'
print(repr(S("it's")), [S('x')], M('x'), [M('x')], '%r %s' % (M('x'), M('x')))
print(ascii([S('\u00e9'), '\u65e5']), '%a' % '\u65e5', '{!a}'.format('\u65e5'), f'{"\u65e5"!a}')
