import io, os, tempfile
os.chdir(tempfile.mkdtemp())

def attempt(f):
    try:
        return f()
    except Exception as e:
        return f"{type(e).__name__}: {e}"

with open("f", "w", encoding="utf-8", newline="") as f: f.write("zéro\nün\n漢字\n\n𝄞 five\nlast")
for enc, nl in [("utf-8", "\n"), ("utf-8", None), ("utf-8", ""), ("latin-1", "\n")]:
    with open("f", encoding=enc, newline=nl) as f:
        marks = []
        while True:
            at = f.tell(); line = f.readline()
            if not line: break
            marks.append((at, line))
        print(enc, repr(nl), [m for m, _ in marks], f.tell())
        for at, line in reversed(marks): f.seek(at); assert f.readline() == line, (at, line)
        f.seek(marks[2][0]); print(ascii(f.read(1)), f.tell(), ascii(f.read(2)), f.tell(), ascii(f.read()), f.tell())
with open("f", "r+", encoding="utf-8") as f:
    print(f.read(3).__repr__(), f.tell(), f.write("X"), f.tell(), f.seek(0), f.readline().__repr__())
    print(f.seek(0, 2), f.write("!"), f.tell(), f.seek(f.tell() - 1), f.read(), f.seek(3), f.truncate(), f.seek(0), f.read().__repr__())
with open("f", "w+b") as f:
    f.write(bytes(range(256)) * 40); size = f.tell()
    for whence, off in [(0, 0), (0, 10), (1, 5), (1, -3), (2, -1), (2, 0), (0, 10000), (1, 0), (2, 5)]:
        print(whence, off, f.seek(off, whence), f.tell(), f.read(2), f.peek(1)[:1] if f.tell() < size else b"")
    print(attempt(lambda: f.seek(-1)), attempt(lambda: f.seek(0, 5)), attempt(lambda: f.seek("x")), attempt(lambda: f.seek(-20000, 1)), f.tell())
    f.seek(4090); f.write(b"straddle"); f.seek(4088); print(f.read(12)); f.seek(-4, 1); f.write(b"--"); print(f.read(3), f.seek(4088), f.read(12))
    f.seek(12000); f.write(b"hole"); f.seek(10238); print(f.read(6), f.seek(0, 2), f.truncate(100), f.tell(), f.seek(0, 2))
raw = open("f", "rb", 0); print(raw.seek(90), raw.tell(), len(raw.read(50)), raw.read(5), raw.seek(-5, 2), raw.readall()); raw.close()
with open("f", "rb") as f: print(f.seek(50), f.raw.tell(), f.read(1), f.raw.tell() > 50, f.seek(51), f.tell(), f.seek(0, 1))
s = io.StringIO("añb漢c"); print([(s.seek(i), s.tell(), ascii(s.read(1))) for i in (3, 0, 4, 1, 2, 5, 9)])
b = io.BytesIO(b"abc"); print([(b.seek(i, w), b.read(1)) for i, w in ((1, 0), (-1, 2), (0, 1), (5, 1), (-9, 1))])
t = io.TextIOWrapper(io.BytesIO(b"one\r\ntwo\r\nthree"), newline=""); print(t.readline().__repr__(), t.tell(), t.readline().__repr__(), t.seek(0), t.read(4).__repr__(), t.read().__repr__())
class NoSeek(io.BytesIO):
    def seekable(self): return False
t = io.TextIOWrapper(NoSeek(b"stream\nonly")); print(t.seekable(), attempt(t.tell), attempt(lambda: t.seek(0)), t.readline().__repr__(), t.read())
r, w = os.pipe(); os.write(w, b"from a pipe\nend"); os.close(w)
with open(r) as p: print(p.seekable(), attempt(p.tell), attempt(lambda: p.seek(0)), attempt(p.buffer.tell), p.read(4), attempt(lambda: p.truncate(0)), p.readlines())
