import io, os, tempfile
d = tempfile.mkdtemp(); os.chdir(d)

def attempt(f):
    try:
        return f()
    except Exception as e:
        return f"{type(e).__name__}: {e}"

def wrap(data=b"", **kw): return io.TextIOWrapper(io.BytesIO(data), **kw)
for nl in [None, "", "\n", "\r", "\r\n"]:
    t = wrap(b"a\nb\r\nc\rd\r\n\r\n\re", newline=nl); print(repr(nl), t.readlines(), t.newlines)
    t = wrap(b"a\nb\r\nc\rd", newline=nl); print("   ", [t.read(1) for _ in range(9)], t.newlines)
    t = wrap(newline=nl); t.write("x\ny\r\nz"); t.flush(); print("   ", t.buffer.getvalue())
for nl in ["x", "\n\n", 5, b"\n"]: print(attempt(lambda: wrap(newline=nl)))
t = wrap("héllo wörld\n漢字\n".encode(), encoding="utf-8")
print(t.read(2), t.tell(), t.read(4), t.tell(), t.readline(), t.tell(), t.read(1), t.tell(), t.seek(1), t.read(3), t.seek(0), t.readline(4), t.read(), t.tell())
print(t.seek(0, 2), t.seek(0), t.seek(0, 1), attempt(lambda: t.seek(1, 1)), attempt(lambda: t.seek(-1, 2)), attempt(lambda: t.seek(-5)), attempt(lambda: t.seek(0, 5)))
t.seek(0); next(t); print(attempt(t.tell)); list(t); print(t.tell())
for enc in ["latin-1", "utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp1252", "ascii"]:
    t = wrap(encoding=enc); t.write("ab\n" if enc == "ascii" else "äb\n"); t.write("c"); t.flush(); data = t.buffer.getvalue(); print(enc, data, wrap(data, encoding=enc).read().__repr__(), t.encoding)
t = wrap("x\ny\n".encode("utf-16"), encoding="utf-16"); print(t.readline().__repr__(), t.tell(), t.readline().__repr__(), t.tell()); t.seek(6); print(t.readline().__repr__())
for errors in ["strict", "ignore", "replace", "backslashreplace", "surrogateescape"]:
    print(errors, attempt(lambda: ascii(wrap(b"a\xffb\xe4", encoding="utf-8", errors=errors).read())))
    t = wrap(encoding="ascii", errors=errors); print("   ", attempt(lambda: t.write("aéb\u6f22")), attempt(t.flush), t.buffer.getvalue())
print(attempt(lambda: wrap(encoding="nonsense")), attempt(lambda: wrap(encoding="hex")), attempt(lambda: wrap(encoding=5)), attempt(lambda: wrap(errors=5)), attempt(lambda: io.TextIOWrapper(5)), attempt(lambda: io.TextIOWrapper()))
t = wrap(b"abc"); print(attempt(lambda: t.write(b"x")), attempt(lambda: t.write(5)), attempt(lambda: t.read("x")), t.read(None), t.readable(), t.writable(), t.seekable(), t.isatty(), attempt(t.fileno), t.closed, t.line_buffering, t.write_through, t.errors, t.encoding)
t = wrap(line_buffering=True); t.write("no newline"); print(t.buffer.getvalue()); t.write(" yes\n"); print(t.buffer.getvalue()); t.write("cr\r"); print(t.buffer.getvalue())
t = wrap(write_through=True); t.write("now"); print(t.buffer.getvalue())
t = wrap(); t.write("x" * 9000); print(len(t.buffer.getvalue())); t.write("y" * 10); print(len(t.buffer.getvalue())); t._CHUNK_SIZE = 5; t.write("123456"); print(len(t.buffer.getvalue()), t._CHUNK_SIZE, attempt(lambda: setattr(t, "_CHUNK_SIZE", 0)))
t = wrap(b"a\r\nb"); t.reconfigure(newline=""); print(t.readline().__repr__(), attempt(lambda: t.reconfigure(encoding="latin-1")))
t = wrap(); t.write("é"); t.reconfigure(encoding="latin-1", errors="replace", line_buffering=True); t.write("é\u6f22\n"); print(t.buffer.getvalue(), t.encoding, t.errors, t.line_buffering); t.reconfigure(errors="strict"); print(t.encoding, t.errors); t.reconfigure(encoding="ascii"); print(t.errors)
t = wrap(b"hello"); t.read(1); b = t.detach(); print(b.tell(), attempt(t.read), attempt(t.detach), attempt(lambda: repr(t)), attempt(lambda: t.closed), attempt(t.flush), attempt(lambda: t.encoding))
t = wrap(b"x"); buf = t.buffer; t.close(); t.close(); print(buf.closed, t.closed, attempt(t.read), attempt(lambda: t.write("x")), attempt(t.flush), attempt(t.tell), attempt(lambda: next(t)), attempt(t.readline), attempt(t.__enter__), attempt(t.truncate), attempt(t.fileno))
print(repr(wrap()), repr(wrap(encoding="latin-1")))
with open("f.txt", "w+", encoding="utf-8", newline="\r\n") as f:
    print(f, f.mode, f.name, vars(f)); f.write("один\nдва\n"); print(f.tell()); f.seek(0); print(f.read().__repr__(), f.tell()); f.seek(5 * 2); print(f.read().__repr__())
    f.seek(0); print(f.read(3), f.truncate(), f.seek(0), f.read().__repr__())
f = open("f.txt", "w"); f.write("abc"); print(os.path.getsize("f.txt"), f.flush(), os.path.getsize("f.txt"), attempt(f.read), attempt(f.readline), attempt(lambda: next(f)), attempt(lambda: list(f))); f.close()
f = open("f.txt"); print(attempt(lambda: f.write("x")), f.read(1), f.read(5), f.read(5).__repr__()); f.close()
open("f.txt", "a").write("def"); print(open("f.txt").read()); f = open("f.txt", "a"); print(f.tell()); f.close()
f = open("f.txt", "r+"); print(f.read(2), f.write("XX"), f.seek(0), f.read()); f.close()
open("n.txt", "wb").write(b"1\r\n2\r3\n\r"); f = open("n.txt"); print(f.readline().__repr__(), f.tell(), f.readline().__repr__(), f.read().__repr__()); f.seek(3); print(f.read().__repr__()); f.seek(5); print(f.readline().__repr__())
class Up(io.TextIOWrapper):
    def write(self, s): return super().write(s.upper())
    def readline(self, *a): return super().readline(*a).strip()
u = Up(io.BytesIO(b"a\n b \n")); print(list(u), u.write("tail"), u.flush(), u.buffer.getvalue()); print("p", file=u, flush=True); print(u.buffer.getvalue())
d = io.IncrementalNewlineDecoder(None, True); print([d.decode(x) for x in ["a\r", "\nb", "\r", "c"]], d.newlines, d.decode("\r", True), d.getstate(), d.newlines); d.reset(); print(d.newlines, d.decode("x\r"), d.getstate(), d.setstate((b"", 0)), d.decode("y"))
import codecs; d = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder("utf-8")(), False); print([d.decode(bytes([c])) for c in "é\r\nz".encode()], d.getstate(), d.newlines)
