# case mappings
words = ['', 'hello', 'HELLO', 'Hello World', "they're bill's", 'x-ray 3d', '\u00dfa', 'stra\u00dfe', '\u0130stanbul', '\u0131', '\u01c6\u01c5\u01c4', '\ufb01n',
         '\u039f\u0394\u039f\u03a3', '\u03a3', '\u0391\u03a3 \u0391\u03a3\u0392', 'A\u03a3\u0301', '\u1f80\u1f88', '\u0149', '\u10d0\u1c90', '\u13a0\uab70', '\U00010400\U00010428', '\u1e9e', 'a\u0345', '\ud800a']
for w in words:
    print(ascii([w, w.upper(), w.lower(), w.title(), w.capitalize(), w.swapcase(), w.casefold()]))
    print(w.isupper(), w.islower(), w.istitle())
def checksum(f, stop=0x10000):
    n = 7
    for c in range(stop):
        if 0xd800 <= c < 0xe000:
            continue
        for x in f(chr(c)):
            n = (n * 31 + ord(x)) % 1000000007
    return n
# characters whose mappings did not change between Unicode versions
for f in (str.upper, str.lower, str.title, str.capitalize, str.swapcase, str.casefold):
    print(f.__name__, checksum(f, 0x0500))
