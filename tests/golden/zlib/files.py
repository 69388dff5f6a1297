# gzip, zipfile, tarfile upon zlib, in memory
import gzip, io, zipfile, tarfile, zlib
def show(f, *a, **k):
    try:
        r = f(*a, **k)
    except Exception as e:
        r = f"{type(e).__module__}.{type(e).__name__}: {e}"
    print(r)
data = b"line %d\n" * 50 % tuple(range(50))
c = gzip.compress(data, mtime=0); print(c[:9], gzip.decompress(c) == data, gzip.decompress(c + c) == data * 2, gzip.decompress(b""))
show(gzip.decompress, b"not gzip"); show(gzip.decompress, c[:-1]); show(gzip.decompress, c[:5]); show(gzip.decompress, c + b"junk"); show(gzip.decompress, c + b"\0\0"); bad = bytearray(c); bad[-5] ^= 1; show(gzip.decompress, bytes(bad)); bad = bytearray(c); bad[-1] ^= 1; show(gzip.decompress, bytes(bad))
b = io.BytesIO()
with gzip.GzipFile(fileobj=b, mode="wb", filename="name.txt", mtime=5) as f: f.write(data); print(f.tell(), f.name)
v = b.getvalue(); print(v[:18])
with gzip.GzipFile(fileobj=io.BytesIO(v)) as f: print(f.readline(), f.read(10), f.tell(), f.seek(0), f.read() == data, f.mtime, f.seekable(), f.writable()); f.seek(100); print(f.read(5)); f.seek(-5, 1); print(f.read(5))
with gzip.open(io.BytesIO(v), "rt") as f: print([l for i, l in enumerate(f) if i < 3])
z = io.BytesIO()
with zipfile.ZipFile(z, "w", zipfile.ZIP_DEFLATED) as f:
    f.writestr(zipfile.ZipInfo("a.txt", (2020, 1, 2, 3, 4, 6)), data); f.writestr(zipfile.ZipInfo("d/é.bin"), b"\0" * 1000, zipfile.ZIP_DEFLATED); f.comment = b"hi"
    with f.open("s.txt", "w") as g: g.write(b"streamed"); g.write(b" data")
with zipfile.ZipFile(z) as f:
    print(f.namelist(), f.comment, f.testzip(), [(i.filename, i.file_size, i.CRC, i.date_time if i.filename[0] != "s" else 0, i.compress_type) for i in f.infolist()]); print(f.read("a.txt") == data, f.read("s.txt"), len(f.read("d/é.bin")), zipfile.is_zipfile(z)); show(f.read, "nope")
    with f.open("a.txt") as g: print(g.readline(), g.read(3), g.seek(0), g.read(4), [x for x in g][:1])
    print(repr(f.getinfo("d/é.bin"))[:48])
show(zipfile.ZipFile, io.BytesIO(b"nope"))
t = io.BytesIO()
with tarfile.open(fileobj=t, mode="w:gz") as f:
    i = tarfile.TarInfo("x/y.txt"); i.size = len(data); i.mtime = 7; f.addfile(i, io.BytesIO(data)); i = tarfile.TarInfo("dir"); i.type = tarfile.DIRTYPE; f.addfile(i)
t.seek(0)
with tarfile.open(fileobj=t) as f: print(f.getnames(), f.extractfile("x/y.txt").read() == data, f.getmember("dir").isdir(), f.getmember("x/y.txt").mtime); show(f.getmember, "q")
s = io.BytesIO()
with gzip.open(s, "wt", encoding="utf-8") as f: f.write("漢字\n" * 3)
print(gzip.decompress(s.getvalue()).decode())
