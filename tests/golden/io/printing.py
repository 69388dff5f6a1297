import io, sys

def attempt(f):
    try:
        return f()
    except Exception as e:
        return f"{type(e).__name__}: {e}"

class Log:
    def __init__(self): self.parts = []
    def write(self, s): self.parts.append(s)
    def flush(self): self.parts.append("FLUSH")
l = Log(); print("a", 1, None, sep="-", end="!", file=l, flush=True); print(l.parts)
l = Log(); print(file=l); print(sep="x", end="", file=l); print("one", file=l, end=None, sep=None); print(l.parts)
s = io.StringIO(); print("a", "b", sep="\n", file=s); print(*range(5), sep=",", end=";\n", file=s); print(repr(s.getvalue()))
for kw in [dict(sep=5), dict(end=5), dict(file=5), dict(foo=1), dict(sep=b"")]: print(attempt(lambda: print("x", **kw)))
class Bad:
    def __str__(self): raise ValueError("no str")
s = io.StringIO(); print(attempt(lambda: print("before", Bad(), file=s)), repr(s.getvalue()))
l = Log(); print(attempt(lambda: print("before", Bad(), file=l)), l.parts)
class Stop:
    def write(self, s): raise OSError("stop")
print(attempt(lambda: print("x", file=Stop())), attempt(lambda: print("x", file=io.BytesIO())), attempt(lambda: print("x", file=open("/dev/null"))))
class Counting(io.StringIO):
    n = 0
    def write(self, s): self.n += 1; return super().write(s)
c = Counting(); print(1, 2, 3, file=c); print(c.n, repr(c.getvalue()))
old = sys.stdout; sys.stdout = io.StringIO(); print("to string"); sys.stdout, got = old, sys.stdout.getvalue(); print(repr(got))
del sys.stdout
try: print("lost")
except RuntimeError as e: sys.stdout = old; print(e)
sys.stdout.write("no newline"); sys.stdout.write("\n"); print(sys.stdout.write("") , sys.stdout.write("é漢\n"))
print("tab\tbell\\", "quote'\"", "\u00a0|", "\x7f".encode()); print(attempt(lambda: print("\ud800")))
print("x" * 100000 == "".join(["x"] * 100000), len("y" * 5)); print("z" * 9000)
print(b"bytes", [1, "two"], {"k": (1,)}, {1, 2}, 1.5, 2j, print, ...) if False else print(b"bytes", [1, "two"], {"k": (1,)}, 1.5, 2j, ...)
print(end="end\n"); print("a\n", "b", sep=""); print(); print("done", flush=True)
w = io.TextIOWrapper(io.BytesIO(), encoding="ascii"); print(attempt(lambda: print("é", file=w))); print("ok", file=w, flush=True); print(w.buffer.getvalue())
w = io.TextIOWrapper(io.BytesIO(), newline="\r\n"); print("a\nb", file=w, flush=True); print(w.buffer.getvalue())
f = io.StringIO(); f.close(); print(attempt(lambda: print("x", file=f)))
print(input.__name__, attempt(lambda: input("prompt> ")))
sys.stdin = io.StringIO("typed\nsecond"); print(input(), input("? ").__repr__(), attempt(input))
sys.stdin = None; print(attempt(input))
