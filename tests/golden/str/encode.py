# encode, decode, error handlers
def t(f):
    try:
        print(ascii(f()))
    except UnicodeError as e:
        print(type(e).__name__, e, '|', ascii(getattr(e, 'args', None)))
        if isinstance(e, (UnicodeDecodeError, UnicodeEncodeError)):
            print('   ', e.encoding, ascii(e.object), e.start, e.end, e.reason)
    except Exception as e:
        print(type(e).__name__, e)
texts = ['', 'abc', 'caf\u00e9', '\u65e5\u672c', '\U0001f600x', 'a\ud800b', '\udc80\udcff', 'x\u20acy']
encodings = ['utf-8', 'UTF8', 'ascii', 'latin-1', 'iso-8859-1', 'cp1252', 'utf-16', 'utf-16-le', 'utf_16_be', 'utf-32', 'utf-32-be', 'utf-8-sig', 'cp437', 'koi8-r', 'shift_jis', 'euc-jp', 'gbk', 'big5', 'euc-kr', 'unicode_escape', 'raw_unicode_escape', 'iso8859-15']
for enc in encodings:
    for s in texts:
        t(lambda: s.encode(enc))
for h in ['strict', 'ignore', 'replace', 'backslashreplace', 'xmlcharrefreplace', 'namereplace', 'surrogateescape', 'surrogatepass']:
    for enc in ('utf-8', 'ascii', 'latin-1', 'cp1252', 'utf-16-le'):
        print(h, enc)
        for s in texts:
            t(lambda: s.encode(enc, h))
raws = [b'', b'abc', b'caf\xc3\xa9', b'\xff', b'a\x80b', b'\xc3', b'\xe6\x97', b'\xed\xa0\x80', b'\xf0\x9f\x98\x80', b'\xf5\x80', b'\xc0\x80', b'ab\xe6\x97\xa5\xff\xfe', b'\xe2\x28\xa1', b'\xf0\x28\x8c\xbc']
for h in ['strict', 'ignore', 'replace', 'backslashreplace', 'surrogateescape', 'surrogatepass', 'xmlcharrefreplace']:
    for enc in ('utf-8', 'ascii', 'latin-1', 'utf-16', 'cp1252'):
        print(h, enc)
        for b in raws:
            t(lambda: b.decode(enc, h))
t(lambda: 'a'.encode('nope'))
t(lambda: b'a'.decode('nope'))
t(lambda: 'a'.encode('utf-8', 'nope'))
t(lambda: '\u00e9'.encode('ascii', 'nope'))
t(lambda: b'\xff'.decode('utf-8', 'nope'))
t(lambda: b'a'.decode('utf-8', 'nope'))
t(lambda: 'a'.encode(1))
t(lambda: 'a'.encode('utf-8', 1))
t(lambda: 'a'.encode(None))
t(lambda: 'a'.encode(encoding='ascii', errors='strict'))
t(lambda: 'a'.encode('a', 'b', 'c'))
t(lambda: 'a'.encode(x=1))
t(lambda: b'a'.decode(1))
t(lambda: 'a'.encode('utf\0'))
t(lambda: 'x' .encode('  UTF-8  '))
t(lambda: bytes(range(256)).decode('latin-1').encode('latin-1') == bytes(range(256)))
t(lambda: '\N{SNOWMAN}\n\t\\\x00'.encode('unicode_escape'))
t(lambda: b'\\u2603\\n\\x41\\N{SNOWMAN}'.decode('unicode_escape'))
t(lambda: b'\\u26'.decode('unicode_escape'))
t(lambda: bytearray(b'caf\xc3\xa9').decode())
t(lambda: bytearray(b'\xff').decode())
t(lambda: b'\xff\xfea\x00'.decode('utf-16'))
t(lambda: b'\x00a'.decode('utf-16-be'))
t(lambda: b'abc'.decode('utf-16-le'))
s = 'm\u00eal\u00e9 \u65e5\u672c \U0001f600 ' * 50
for enc in ('utf-8', 'utf-16', 'utf-32', 'utf-8-sig', 'utf-16-be'):
    print(enc, len(s.encode(enc)), s.encode(enc).decode(enc) == s)
