import io, pickle, copy

def attempt(f):
    try:
        return f()
    except Exception as e:
        return f"{type(e).__name__}: {e}"

s = io.StringIO()
print(s.write("héllo\nwörld\n"), s.tell(), repr(s.getvalue()))
print(s.seek(0), repr(s.readline()), s.tell(), repr(s.read(3)), repr(s.read()), repr(s.read()))
print(s.seek(3), s.write("XYZ漢字"), repr(s.getvalue()), s.tell())
print(s.seek(20), s.write("!"), repr(s.getvalue()))
print(s.truncate(4), repr(s.getvalue()), s.tell(), s.write("end"), repr(s.getvalue()))
print(s.seek(0, 2), s.seek(0, 1))
for bad in [lambda: s.seek(1, 1), lambda: s.seek(-1), lambda: s.seek(0, 3), lambda: s.seek(2, 2), lambda: s.truncate(-1), lambda: s.write(b"x"),
            lambda: s.write(None), lambda: s.read("x"), lambda: io.StringIO(5), lambda: io.StringIO("", 5), lambda: io.StringIO("", "x"), lambda: s.fileno(),
            lambda: s.detach(), lambda: io.StringIO("a", newline=b"\n")]:
    print(attempt(bad))
for nl in [None, "", "\n", "\r", "\r\n"]:
    s = io.StringIO("a\nb\r\nc\rd", newline=nl)
    print(repr(nl), repr(s.getvalue()), s.readlines(), s.newlines)
    s = io.StringIO(newline=nl)
    s.write("x\ny\r\nz\r"); s.write("\nw")
    print("   ", repr(s.getvalue()), s.newlines, s.tell())
    s.seek(0); print("   ", list(s))
s = io.StringIO("one\ntwo\nthree")
print(s.readline(2), s.readline(5), s.readline(0) == "", s.readline(-1), s.readlines(), list(s))
s.seek(0); print(s.readlines(4), next(s, None)); print(next(s, "end"))
s.seek(0); print([l for l in s]); s.seek(0); print(next(s), next(s))
print(s.readable(), s.writable(), s.seekable(), s.isatty(), s.closed, s.encoding, s.errors, s.newlines, s.line_buffering)
with io.StringIO("abc") as t:
    print(t.read(1))
for f in [t.read, t.getvalue, t.tell, lambda: t.write("x"), t.readable, t.flush, t.__enter__, lambda: next(t), lambda: iter(t), t.isatty, lambda: t.line_buffering]:
    print(attempt(f))
t.close(); print(t.closed)
print("".join(io.StringIO("\ud800x\udfff").read(1).encode("utf-8", "surrogatepass").hex()))
class Loud(io.StringIO):
    def write(self, s):
        return super().write(s.upper())
    def readline(self, *a):
        return "<" + super().readline(*a) + ">" if self.tell() < 4 else ""
l = Loud("quiet\n"); l.x = 5
print(l.write("abc"), l.getvalue(), l.x, l.__dict__, isinstance(l, io.TextIOBase)); l.seek(0); print(list(l))
print("a", "b", sep="-", file=l); print(repr(l.getvalue()))
s = io.StringIO("state\nful"); s.read(3)
u = copy.copy(s) if hasattr(s, "__copy__") else pickle.loads(pickle.dumps(s))
print(u.read(), u.getvalue(), s.read(2))
print(io.StringIO("x" * 10).read(10**9), io.StringIO(None).read() == "", io.StringIO(initial_value="kw", newline=None).read())
s = io.StringIO(); s.writelines(["a\n", "b\n"]); s.writelines(iter("cd")); print(repr(s.getvalue())); print(attempt(lambda: s.writelines([1])))
