# isalpha and its kin
names = ['isalnum', 'isalpha', 'isascii', 'isdecimal', 'isdigit', 'isidentifier', 'islower', 'isnumeric', 'isprintable', 'isspace', 'istitle', 'isupper']
words = ['', 'a', 'A', '1', ' ', 'a1', 'Ab', 'aB', 'A b', 'ab cd', 'Ab Cd', '\u00e9', '\u00c9', '\u0661', '\u00b2', '\u2460', '\u00bd', '\u4e00', '\u3000', '\xa0', '\t\n', '\x1c', '\x7f', '\xad',
         '_x', '1x', 'x\u00b7', '\u2118', '\u01c5', '\u01c5x', 'x y', 'Ab_Cd', '\u2028', '\ud800', '\U0001f600', '\U0001d7ce', '\U00020000', 'def', 'a.b', '\u0300', 'A1', 'a\u0300']
for w in words:
    print(ascii(w), ''.join('01'[getattr(w, n)()] for n in names))
for n in names:
    f = getattr(str, n)
    print(n, ''.join('01'[f(chr(c))] for c in range(0x180)))
    print(n, sum(c * f(chr(c)) for c in range(0x250)) % 1000003)
