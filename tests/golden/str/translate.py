# maketrans and translate
def t(f):
    try:
        print(ascii(f()))
    except Exception as e:
        print(type(e).__name__, e)
t(lambda: str.maketrans('abc', 'xyz'))
t(lambda: str.maketrans('abc', 'xyz', 'de'))
t(lambda: str.maketrans({'a': 'A', 98: None, '\u00e9': 'e', 'c': 0x65e5}))
t(lambda: str.maketrans({}))
t(lambda: str.maketrans('aa', 'bc'))
t(lambda: 'abcde'.translate(str.maketrans('abc', 'xyz', 'd')))
t(lambda: 'abcde\u00e9'.translate(str.maketrans({'a': 'long', 98: None, '\u00e9': 'e'})))
t(lambda: '\u65e5\u672c\u8a9e'.translate({0x672c: 'BOOK', 0x8a9e: 0x41}))
t(lambda: 'abc'.translate({}))
t(lambda: ''.translate({97: 98}))
t(lambda: 'abcabc'.translate([None, 'x'] * 60))
class T:
    def __init__(self): self.asked = []
    def __getitem__(self, c):
        self.asked.append(c)
        if c == 98: raise LookupError
        if c == 99: return None
        if c == 100: return 'dd'
        return c + 1
x = T()
t(lambda: 'abcd\u00e9'.translate(x))
class V:
    def __getitem__(self, c): raise ValueError('boom')
t(lambda: 'a'.translate(V()))
t(lambda: 'a'.translate({97: 1.5}))
t(lambda: 'a'.translate({97: b'x'}))
t(lambda: 'a'.translate({97: -1}))
t(lambda: 'a'.translate({97: 0x110000}))
t(lambda: 'a'.translate({97: 10**30}))
t(lambda: 'a'.translate(1))
t(lambda: 'a'.translate())
t(lambda: 'a'.translate('b'))
t(lambda: str.maketrans())
t(lambda: str.maketrans(1))
t(lambda: str.maketrans('a'))
t(lambda: str.maketrans('a', 'bc'))
t(lambda: str.maketrans(1, 'b'))
t(lambda: str.maketrans('a', 1))
t(lambda: str.maketrans('a', 'b', 1))
t(lambda: str.maketrans({'ab': 1}))
t(lambda: str.maketrans({'': 1}))
t(lambda: str.maketrans({1.5: 1}))
t(lambda: str.maketrans('a', 'b', 'c', 'd'))
rot = str.maketrans('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', 'NOPQRSTUVWXYZABCDEFGHIJKLMnopqrstuvwxyzabcdefghijklm')
print('Hello, World!'.translate(rot), 'Hello, World!'.translate(rot).translate(rot))
