import os, tempfile, stat, errno
d = tempfile.mkdtemp(); os.chdir(d)

def attempt(f):
    try:
        return f()
    except Exception as e:
        return f"{type(e).__name__}: {e}"

os.makedirs("a/b/c"); print(attempt(lambda: os.makedirs("a/b")), os.makedirs("a/b", exist_ok=True), attempt(lambda: os.mkdir("a")), attempt(lambda: os.mkdir("x/y")), attempt(lambda: os.rmdir("a")), attempt(lambda: os.rmdir("zip")))
for n in ["one", "two", "a/three", "a/b/four"]: open(n, "w").write(n)
print(sorted(os.listdir()), sorted(os.listdir("a")), sorted(os.listdir(b"a")), attempt(lambda: os.listdir("one")), attempt(lambda: os.listdir("zip")))
for root, dirs, files in os.walk("."): dirs.sort(); print(root, dirs, sorted(files))
for root, dirs, files in os.walk(".", topdown=False): print(root, sorted(dirs), sorted(files))
errors = []; print(list(os.walk("zip", onerror=lambda e: errors.append(e.filename))), errors)
with os.scandir(".") as it:
    for e in sorted(it, key=lambda e: e.name): print(e, e.name, e.path, e.is_dir(), e.is_file(), e.is_symlink(), e.stat().st_size if e.is_file() else "-", e.inode() == os.stat(e.path).st_ino, os.fspath(e))
print([e.path for e in os.scandir("a/b") if e.is_file()], [e.name for e in os.scandir(b"a/b") if e.is_file()])
s = os.stat("one"); print(type(s).__name__, len(s), s[6] == s.st_size == 3, stat.S_ISREG(s.st_mode), s.st_nlink, s.st_uid == os.getuid(), s[stat.ST_MTIME] == int(s.st_mtime), s.st_mtime_ns // 10**9 == int(s.st_mtime), s.st_blksize > 0, hasattr(s, "st_blocks"), hasattr(s, "st_rdev"), s.st_dev == os.stat(".").st_dev)
print(attempt(lambda: os.stat("zip")), attempt(lambda: os.stat("")), attempt(lambda: os.stat("one/x")), attempt(lambda: os.stat(None)), attempt(lambda: os.lstat("q\0")))
os.utime("one", (1000000000, 1234567890.5)); s = os.stat("one"); print(s.st_atime, s.st_mtime, s.st_mtime_ns); os.utime("one", ns=(1, 2)); print(os.stat("one").st_mtime_ns, os.path.getmtime("one")); print(attempt(lambda: os.utime("one", (1,))), attempt(lambda: os.utime("one", (1, 2), ns=(1, 2))))
os.rename("one", "uno"); os.replace("two", "uno"); print(open("uno").read(), sorted(os.listdir()), attempt(lambda: os.rename("zip", "zap")), attempt(lambda: os.rename("uno", "a")))
os.symlink("uno", "ln"); os.link("uno", "hd"); print(os.readlink("ln"), os.path.islink("ln"), os.stat("hd").st_nlink, os.lstat("ln").st_size, attempt(lambda: os.readlink("uno")), attempt(lambda: os.symlink("q", "ln")), attempt(lambda: os.link("zip", "q")))
os.unlink("ln"); os.remove("hd"); print(attempt(lambda: os.remove("hd")), attempt(lambda: os.remove("a")) in ("IsADirectoryError: [Errno 21] Is a directory: 'a'", "PermissionError: [Errno 1] Operation not permitted: 'a'"))
os.chmod("uno", 0o400); print(oct(os.stat("uno").st_mode), os.access("uno", os.R_OK), os.access("uno", os.F_OK), os.access("zip", os.F_OK)); os.chmod("uno", 0o644)
fd = os.open("fd", os.O_RDWR | os.O_CREAT, 0o600); print(os.write(fd, b"0123456789"), os.lseek(fd, 2, os.SEEK_SET), os.read(fd, 3), os.lseek(fd, -2, os.SEEK_END), os.read(fd, 99), os.read(fd, 1), os.pread(fd, 2, 4), os.pwrite(fd, b"XX", 0), os.fstat(fd).st_size, os.ftruncate(fd, 4), os.fstat(fd).st_size, os.isatty(fd), os.get_inheritable(fd))
f2 = os.dup(fd); os.close(fd); print(os.lseek(f2, 0, 0), os.read(f2, 9), attempt(lambda: os.read(fd, 1)), attempt(lambda: os.close(fd)), attempt(lambda: os.write(fd, b"")), attempt(lambda: os.lseek(f2, -1, 0)), os.dup2(f2, 50), os.fstat(50).st_size); os.close(50)
with os.fdopen(f2, "rb") as f: print(f.read(), f.name == f2)
r, w = os.pipe(); print(os.write(w, b"piped"), os.read(r, 2), os.read(r, 99), os.close(w), os.read(r, 1)); os.close(r)
r, w = os.pipe()
with open(w, "w") as f, open(r) as g: f.write("through\nthe pipe"); f.close(); print(g.readlines(), attempt(g.tell), g.seekable())
print(attempt(lambda: os.open("zip", os.O_RDONLY)), attempt(lambda: os.open("fd", os.O_CREAT | os.O_EXCL)), os.truncate("fd", 1), os.path.getsize("fd"))
os.environ["IMP_X"] = "1"; print(os.environ["IMP_X"], os.getenv("IMP_X"), os.getenv("IMP_Y", "dflt"), "IMP_X" in os.environ, os.environ.pop("IMP_X"), os.getenv("IMP_X"), attempt(lambda: os.environ["IMP_X"]), attempt(lambda: os.environ.__setitem__("a", 5)), os.environb.get(b"IMP_X"))
os.putenv("IMP_Z", "2"); os.unsetenv("IMP_Z"); print(attempt(lambda: os.putenv("a=b", "x")), attempt(lambda: os.putenv("a", "x\0")))
old = os.umask(0o077); open("masked", "w").close(); print(oct(os.stat("masked").st_mode & 0o777), oct(os.umask(old)))
os.chdir("a"); print(os.path.basename(os.getcwd()), os.path.basename(os.getcwdb()), sorted(os.listdir("."))); os.chdir(".."); print(attempt(lambda: os.chdir("uno")), attempt(lambda: os.chdir("zip")))
print(os.strerror(2), os.sep, os.linesep.__repr__(), os.curdir, os.devnull, os.name, os.extsep, os.pathsep, os.getpid() > 0, len(os.urandom(5)), os.cpu_count() >= 1, errno.errorcode[2])
u = os.uname(); print(len(u), u.sysname, u[0] == u.sysname, bool(u.machine), type(u).__name__, len(os.getloadavg()), all(x >= 0 for x in os.getloadavg()), len(os.times()))
print(open(os.devnull).read().__repr__(), open(os.devnull, "w").write("gone"))
os.removedirs("a/b/c") if not os.listdir("a/b/c") else None; print(os.path.exists("a/b/c"), os.path.exists("a/b"))
try: open("zip/x")
except OSError as e: print(e.errno, e.strerror, e.filename, e.filename2, e.args)
try: os.rename("zip", "zap")
except OSError as e: print(e.errno, e.filename, e.filename2, e)
