import io, os, tempfile, pathlib, warnings
d = tempfile.mkdtemp(); os.chdir(d)

def attempt(f):
    try:
        return f()
    except Exception as e:
        return f"{type(e).__name__}: {e}"

open("f", "w").close()
for mode in ["r", "w", "a", "x", "rb", "wb", "ab", "r+", "w+", "a+", "rb+", "r+b", "br+", "tr", "rt", "wt+", "", "rw", "rr", "t", "b", "bt", "rbt", "U", "rU", "+", "r++", "z", "rz"]:
    if mode == "x": os.remove("f")
    r = attempt(lambda: open("f", mode))
    if isinstance(r, str): print(repr(mode), r); continue
    with r as f: print(repr(mode), type(f).__name__, f.mode, getattr(f, "raw", None) and f.raw.mode, f.readable(), f.writable())
for kw in [dict(mode="rb", encoding="utf-8"), dict(mode="rb", errors="strict"), dict(mode="rb", newline=""), dict(buffering=0), dict(mode=5), dict(encoding=5), dict(errors=5), dict(newline=5), dict(newline="q"), dict(buffering="x"), dict(encoding="bogus"), dict(encoding="a\0b"), dict(foo=1), dict(closefd=False)]:
    print(kw, attempt(lambda: open("f", **kw)))
print(attempt(lambda: open()), attempt(lambda: open("f", "r", -1, None, None, None, True, None, 5)), attempt(lambda: open(None)), attempt(lambda: open([])), attempt(lambda: open("a\0b")), attempt(lambda: open("")), attempt(lambda: open(b"nope")), attempt(lambda: open(".")), attempt(lambda: open("f/g")), attempt(lambda: open(pathlib.Path("zip"))), attempt(lambda: open(10**20)), attempt(lambda: open(-1)), attempt(lambda: open(777)))
with open("f", "wb", 0) as f: print(type(f).__name__, f.write(b"raw"), os.path.getsize("f"))
with open("f", "wb", 4) as f: print(f.write(b"abc"), os.path.getsize("f"), f.write(b"defg"), os.path.getsize("f"))
with open("f", "w", 1) as f: print(f.line_buffering, f.write("line"), os.path.getsize("f"), f.write("\n"), os.path.getsize("f"))
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always"); open("f", "wb", 1).close(); print([str(x.message) for x in w])
with open(b"f", "w") as f: print(f.name, repr(f))
with open(pathlib.Path("f"), "w") as f: print(f.name, type(f.name).__name__)
class P:
    def __fspath__(self): return "f"
class Q:
    def __fspath__(self): return 5
with open(P(), "w") as f: print(f.name)
print(attempt(lambda: open(Q())))
fd = os.open("f", os.O_RDWR)
with open(fd, "w", closefd=False) as f: print(f.name == fd, f.buffer.raw.closefd, f.write("via fd"))
with open(fd, "r+") as f: print(f.buffer.seek(0), f.read())
print(attempt(lambda: os.close(fd)))
with open("f", opener=lambda p, fl: os.open(p, fl)) as f: print(f.read())
def bad(p, fl): raise ZeroDivisionError("opener")
print(attempt(lambda: open("f", opener=bad)))
with open("f") as f, open("g", "w") as g: g.write(f.read())
print(f.closed, g.closed, open("g").read())
f = open("g", "w"); f.write("dropped"); del f; print(open("g").read())
def scope(): f = open("g", "w"); f.write("scope")
scope(); print(open("g").read())
x = open("g"); y = x; del x; print(y.read()); y.close()
print(open("f", encoding="utf-8").encoding, open("f", encoding="UTF8").encoding, open("f", encoding="locale").encoding, open("f", errors="ignore").errors)
with io.open("f", "rb") as f: print(f.peek(3)[:3], f.read(2), f.closed)
print([l for l in open("/etc/passwd")][:0], attempt(lambda: open("/root/nope/x", "w")))
for line in open("f"): print(line)
print(sum(1 for _ in open("f")), max(open("f"), key=len), sorted(open("f")), dict(enumerate(open("f"))), list(zip(open("f"), [1])))
