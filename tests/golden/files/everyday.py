import os, tempfile, json, collections, io, sys, time
os.chdir(tempfile.mkdtemp())
# a log is written, read, counted, rotated
with open("app.log", "w", encoding="utf-8") as f:
    for i in range(1000): f.write(f"{i:04} {'INFO WARN ERROR'.split()[i % 7 % 3]} message №{i}\n")
levels = collections.Counter(line.split()[1] for line in open("app.log", encoding="utf-8")); print(levels, os.path.getsize("app.log"))
with open("app.log", encoding="utf-8") as f:
    head = [next(f) for _ in range(2)]; rest = f.read().splitlines(); print(head, len(rest), rest[-1])
with open("app.log", "rb") as f:
    f.seek(-40, os.SEEK_END); print(f.read().decode("utf-8", "ignore").splitlines()[-1])
with open("app.log", "a", encoding="utf-8") as f: print("appended", 1, 2, sep=",", file=f); print(file=f)
lines = open("app.log", encoding="utf-8").readlines(); print(len(lines), lines[-2:])
# tables
rows = [dict(name="Ann", age=31), dict(name="Bö", age=7), dict(name="漢", age=99)]
with open("t.csv", "w", encoding="utf-8") as f: f.write("name,age\n"); f.writelines(f"{r['name']},{r['age']}\n" for r in rows)
with open("t.csv", encoding="utf-8") as f:
    keys = f.readline().strip().split(","); back = [dict(zip(keys, l.strip().split(","))) for l in f]
print(back, max(back, key=lambda r: int(r["age"])))
with open("t.json", "w") as f: json.dump(rows, f, indent=1)
print(json.load(open("t.json")) == rows, open("t.json").read().count("\n"))
# binary
import struct
with open("data.bin", "wb") as f:
    for i in range(10): f.write(struct.pack("<Hd", i, i / 3))
with open("data.bin", "rb") as f:
    while chunk := f.read(10): i, x = struct.unpack("<Hd", chunk); print(i, round(x, 3), end="; ")
print(); print(list(iter(lambda f=open("data.bin", "rb"): f.read(64), b""))[-1][:4])
with open("data.bin", "r+b") as f: f.seek(20); f.write(b"\xff" * 2); f.seek(18); print(f.read(6), f.tell())
# in place, both ways, and indexes by tell
with open("idx.txt", "w+", encoding="utf-8") as f:
    offsets = []
    for w in "alpha beta gämma δ ε".split(): offsets.append(f.tell()); f.write(w + "\n")
    for o in reversed(offsets): f.seek(o); print(f.readline().strip(), end=" ")
    print(offsets)
    f.seek(0); pos = []
    while True:
        p = f.tell(); l = f.readline()
        if not l: break
        pos.append(p)
    print(pos == offsets, f.seek(0, 2), f.write("end"), f.tell(), f.truncate(offsets[2]), f.seek(0), f.read().split())
# encodings
for enc in ["utf-8", "latin-1", "utf-16", "cp1252", "utf-8-sig", "shift_jis", "gbk", "koi8-r", "utf-32-be"]:
    text = {"shift_jis": "日本語", "gbk": "中文", "koi8-r": "Привет"}.get(enc, "Grüße")
    with open("e.txt", "w", encoding=enc) as f: f.write(text + "\n" + text)
    raw = open("e.txt", "rb").read(); print(enc, len(raw), open("e.txt", encoding=enc).read() == text + "\n" + text, [l.strip() for l in open("e.txt", encoding=enc)] == [text] * 2)
    with open("e.txt", "a", encoding=enc) as f: f.write("!")
    print("  ", open("e.txt", "rb").read()[len(raw):], ascii(open("e.txt", encoding=enc).read()[-2:]))
with open("bad.txt", "wb") as f: f.write(b"ok\n\xff\xfe bad\n" + b"x" * 9000 + b"\xc3")
for errors in ["strict", "ignore", "replace", "surrogateescape"]:
    try: print(errors, ascii(open("bad.txt", encoding="utf-8", errors=errors).read()[:12]))
    except UnicodeDecodeError as e: print(errors, e, e.start, e.end, e.reason)
try:
    for line in open("bad.txt", encoding="ascii"): pass
except UnicodeDecodeError as e: print(e)
try: open("q", "w", encoding="ascii").write("é")
except UnicodeEncodeError as e: print(e)
with open("big.txt", "w") as f:
    for i in range(20000): print(i, i * i, file=f)
print(sum(int(l.split()[1]) for l in open("big.txt")), sum(map(len, open("big.txt"))), os.path.getsize("big.txt"))
print(sum(len(c) for c in iter(lambda f=open("big.txt"): f.read(4096), "")))
long = "z" * 100000; open("long.txt", "w").write(long + "\n" + long); print([len(l) for l in open("long.txt")], len(open("long.txt").readline(50)), len(open("long.txt").read(99999)))
