import io, array

def attempt(f):
    try:
        return f()
    except Exception as e:
        return f"{type(e).__name__}: {e}"

b = io.BytesIO(b"hello world")
print(b.read(5), b.read1(2), b.tell(), b.read(), b.read(), b.getvalue())
print(b.seek(0), b.write(b"HELLO"), b.getvalue(), b.seek(-3, 2), b.read(), b.seek(-100, 1), b.tell())
print(b.seek(20), b.read(), b.write(bytearray(b"zz")), b.getvalue(), b.write(memoryview(b"!!")), b.write(array.array("h", [1, 2])), b.getvalue()[-8:])
print(b.truncate(4), b.getvalue(), b.tell(), b.truncate(100), len(b.getvalue()))
for bad in [lambda: b.seek(-1), lambda: b.seek(0, 9), lambda: b.truncate(-5), lambda: b.write("x"), lambda: b.write(5), lambda: b.read("x"), lambda: b.read(2.5),
            lambda: io.BytesIO("x"), lambda: io.BytesIO(5), lambda: b.fileno(), lambda: b.detach(), lambda: b.readinto(b"ro"), lambda: memoryview(b), lambda: bytes(b) == b.getvalue()]:
    print(attempt(bad))
b = io.BytesIO(b"line1\nline2\r\nline3\n\nlast")
print(list(b), b.seek(2), b.readline(), b.readline(3), b.readline(0), b.readlines(5), b.readlines())
b.seek(0); buf = bytearray(4); print(b.readinto(buf), buf, b.readinto1(buf), buf)
v = b.getbuffer(); print(v.nbytes, bytes(v[:5]), v.readonly)
v[0:4] = b"LINE"; print(b.getvalue()[:6])
print(attempt(lambda: b.write(b"x" * 100)), attempt(b.close), attempt(lambda: b.truncate(2)))
v.release(); print(b.seek(0), b.write(b"ok"), b.getvalue()[:4])
print(b.readable(), b.writable(), b.seekable(), b.isatty(), b.closed, b.flush())
b.close(); b.close()
for f in [b.read, b.getvalue, b.tell, b.getbuffer, lambda: b.write(b""), b.readable, b.flush, lambda: next(b), b.readlines, lambda: b.seek(0), b.__enter__, b.isatty]:
    print(attempt(f))
print(b.closed, repr(b)[:20])
class Sub(io.BytesIO):
    closed_by = None
    def close(self):
        Sub.closed_by = "close"; super().close()
    def __len__(self): return len(self.getvalue())
s = Sub(b"abc"); s.tag = 1
print(len(s), s.__dict__, isinstance(s, io.BufferedIOBase), issubclass(io.BytesIO, io.IOBase)); del s
print(Sub.closed_by)
with Sub(b"q") as s: print(s.read())
print(s.closed)
z = io.BytesIO(); z.writelines([b"a", b"b\n", bytearray(b"c")]); print(z.getvalue(), io.BytesIO(initial_bytes=b"kw").read(), io.BytesIO(None).read())
x = io.BytesIO(b"shared"); y = x.getbuffer(); print(y.tobytes(), y.tolist()[:3]); y.release()
import pickle
p = io.BytesIO(b"pickled"); p.read(3); q = pickle.loads(pickle.dumps(p)); print(q.read(), p.read())
