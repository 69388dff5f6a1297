import io, os, sys, atexit, tempfile
os.chdir(tempfile.mkdtemp())
sys.stdout.write("written "); sys.stdout.writelines(["as ", "lines\n"]); sys.stdout.flush()
print(sys.stdout.name, sys.stdout.mode, sys.stdout.encoding, sys.stdout.fileno(), sys.stdout.writable(), sys.stdout.readable(), sys.stdout.closed, sys.stdout.newlines, sys.__stdout__ is sys.stdout)
print(sys.stdin.name, sys.stdin.mode, sys.stdin.fileno(), sys.stdin.readable(), sys.stdin.writable(), type(sys.stdin.buffer).__name__, type(sys.stdin.buffer.raw).__name__, sys.stdin.read().__repr__(), sys.stdin.readline().__repr__(), list(sys.stdin))
print(sys.stderr.errors, sys.stderr.line_buffering, sys.stderr.encoding, type(sys.stdout.buffer).__name__, type(sys.stdout.buffer.raw).__name__, sys.stdout.buffer.name, sys.stdout.buffer.raw.name, sys.stdout.buffer.raw.mode)
sys.stdout.flush(); sys.stdout.buffer.write(b"raw bytes\n"); sys.stdout.buffer.flush(); os.write(1, b"descriptor\n")
real = sys.stdout; sys.stdout = io.StringIO(); print("hidden"); text = sys.stdout.getvalue(); sys.stdout = real; print(repr(text))
class Tee:
    def __init__(self, *streams): self.streams, self.calls = streams, 0
    def write(self, s):
        self.calls += 1
        for x in self.streams: x.write(s)
    def flush(self): pass
copy = io.StringIO(); sys.stdout = tee = Tee(real, copy); print("teed", 1, sep="+"); sys.stdout = real; print(repr(copy.getvalue()), tee.calls)
sys.stdout = None; print("nowhere"); sys.stdout = real
try: print("x", file=5)
except AttributeError as e: print(e)
try: print("x", file=open("q.txt", "w"), end=5)
except TypeError as e: print(e)
sys.stdout.reconfigure(errors="backslashreplace"); print("\ud800 ok"); sys.stdout.reconfigure(line_buffering=True); print(sys.stdout.line_buffering)
wrapped = io.TextIOWrapper(open(1, "wb", closefd=False), encoding="latin-1", write_through=True); wrapped.write("gr\xfcn\n".replace("\xfc", "ue")); wrapped.flush()
kept = open("kept.txt", "w"); kept.write("never closed")
class Closing:
    def __del__(self): pass
atexit.register(lambda: (print("atexit", os.path.getsize("kept.txt")), sys.stdout.flush()))
print("last line without newline", end="")
