import codecs, io, os, tempfile
os.chdir(tempfile.mkdtemp())

def attempt(f):
    try:
        return f()
    except Exception as e:
        return f"{type(e).__name__}: {e}"

# a codec that only Python knows
class Rot(codecs.Codec):
    def encode(self, s, errors="strict"): return bytes((ord(c) + 1) % 256 for c in s), len(s)
    def decode(self, b, errors="strict"): return "".join(chr((c - 1) % 256) for c in bytes(b)), len(b)
class Enc(codecs.IncrementalEncoder):
    def encode(self, s, final=False): return Rot().encode(s)[0]
class Dec(codecs.IncrementalDecoder):
    def decode(self, b, final=False): return Rot().decode(b)[0]
def search(name): return codecs.CodecInfo(Rot().encode, Rot().decode, incrementalencoder=Enc, incrementaldecoder=Dec, name="rot-one") if name.replace("-", "_") == "rot_one" else None
codecs.register(search)
with open("r", "w", encoding="rot-one") as f: print(f.encoding, f.write("Hello\nworld\n"))
print(open("r", "rb").read(), open("r", encoding="rot-one").readlines(), open("r", encoding="rot-one").read(3))
with open("r", encoding="rot-one") as f: print(f.readline().__repr__(), f.tell(), f.seek(2), f.read(2), f.seek(0, 2))
# error handlers that only Python knows
codecs.register_error("shout", lambda e: ("<" + ascii(e.object[e.start:e.end]) + ">", e.end))
print(io.TextIOWrapper(io.BytesIO(b"a\xffb\xc3"), encoding="utf-8", errors="shout").read())
b = io.BytesIO(); t = io.TextIOWrapper(b, encoding="ascii", errors="shout"); t.write("aéb"); t.flush(); print(b.getvalue())
print(attempt(lambda: io.TextIOWrapper(io.BytesIO(b"\xff"), encoding="utf-8", errors="nonsense").read()))
b = io.BytesIO(); t = io.TextIOWrapper(b, encoding="ascii", errors="xmlcharrefreplace"); t.write("é漢"); t.flush(); print(b.getvalue())
b = io.BytesIO(); t = io.TextIOWrapper(b, encoding="ascii", errors="namereplace"); t.write("é"); t.flush(); print(b.getvalue())
t = io.TextIOWrapper(io.BytesIO(b"ok\xff\xfe"), encoding="utf-8", errors="surrogateescape"); s = t.read(); print(ascii(s)); b = io.BytesIO(); t = io.TextIOWrapper(b, encoding="utf-8", errors="surrogateescape"); t.write(s); t.flush(); print(b.getvalue())
# a fault in the middle: what came before is not lost
t = io.TextIOWrapper(io.BytesIO(b"first\nsecond\n\xff\n"), encoding="utf-8"); print(attempt(t.readline)); t = io.TextIOWrapper(io.BytesIO(b"x" * 9000 + b"\n\xff\n"), encoding="utf-8"); print(len(t.read(100)), attempt(lambda: t.read(9000))[:60])
with codecs.open("c", "w", encoding="utf-16") as f: f.write("codecs\n"); f.write("open")
with codecs.open("c", "r", encoding="utf-16") as f: print(f.readlines(), f.encoding)
print(codecs.getreader("utf-8")(io.BytesIO("é\nb".encode())).read(), [l for l in codecs.iterdecode([b"\xc3", b"\xa9"], "utf-8")])
b = io.BytesIO(); w = codecs.getwriter("latin-1")(b); w.write("é"); print(b.getvalue())
r = codecs.StreamReaderWriter(io.BytesIO(b"abc\ndef"), codecs.getreader("ascii"), codecs.getwriter("ascii")); print(r.readline(), r.read())
e = codecs.EncodedFile(io.BytesIO("é".encode("latin-1")), "utf-8", "latin-1"); print(e.read())
for enc in ["UTF-8", "utf8", "U8", "Latin1", "iso-8859-15", "cp437", "mac_roman", "euc-jp", "big5", "utf_16_le"]:
    with open("e", "w", encoding=enc) as f: f.write("A\n"); print(f.encoding, open("e", "rb").read() == b"", end=" ")
    print(open("e", encoding=enc).read().__repr__())
print(attempt(lambda: open("e", encoding="base64")), attempt(lambda: open("e", encoding="rot13")), attempt(lambda: open("e", encoding="no-such")))
for bom in ["utf-8-sig", "utf-16", "utf-32"]:
    with open("b", "w", encoding=bom) as f: f.write("x")
    with open("b", "a", encoding=bom) as f: f.write("y")
    with open("b", "r+", encoding=bom) as f: f.seek(0, 2); f.write("z"); f.seek(0); print(bom, f.read(), open("b", "rb").read())
    with open("b", "r+", encoding=bom) as f: f.write("Q"); f.seek(0); print(f.read())
