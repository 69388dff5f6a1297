import io, os, tempfile, random
os.chdir(tempfile.mkdtemp()); rng = random.Random(5)
# texts whose characters and newlines straddle the ends of chunks
words = ["a", "é", "漢", "𝄞", "\n", "\r\n", "\r", "zz", " "]
for size in [1, 2, 3, 5, 64, 8192]:
    for nl in [None, "", "\n", "\r\n"]:
        text = "".join(rng.choice(words) for _ in range(300)); data = text.encode()
        def fresh(**kw):
            t = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline=nl); t._CHUNK_SIZE = size; return t
        whole = fresh().read(); lines = fresh().readlines()
        assert "".join(lines) == whole, (size, nl)
        t = fresh(); by_one = []
        while c := t.read(1): by_one.append(c)
        assert "".join(by_one) == whole and all(len(c) == 1 for c in by_one), (size, nl)
        t = fresh(); pieces = []
        while c := t.readline(7): pieces.append(c)
        assert "".join(pieces) == whole and max(map(len, pieces)) <= 7
        if nl == "\n" or nl == "\r\n":
            t = fresh(); marks = []
            while True:
                p = t.tell(); c = t.read(3)
                if not c: break
                marks.append((p, c))
            rng.shuffle(marks)
            for p, c in marks: t.seek(p); assert t.read(3) == c, (size, nl, p, c)
        print(size, repr(nl), len(whole), len(lines), lines[0].__repr__()[:20], fresh().newlines)
for size in [1, 3, 100]:
    for enc in ["utf-16", "utf-32", "utf-8-sig", "shift_jis", "utf-16-be", "gb18030"]:
        text = "日本\n語 abc\r\n" * 20; t = io.TextIOWrapper(io.BytesIO(text.encode(enc)), encoding=enc); t._CHUNK_SIZE = size
        got = t.read(); print(size, enc, got == text.replace("\r\n", "\n"), len(got))
with open("f", "wb") as f: f.write(b"x" * 8191 + b"\r\n" + "é".encode() * 5000 + b"\r")
for nl in [None, "", "\r\n"]:
    with open("f", newline=nl, encoding="utf-8") as f: print([(len(l), l[-2:]) for l in f], f.newlines)
    with open("f", newline=nl, encoding="utf-8") as f: print(len(f.read(8192)), f.read(2).__repr__(), len(f.readline()), f.read().__repr__())
for n in [1, 7, 100, 8192, 8193, 20000]:
    with open("f", "rb") as f: print(n, sum(len(c) for c in iter(lambda: f.read(n), b"")), f.tell(), f.seek(8190), f.read(4), f.read1(3), len(f.peek(1)) > 0)
with open("f", "r+b", buffering=16) as f:
    for i in range(50): f.seek(i * 7); f.write(b"%02d" % i); f.seek(-1, 1); assert f.read(1) == b"%d" % (i % 10)
    f.seek(0); print(f.read(60))
with open("w", "w", encoding="utf-8") as f:
    total = 0
    for i in range(3000): total += f.write(rng.choice(["a", "é", "漢"]) * (i % 11)) 
    print(total, f.tell() == os.fstat(f.fileno()).st_size)
print(len(open("w", encoding="utf-8").read()) == total)
