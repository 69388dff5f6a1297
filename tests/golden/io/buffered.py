import io, os, tempfile
d = tempfile.mkdtemp(); os.chdir(d)

def attempt(f):
    try:
        return f()
    except Exception as e:
        return f"{type(e).__name__}: {e}"

class Raw(io.RawIOBase):
    """A raw stream in memory that logs what is asked of it."""
    def __init__(self, data=b"", most=None): self.data, self.pos, self.log, self.most = bytearray(data), 0, [], most
    def readable(self): return True
    def writable(self): return True
    def seekable(self): return True
    def readinto(self, b):
        n = min(len(b), len(self.data) - self.pos, self.most or len(b)); b[:n] = self.data[self.pos:self.pos + n]; self.pos += n; self.log.append(("r", len(b), n)); return n
    def write(self, b):
        n = min(len(b), self.most or len(b)); self.data[self.pos:self.pos + n] = bytes(b[:n]); self.pos += n; self.log.append(("w", len(b), n)); return n
    def seek(self, o, w=0): self.pos = [0, self.pos, len(self.data)][w] + o; self.log.append(("s", o, w)); return self.pos
    def tell(self): return self.pos
    def truncate(self, n=None): n = self.pos if n is None else n; del self.data[n:]; return n

r = Raw(bytes(range(65, 91)) * 4); b = io.BufferedReader(r, 8)
print(b.read(3), b.read(4), b.read(3), b.peek(), b.read(20), r.log); r.log.clear()
print(b.read1(100), b.read1(), b.read1(0), b.read1(2), r.log, b.tell(), b.raw is r); r.log.clear()
print(b.seek(-2, 1), b.read(2), b.seek(3), b.read(2), b.seek(0, 2), b.read(), b.seek(100), b.read(9), b.tell())
buf = bytearray(5); b.seek(0); print(b.readinto(buf), buf, b.readinto1(buf), buf, b.readinto(bytearray(0)))
b.seek(0); print(len(b.readline()), b.seek(0), b.readline(5), b.readlines(), b.readable(), b.writable(), b.seekable(), attempt(lambda: b.write(b"x")), attempt(b.truncate))
r = Raw(b"aa\nbbb\n\ncc"); b = io.BufferedReader(r, 2); print(list(b), b.read(), next(b, None))
w = Raw(); b = io.BufferedWriter(w, 8)
print(b.write(b"abc"), b.write(b"defgh"), w.log, b.tell(), b.write(b"i"), w.log, bytes(w.data)); b.flush(); print(w.log, bytes(w.data)); w.log.clear()
print(b.write(b"0123456789ABCDEFGHIJ"), w.log, b.tell()); b.seek(2); print(b.write(b"**"), w.log, bytes(w.data)); b.flush(); print(bytes(w.data), b.truncate(4), bytes(w.data)); w.log.clear()
print(attempt(b.read), attempt(b.readline), attempt(lambda: b.peek()), b.readable(), b.writable(), attempt(lambda: b.write("str")), attempt(lambda: b.write(None)))
w = Raw(most=3); b = io.BufferedWriter(w, 4); b.write(b"123456789"); b.flush(); print(w.log, bytes(w.data))
class Full(Raw):
    def write(self, b): return None
b = io.BufferedWriter(Full(), 4); print(b.write(b"1234"))
try: b.write(b"xyz")
except BlockingIOError as e: print(e.characters_written, e.strerror)
b.raw.write = lambda b: len(b); b.flush()
class Odd(Raw):
    def readinto(self, b): return 100000
    def write(self, b): return -1
print(attempt(lambda: io.BufferedReader(Odd()).read(5))); b = io.BufferedWriter(Odd()); b.write(b"x"); print(attempt(b.flush)); b.raw.write = lambda b: len(b); b.close()
class Nothing(Raw):
    def readinto(self, b): return None
b = io.BufferedReader(Nothing()); print(b.read(5), b.readinto(bytearray(3)), b.read(), b.peek(), b.readline())
q = Raw(b"0123456789"); b = io.BufferedRandom(q, 4)
print(b.read(2), b.write(b"AB"), b.read(2), b.tell(), bytes(q.data), b.seek(8), b.write(b"YZ!"), b.seek(0), b.read(), b.truncate(5), bytes(q.data), b.seek(1), b.peek()[:2], b.write(b"?"), b.flush(), bytes(q.data))
for size in (0, -1): print(attempt(lambda: io.BufferedReader(Raw(), size)))
class Dumb(io.RawIOBase): pass
for cls in (io.BufferedReader, io.BufferedWriter, io.BufferedRandom): print(attempt(lambda: cls(Dumb())))
print(attempt(lambda: io.BufferedReader(5)), attempt(lambda: io.BufferedReader()), repr(io.BufferedReader(Raw())))
b = io.BufferedReader(Raw(b"xyz")); b.read(1); raw = b.detach(); print(raw.pos, attempt(b.read), attempt(b.detach), repr(b), attempt(lambda: b.closed))
b = io.BufferedReader(Raw(b"xyz")); b.close(); b.close()
print(b.closed, b.raw.closed, attempt(b.read), attempt(b.peek), attempt(b.readline), attempt(lambda: b.seek(0)), attempt(b.tell), attempt(b.flush), attempt(b.fileno), attempt(lambda: b.read1(1)), attempt(lambda: next(b)))
w = io.BufferedWriter(Raw()); w.close(); print(attempt(lambda: w.write(b"x")), attempt(w.flush), attempt(lambda: w.truncate(0)))
class Bad(Raw):
    def write(self, b): raise OSError("disk full")
    def close(self):
        super().close(); raise ValueError("close too")
b = io.BufferedWriter(Bad()); b.write(b"x")
try: b.close()
except Exception as e: print(repr(e), repr(e.__context__), b.closed)
p = io.BufferedRWPair(Raw(b"read me"), Raw(), 4); print(p.read(4), p.write(b"out"), p.flush(), p.readable(), p.writable(), p.seekable(), p.peek(1), p.read1(2), p.closed, p.isatty()); p.close(); print(p.closed)
class U(io.BufferedReader):
    def readline(self, *a): return super().readline(*a)[::-1]
print(list(U(Raw(b"ab\ncd"))))
print(attempt(lambda: io.BufferedReader.__new__(io.BufferedReader).read()))
with open("t.bin", "wb+") as f:
    print(type(f).__name__, f.write(b"x" * 10000), f.tell(), f.seek(0), len(f.read(9999)), f.read(5), f.mode, f.raw.mode); f.seek(0); f.write(b"yy"); f.seek(0); print(f.read(4))
with open("t.bin", "rb") as f: print(f.read(-1)[:3], attempt(lambda: f.read(-2)), f.read(), os.path.getsize("t.bin"))
import threading
class Slow(Raw):
    def write(self, b): return super().write(b)
w = Slow(); b = io.BufferedWriter(w, 64)
def run(c):
    for _ in range(50): b.write(c * 10 + b"\n")
ts = [threading.Thread(target=run, args=(bytes([65 + i]),)) for i in range(4)]; [t.start() for t in ts]; [t.join() for t in ts]; b.flush()
lines = bytes(w.data).split(b"\n"); print(len(lines), all(len(set(l)) == 1 and len(l) == 10 for l in lines[:-1]), sorted(set(lines)))
