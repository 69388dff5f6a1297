# center, ljust, rjust, zfill, expandtabs
def t(f):
    try:
        print(ascii(f()))
    except Exception as e:
        print(type(e).__name__, e)

for s in ['', 'a', 'ab', 'abc', '\u00e9\u00e9', '-12', '+7', '--1', '\u65e5']:
    for w in (-1, 0, 1, 2, 3, 4, 5, 8):
        print(ascii([s.center(w), s.ljust(w), s.rjust(w), s.zfill(w), s.center(w, '*'), s.ljust(w, '\u00e9'), s.rjust(w, '\U0001f600')]))
for s in ['', '\t', 'a\tb', 'ab\tc\n\td', '\u00e9\tb\r\tc', '12345678\t9', 'a\t\tb']:
    for n in (-1, 0, 1, 2, 3, 4, 8, 16):
        print(ascii(s.expandtabs(n)))
    print(ascii(s.expandtabs()), ascii(s.expandtabs(tabsize=5)))
t(lambda: 'a'.center())
t(lambda: 'a'.center('5'))
t(lambda: 'a'.center(5, 'ab'))
t(lambda: 'a'.center(5, ''))
t(lambda: 'a'.center(5, 3))
t(lambda: 'a'.ljust(5.0))
t(lambda: 'a'.rjust(10**30))
t(lambda: 'a'.zfill())
t(lambda: 'a'.zfill('3'))
t(lambda: 'a'.expandtabs('3'))
t(lambda: 'a'.expandtabs(10**10))
t(lambda: 'a'.expandtabs(1, 2))
t(lambda: 'a'.center(5, 'x', 'y'))
s = 'abc'
print(s.center(2) is s, s.zfill(1) is s)
