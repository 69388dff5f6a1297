import sys
sys.stdout.write("hello\n"); print("x", file=sys.stderr)
import io
s = io.StringIO(); s.write("abc"); print(s.getvalue())
with open("/tmp/gilbert_golden_io.txt", "w") as f:
    f.write("line1\nline2\n")
with open("/tmp/gilbert_golden_io.txt") as f:
    for l in f: print(repr(l))
print(io.BytesIO(b"abc").read(2))
