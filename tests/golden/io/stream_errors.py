import io, os, sys, tempfile, traceback
os.chdir(tempfile.mkdtemp())

def show(f):
    try: print("ok", f())
    except BaseException as e: print(type(e).__name__, e, "| cause", repr(e.__cause__), "| context", repr(e.__context__))

class Raw(io.RawIOBase):
    def __init__(self, **kw): self.kw = kw
    def readable(self): return True
    def writable(self): return True
    def seekable(self): return self.kw.get("seekable", False)
    def readinto(self, b):
        r = self.kw.get("readinto", 0)
        if isinstance(r, BaseException): raise r
        return r
    def write(self, b):
        r = self.kw.get("write", len(b))
        if isinstance(r, BaseException): raise r
        return r
    def seek(self, *a): return self.kw["seek"]
    def tell(self): return self.kw.get("tell", 0)
for r in [OSError(5, "input/output"), KeyError("mine"), KeyboardInterrupt(), StopIteration()]:
    show(lambda: io.BufferedReader(Raw(readinto=r)).read(1)); show(lambda: io.TextIOWrapper(io.BufferedReader(Raw(readinto=r))).readline())
show(lambda: io.BufferedReader(Raw(readinto=-1)).read(1)); show(lambda: io.BufferedReader(Raw(seekable=True, seek=-5)).seek(0)); show(lambda: io.BufferedReader(Raw(tell=-1)).tell())
def failing_write(error, how):
    w = io.BufferedWriter(Raw(write=error)); w.write(b"data")
    try: return getattr(w, how)()
    finally: w.raw.kw["write"] = 4
for how in ["flush", "close", "detach"]: show(lambda: failing_write(ValueError("write fails"), how))
class Text(io.BytesIO):
    def read1(self, n=-1): return "text"
    def read(self, n=-1): return None
show(lambda: io.TextIOWrapper(Text()).readline())
class Half:
    readable = writable = seekable = lambda self: True
    closed = False
    def tell(self): return 0
    def flush(self): print("flush called")
    def close(self): print("close called")
show(lambda: io.TextIOWrapper(Half()).read(1)); show(lambda: io.TextIOWrapper(object()))
class Loop(io.RawIOBase):
    def writable(self): return True
    def write(self, b): return self.outer.write(b"again" * 10)
l = Loop(); l.outer = io.BufferedWriter(l, 4)
try: l.outer.write(b"too long for it")
except RuntimeError as e: print(str(e).split(" <")[0])
l.write = len
show(lambda: open("x", "w").write(5)); show(lambda: open("x", "wb").write("s")); show(lambda: open("x", "rb").write(b"")); show(lambda: open("x").write("")); show(lambda: open("x", "wb").read()); show(lambda: open("x", "w").readlines()); show(lambda: next(open("x", "wb"))); show(lambda: open("x", "ab").readline())
show(lambda: [*open("x", "w")]); show(lambda: open("x").readinto(bytearray(1))); show(lambda: open("x", "rb").readinto(b"")); show(lambda: open("x").read(1.5)); show(lambda: open("x").readline("a")); show(lambda: open("x").seek("a")); show(lambda: open("x").truncate()); show(lambda: open("x", "w").truncate(-1)); show(lambda: open("x").name.foo); show(lambda: open("x").nothing); show(lambda: setattr(open("x"), "mine", 1))
f = open("x"); f.close()
for name in ["read", "readline", "readlines", "write", "writelines", "tell", "seek", "truncate", "flush", "fileno", "isatty", "readable", "seekable", "__enter__", "__iter__", "__next__", "detach"]:
    args = {"write": ("x",), "writelines": ([],), "seek": (0,)}.get(name, ()); show(lambda: getattr(f, name)(*args))
try:
    with open("x", "w") as f:
        try: f.write(1)
        except TypeError: raise ValueError("second")
except ValueError as e: print(f.closed, "".join(traceback.format_exception(e)).count("During handling"), type(e.__context__).__name__)
