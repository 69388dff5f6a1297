import io, os, tempfile, errno
d = tempfile.mkdtemp(); os.chdir(d)

def attempt(f):
    try:
        return f()
    except Exception as e:
        return f"{type(e).__name__}: {e}"

f = io.FileIO("a.bin", "w")
print(f, f.mode, f.name, f.closefd, f.closed, f.readable(), f.writable(), f.seekable(), f.isatty(), f.fileno() > 2)
print(f.write(b"hello"), f.tell(), f.seek(0), f.write(memoryview(b"J")), f.seek(0, 2), f.truncate(), attempt(f.read), attempt(lambda: f.readinto(bytearray(2))))
f.close(); f.close(); print(f, f.closed, attempt(f.fileno), attempt(f.tell), attempt(f.readable), attempt(lambda: f.write(b"")), attempt(f.__enter__))
for mode in ["r", "rb", "r+", "rb+", "w+", "a", "a+", "x"]:
    if mode == "x": os.remove("a.bin")
    with io.FileIO("a.bin", mode) as f:
        print(mode, f.mode, f.tell(), f.readable(), f.writable(), os.path.getsize("a.bin"))
print(attempt(lambda: io.FileIO("a.bin", "x")), attempt(lambda: io.FileIO("nope")), attempt(lambda: io.FileIO(".")), attempt(lambda: io.FileIO("a.bin", "rw")),
      attempt(lambda: io.FileIO("a.bin", "q")), attempt(lambda: io.FileIO("a.bin", "")), attempt(lambda: io.FileIO("a.bin", "r++")), attempt(lambda: io.FileIO("a.bin", "+")))
print(attempt(lambda: io.FileIO(-5)), attempt(lambda: io.FileIO(9999)), attempt(lambda: io.FileIO("a.bin", closefd=False)), attempt(lambda: io.FileIO("a\0b")),
      attempt(lambda: io.FileIO(None)), attempt(lambda: io.FileIO(1.5)), attempt(lambda: io.FileIO("a.bin", 5)))
with open("a.bin", "wb") as g: g.write(bytes(range(50)) * 3)
f = io.FileIO("a.bin")
buf = bytearray(10); print(f.read(3), f.readinto(buf), buf, f.tell(), len(f.read()), f.read(), f.read(5), f.readinto(buf), f.seek(-2, 2), f.readall(), f.readline(), f.seek(10), len(f.readline()))
print(f.seek(0), len(f.readlines()), f.seek(5), next(f)[:4], attempt(lambda: f.seek(-1)), attempt(lambda: f.seek(0, 7)), attempt(lambda: f.seek(1.5)), attempt(lambda: f.write(b"x")), attempt(f.truncate))
print(f.read(0), f.read(None)[:3], vars(f))
f.extra = 1; print(f.extra, hasattr(f, "__dict__"))
fd = f.fileno(); g = io.FileIO(fd, "r", closefd=False); print(g.name == fd, g.closefd, g.read(1)); g.close(); print(os.fstat(fd).st_size); f.close()
print(attempt(lambda: os.fstat(fd)))
fd = os.open("a.bin", os.O_RDONLY); f = io.FileIO(fd); os.close(fd); print(attempt(f.read), attempt(f.close), f.closed)
calls = []
def opener(name, flags):
    calls.append((name, flags & os.O_ACCMODE == os.O_WRONLY, bool(flags & os.O_CREAT))); return os.open(name, flags, 0o600)
with io.FileIO("b.bin", "w", opener=opener) as f: f.write(b"x")
print(calls, oct(os.stat("b.bin").st_mode & 0o777)); print(attempt(lambda: io.FileIO("z", opener=lambda *a: "s")), attempt(lambda: io.FileIO("z", opener=lambda *a: -1)))
class Sub(io.FileIO):
    def __init__(self, *a): super().__init__(*a); self.log = []
    def readinto(self, b): n = super().readinto(b); self.log.append(n); return n
    def close(self):
        if not self.closed: print("closing", self.name)
        super().close()
s = Sub("a.bin"); b = io.BufferedReader(s, 16); print(b.read(20)[-1], s.log, b.peek(1)[:1], b.raw is s); b.close(); print(s.closed)
s = Sub("a.bin"); del s
try:
    with io.FileIO("a.bin") as f: raise KeyError("in with")
except KeyError as e: print(e, f.closed)
import pickle; f = io.FileIO("a.bin"); print(attempt(lambda: pickle.dumps(f))); f.close()
e = attempt(lambda: open("missing/x")); print(e)
try: open("missing/x")
except OSError as e: print(e.errno == errno.ENOENT, e.filename, e.strerror, type(e).__name__, e.args)
