import io, abc

def attempt(f):
    try:
        return f()
    except Exception as e:
        return f"{type(e).__name__}: {e}"

for c in [io.IOBase, io.RawIOBase, io.BufferedIOBase, io.TextIOBase, io.FileIO, io.BytesIO, io.StringIO, io.BufferedReader, io.BufferedWriter, io.BufferedRandom, io.BufferedRWPair, io.TextIOWrapper, io.IncrementalNewlineDecoder, io.UnsupportedOperation]:
    print(c, [b.__name__ for b in c.__mro__], c.__module__)
for c in [io.FileIO, io.BytesIO, io.StringIO, io.TextIOWrapper]:
    print(c.__name__, [issubclass(c, b) for b in (io.IOBase, io.RawIOBase, io.BufferedIOBase, io.TextIOBase)])
for name in ["seek", "tell", "truncate", "fileno", "read", "write", "readinto", "readall", "detach", "read1"]:
    row = []
    for c in (io.IOBase, io.RawIOBase, io.BufferedIOBase, io.TextIOBase):
        x = c(); row.append(attempt(lambda: getattr(x, name)(*([b""] if name in ("write",) else [bytearray(1)] if name == "readinto" else [0] if name == "seek" else []))))
    print(name, row)
x = io.IOBase(); print(x.closed, x.readable(), x.writable(), x.seekable(), x.isatty(), x.flush(), x.close(), x.closed, attempt(x.flush), attempt(x.isatty), attempt(lambda: iter(x)), attempt(x.__enter__), vars(x))
x = io.TextIOBase(); print(x.encoding, x.errors, x.newlines)
for f in (x._checkClosed, x._checkReadable, x._checkWritable, x._checkSeekable): print(attempt(f))
class Lines(io.RawIOBase):
    def __init__(self, data): self.data = data
    def readable(self): return True
    def readinto(self, b):
        n = min(len(b), len(self.data), 3); b[:n] = self.data[:n]; self.data = self.data[n:]; return n
l = Lines(b"abc\ndefg\nh"); print(l.read(2), l.readline(), l.readline(2), l.readlines(), l.read(), l.readall(), l.read(5))
print(list(Lines(b"a\nb\nc")), Lines(b"one\ntwo\nthree\n").readlines(5), Lines(b"xyz").read(-1), Lines(b"x").read(0))
t = io.TextIOWrapper(io.BufferedReader(Lines("grün\nblau\n".encode()))); print(list(t), t.read(), repr(t))
class W(io.RawIOBase):
    out = b""
    def writable(self): return True
    def write(self, b): self.out += bytes(b); return len(b)
w = W(); print("through", "three", "layers", file=io.TextIOWrapper(io.BufferedWriter(w), write_through=True), flush=True); print(w.out)
w = W(); w.writelines([b"a", b"b"]); print(w.out, attempt(lambda: w.writelines(5)), attempt(lambda: w.seek(0)))
class T(io.TextIOBase):
    def __init__(self): self.parts = []
    def write(self, s): self.parts.append(s); return len(s)
    def readline(self): return "line\n" if len(self.parts) < 3 and not self.parts.append(1) else ""
t = T(); print("hello", 5, sep="|", file=t); print(t.parts); t.parts = []; print(list(t))
class B(io.BufferedIOBase):
    def read(self, n=-1): return b"0123456789"[:n] if n >= 0 else b"all"
    def read1(self, n=-1): return self.read(n)
b = B(); buf = bytearray(4); print(b.readinto(buf), buf, b.readinto1(buf), attempt(lambda: b.readinto(b"ro")))
class Over(io.BufferedIOBase):
    def read(self, n=-1): return b"x" * 100
print(attempt(lambda: Over().readinto(bytearray(4))))
log = []
class C(io.RawIOBase):
    def close(self): log.append("close"); super().close()
c = C(); del c; print(log)
class Mixin:
    def hello(self): return "hi"
class M(Mixin, io.RawIOBase): pass
m = M(); print(m.hello(), isinstance(m, io.IOBase)); m.a = 1; print(vars(m))
print(issubclass(io.UnsupportedOperation, OSError), issubclass(io.UnsupportedOperation, ValueError), repr(io.UnsupportedOperation("x")), io.BlockingIOError is BlockingIOError, io.open is open, io.SEEK_SET, io.SEEK_CUR, io.SEEK_END, io.DEFAULT_BUFFER_SIZE)
print(io.text_encoding(None), io.text_encoding("x"), open.__name__, open.__module__, isinstance(open, type(len)))
with attempt(lambda: C()) as c: print(c.closed)
print(c.closed, log)
class Peek(io.RawIOBase):
    data = b"ab\ncd\n"
    def peek(self, n): return self.data[:2]
    def read(self, n): r, self.data = self.data[:n], self.data[n:]; return r
print(Peek().readline(), Peek().readlines())
class BadRead(io.RawIOBase):
    def read(self, n): return "text"
print(attempt(lambda: BadRead().readline()))
