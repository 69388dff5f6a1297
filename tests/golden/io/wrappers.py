import contextlib, io, os, sys, tempfile
os.chdir(tempfile.mkdtemp())

class Upper(io.TextIOBase):
    """Hands everything on in capitals."""
    def __init__(self, to): self.to = to
    def writable(self): return True
    def write(self, s): return self.to.write(s.upper())
    def flush(self): self.to.flush()
class Counter(io.RawIOBase):
    """Counts what goes through."""
    def __init__(self, raw): self.raw, self.read_bytes, self.written = raw, 0, 0
    def readable(self): return self.raw.readable()
    def writable(self): return self.raw.writable()
    def seekable(self): return self.raw.seekable()
    def readinto(self, b): n = self.raw.readinto(b); self.read_bytes += n; return n
    def write(self, b): n = self.raw.write(b); self.written += n; return n
    def seek(self, *a): return self.raw.seek(*a)
    def tell(self): return self.raw.tell()
    def close(self):
        if not self.closed: self.raw.close()
        super().close()
c = Counter(io.FileIO("a", "w"))
with io.TextIOWrapper(io.BufferedWriter(c, 10), encoding="utf-8") as t: print(t.write("counted é\n" * 3), t.name if hasattr(t, "name") else "no name", t.seekable())
print(c.written, c.closed, c.raw.closed)
c = Counter(io.FileIO("a")); t = io.TextIOWrapper(io.BufferedReader(c, 4), encoding="utf-8"); print(next(t), c.read_bytes, t.read().__repr__(), c.read_bytes); t.close()
with contextlib.redirect_stdout(Upper(sys.stdout)): print("shouted", [1, "x"], sep=": ")
out = io.StringIO()
with contextlib.redirect_stdout(out), contextlib.redirect_stderr(sys.stdout): print("inner"); help_text = out.getvalue()
print(repr(help_text))
class Slice(io.RawIOBase):
    """A window upon another stream."""
    def __init__(self, f, start, size): self.f, self.start, self.size, self.pos = f, start, size, 0
    def readable(self): return True
    def seekable(self): return True
    def readinto(self, b):
        self.f.seek(self.start + self.pos); data = self.f.read(min(len(b), self.size - self.pos)); b[:len(data)] = data; self.pos += len(data); return len(data)
    def seek(self, off, whence=0): self.pos = [0, self.pos, self.size][whence] + off; return self.pos
    def tell(self): return self.pos
with open("big", "wb") as f: f.write(b"head" + b"line one\nline two\n" + b"tail")
with open("big", "rb") as f:
    s = io.BufferedReader(Slice(f, 4, 18)); print(s.read(5), s.tell(), s.readlines(), s.seek(0), list(s), s.seek(-4, 2), s.read(), s.peek())
class Chain(io.RawIOBase):
    def __init__(self, parts): self.parts = [io.BytesIO(p) for p in parts]
    def readable(self): return True
    def readinto(self, b):
        while self.parts:
            n = self.parts[0].readinto(b)
            if n: return n
            self.parts.pop(0)
        return 0
print(io.BufferedReader(Chain([b"ab\nc", b"", b"d\n", b"e"])).readlines(), Chain([b"x" * 10, b"y"]).read(), io.TextIOWrapper(io.BufferedReader(Chain([b"\xc3", b"\xa9\r", b"\nz"])), encoding="utf-8").read().__repr__())
@contextlib.contextmanager
def atomic(name):
    tmp = name + ".tmp"
    try:
        with open(tmp, "w") as f: yield f
        os.replace(tmp, name)
    except BaseException:
        os.unlink(tmp); raise
with atomic("conf") as f: f.write("v1")
try:
    with atomic("conf") as f: f.write("broken"); raise RuntimeError("halfway")
except RuntimeError as e: print(e, open("conf").read(), os.path.exists("conf.tmp"))
with contextlib.ExitStack() as stack:
    files = [stack.enter_context(open(f"s{i}", "w")) for i in range(3)]; [print(i, file=f) for i, f in enumerate(files)]
print([f.closed for f in files], [open(f"s{i}").read() for i in range(3)])
with open("s0") as a, open("s1") as b, open("s2", "a") as c: c.writelines([*a, *b])
print(open("s2").read().split(), contextlib.nullcontext(5).__enter__())
tee = io.StringIO()
class Tee(io.StringIO):
    def write(self, s): tee.write(s); return super().write(s)
t = Tee(); print("both", file=t); print(t.getvalue() == tee.getvalue() == "both\n", isinstance(t, io.TextIOBase), isinstance(c, io.TextIOBase), isinstance(Counter, type), issubclass(Chain, io.IOBase))
