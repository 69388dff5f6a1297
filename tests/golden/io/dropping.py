import gc, io, os, tempfile, weakref
os.chdir(tempfile.mkdtemp())
def size(n): return os.path.getsize(n)
f = open("a", "w"); f.write("waits"); print(size("a")); f = None; print(size("a"))
f = open("a", "wb"); f.write(b"binary"); b = f; f = None; print(size("a")); b = None; print(size("a"))
open("a", "w").write("at once"); print(open("a").read())
log = []
class F(io.FileIO):
    def close(self):
        if not self.closed: log.append("raw")
        super().close()
class B(io.BufferedWriter):
    def close(self): log.append("buffer"); super().close()
class T(io.TextIOWrapper):
    def close(self): log.append("text"); super().close()
t = T(B(F("e", "w"))); t.write("layers"); del t; gc.collect(); print(sorted(set(log)), log[0], open("e").read())
raw = io.FileIO("e", "w"); b = io.BufferedWriter(raw); b.write(b"raw outlives"); del b; print(raw.closed, open("e").read())
buf = io.BytesIO(); t = io.TextIOWrapper(buf); t.write("x"); del t; print(buf.closed)
buf = io.BytesIO(); t = io.TextIOWrapper(buf); t.write("kept"); t.detach(); del t; print(buf.closed, buf.getvalue())
f = open("a"); w = weakref.ref(f); fd = f.fileno(); del f; print(w() is None)
try: os.fstat(fd); print("open")
except OSError as e: print(e)
def gen():
    with open("a") as f:
        for line in f: yield line
g = gen(); print(next(g)); g.close()
g = gen(); next(g); del g; gc.collect()
try:
    with open("a") as f: 1 / 0
except ZeroDivisionError: print(f.closed)
try:
    with open("full", "w") as f: f.write("partly"); raise KeyError
except KeyError: print(open("full").read())
class Exploding(io.RawIOBase):
    def writable(self): return True
    def write(self, b): raise OSError("cannot")
b = io.BufferedWriter(Exploding()); b.write(b"x"); del b; print("quiet")
try:
    with io.BufferedWriter(Exploding()) as b: b.write(b"x")
except OSError as e: print("loud", e, b.closed)
fs = [open(f"m{i}", "w") for i in range(200)]; [f.write("many") for f in fs]; del fs, f; print(sum(size(f"m{i}") for i in range(200)))
kept = open("kept", "w"); kept.write("until the end")
import atexit
atexit.register(lambda: print("atexit", size("kept")))
