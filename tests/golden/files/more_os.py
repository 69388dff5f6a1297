import os, tempfile, stat, glob, io, sys
os.chdir(tempfile.mkdtemp()); here = os.getcwd()

def attempt(f):
    try:
        return f()
    except Exception as e:
        return f"{type(e).__name__}: {str(e).replace(here, '<d>')}"

# deep trees, odd names, bytes and text
for n in ["sp ace", "ünïcode", "漢字", "new\nline", "-dash", "a;b", "ends.", "..dots", "UPPER", "q'uote"]: os.makedirs(os.path.join("odd", n)); open(os.path.join("odd", n, "f"), "w").write(n)
for n in sorted(os.listdir("odd")): print(ascii(n), open(f"odd/{n}/f").read() == n)
raw = b"odd/\xff\xfe.bin"; open(raw, "wb").close(); print([ascii(n) for n in os.listdir("odd") if "\udcff" in n], [n for n in os.listdir(b"odd") if b"\xff" in n], os.path.exists(os.fsdecode(raw))); os.remove(raw)
print(len(list(os.walk("odd"))), sum(len(f) for _, _, f in os.walk(b"odd")), sorted(type(r).__name__ for r, _, _ in os.walk(b"odd"))[0])
os.makedirs("x/y/z"); os.symlink("../..", "x/y/up"); os.symlink("x", "xl")
for r, d, f in os.walk("x"): d.sort(); print(r, d, f)
print(sorted(r for r, d, f in os.walk("xl"))[:2], len(list(os.walk("x", followlinks=False))))
for r, d, f in os.walk("x"):
    d[:] = [n for n in d if n != "z"]; print(r, sorted(d))
os.rename("x/y/z", "moved"); print(os.listdir("x/y"), os.path.isdir("moved")); os.renames("moved", "p/q/r"); print(os.path.isdir("p/q/r"), os.path.exists("moved")); os.removedirs("p/q/r"); print(os.path.exists("p"))
print(attempt(lambda: os.makedirs("xl/../odd/f1/f2")), os.path.realpath("xl/y/up") == here, os.path.realpath("x/../x/./y") == here + "/x/y", os.path.abspath("x//y/..") == here + "/x")
os.symlink("loop", "loop"); print(attempt(lambda: open("loop")), os.path.exists("loop"), os.path.lexists("loop"), os.path.realpath("loop") == here + "/loop", attempt(lambda: os.stat("loop")))
print(attempt(lambda: os.rename("odd", "odd/inside")), attempt(lambda: os.rmdir("odd")), attempt(lambda: open("x", "w")), attempt(lambda: os.mkdir("odd")), attempt(lambda: os.listdir("odd/UPPER/f")), attempt(lambda: os.unlink("odd/none")))
name = "n" * 300; print(attempt(lambda: open(name, "w"))[:45]); print(attempt(lambda: os.mkdir("a\0b")), attempt(lambda: os.listdir(5.5)), attempt(lambda: os.mkdir(None)))
for f, args in [(os.mkdir, ("m",)), (os.unlink, ("m",)), (os.stat, ("m",)), (os.rename, ("m", "k"))]:
    kw = {"src_dir_fd": None} if f is os.rename else {"dir_fd": None}
    print(f.__name__, attempt(lambda: type(f(*args, **kw)).__name__))
os.mkdir("modes", 0o750); print(oct(os.stat("modes").st_mode)); os.chmod("modes", stat.S_IRWXU); print(stat.filemode(os.stat("modes").st_mode), stat.S_IMODE(os.stat("modes").st_mode) == 0o700, stat.S_ISDIR(os.stat("modes").st_mode))
fd = os.open("fd", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o644); os.write(fd, b"one"); os.lseek(fd, 0, 0); os.write(fd, b"two"); os.close(fd); print(open("fd").read(), attempt(lambda: os.read(os.open("fd", os.O_WRONLY), 1)))
fd = os.open("fd", os.O_RDWR | os.O_TRUNC); print(os.fstat(fd).st_size, os.write(fd, memoryview(b"view")[1:]), os.lseek(fd, 10, os.SEEK_SET), os.write(fd, b"!"), os.pread(fd, 20, 0), os.fsync(fd)); os.close(fd)
s1, s2 = os.stat("fd"), os.stat("fd"); print(s1 == s2, s1[0] == s1.st_mode, s1.st_size, tuple(s1)[6], s1.st_mtime == s1.st_mtime_ns / 1e9 or abs(s1.st_mtime - s1.st_mtime_ns / 1e9) < 1e-6, "st_mode=" in repr(s1), len(s1), os.stat_result(range(10)).st_gid)
u = os.uname(); print(u.nodename == u[1], len(u.release) > 0, repr(u).startswith("posix.uname_result(sysname="), os.times().elapsed >= 0, os.get_terminal_size.__name__, attempt(lambda: os.get_terminal_size(99)))
print(os.path.expanduser("x"), os.path.expandvars("${IMP_NOT}$$x"), os.get_exec_path({"PATH": "/a:/b"}), os.fspath("p"), attempt(lambda: os.fspath(5)), os.path.join(b"a", b"b"), attempt(lambda: os.path.join("a", b"b")), attempt(lambda: os.path.exists(None)), os.path.normcase("A"))
print(sorted(os.environ) == sorted(os.environ.keys()), attempt(lambda: os.environ["="]), attempt(lambda: os.environ.__setitem__("a=b", "c")), dict(os.environ) == os.environ.copy(), os.environ.setdefault("IMP_D", "d"), os.environ | {"IMP_E": "e"} != os.environ, os.environ.pop("IMP_D"))
