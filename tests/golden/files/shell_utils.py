import os, shutil, tempfile, glob, fnmatch, fileinput, sys, io, contextlib, linecache, filecmp
d = tempfile.mkdtemp(); os.chdir(d)

def attempt(f):
    try:
        return f()
    except Exception as e:
        return f"{type(e).__name__}: {str(e).replace(d, '<d>')}"
def tree(p="."): return sorted(os.path.join(r, f)[len(p):] for r, ds, fs in os.walk(p) for f in fs + [x + "/" for x in ds])

os.makedirs("src/pkg/empty"); open("src/a.txt", "w").write("A" * 100); open("src/pkg/b.py", "w").write("print(1)\n"); open("src/pkg/.c", "w").close(); os.chmod("src/a.txt", 0o640)
print(shutil.copy("src/a.txt", "a2.txt"), shutil.copyfile("src/a.txt", "a3.txt"), shutil.copy2("src/a.txt", "src/pkg"), oct(os.stat("a2.txt").st_mode & 0o777), oct(os.stat("a3.txt").st_mode & 0o777) == oct(0o666 & ~0o022), os.stat("src/pkg/a.txt").st_mtime == os.stat("src/a.txt").st_mtime)
print(attempt(lambda: shutil.copyfile("a2.txt", "a2.txt")), attempt(lambda: shutil.copy("zip", "q")), attempt(lambda: shutil.copyfile("src", "q")), attempt(lambda: shutil.rmtree("zip")), shutil.rmtree("zip", ignore_errors=True))
print(shutil.copytree("src", "dst"), tree("dst"), attempt(lambda: shutil.copytree("src", "dst")), shutil.copytree("src", "dst", dirs_exist_ok=True), shutil.copytree("src", "only", ignore=shutil.ignore_patterns("*.py", ".c")), tree("only"))
print(shutil.move("dst", "moved"), os.path.exists("dst"), shutil.move("a2.txt", "moved"), tree("moved"), attempt(lambda: shutil.move("a3.txt", "moved/a2.txt")), attempt(lambda: shutil.move("zip", "zap")))
shutil.rmtree("moved"); print(os.path.exists("moved"), shutil.which("no-such-program-here"), shutil.disk_usage(".").total > 0 if hasattr(os, "statvfs") else True)
a, b = io.StringIO("streamed"), io.StringIO(); shutil.copyfileobj(a, b); print(b.getvalue()); print(shutil.get_terminal_size((99, 9)).columns > 0)
for n in ["x1.txt", "x2.txt", "y1.txt", "[z].txt", ".dot"]: open(n, "w").write(n + "\nsecond of " + n + "\n")
print(sorted(glob.glob("*.txt")), sorted(glob.glob("x?.txt")), sorted(glob.glob("[xy]1*")), sorted(glob.glob("**/*.py", recursive=True)), sorted(glob.glob("src/**", recursive=True)), glob.glob("nope*"), sorted(glob.iglob(".*")), glob.glob(glob.escape("[z].txt")), sorted(glob.glob("*.txt", root_dir="src")), glob.has_magic("a*"))
print(fnmatch.filter(["a.py", "b.txt", "C.PY"], "*.py"), fnmatch.fnmatch("x[1]", "x[[]1]"), fnmatch.fnmatchcase("A", "a"))
with fileinput.input(["x1.txt", "x2.txt"]) as f:
    for line in f: print(f.filename(), f.lineno(), f.filelineno(), f.isfirstline(), line.rstrip())
with fileinput.input("x1.txt", inplace=True) as f:
    for line in f: print(line.upper(), end="")
print(open("x1.txt").read())
with fileinput.FileInput("x2.txt", inplace=True, backup=".bak") as f:
    for line in f: sys.stdout.write("> " + line)
print(open("x2.txt").read(), open("x2.txt.bak").read() == "x2.txt\nsecond of x2.txt\n"); print(attempt(lambda: list(fileinput.input("zip")))); fileinput.close()
print(linecache.getline("x2.txt", 2).__repr__(), linecache.getline("zip", 1).__repr__(), filecmp.cmp("x1.txt", "x1.txt"), filecmp.cmp("x1.txt", "x2.txt", shallow=False), filecmp.dircmp("src", "only").left_only)
with tempfile.TemporaryDirectory() as t: open(os.path.join(t, "f"), "w").close(); print(os.listdir(t), os.path.isdir(t))
print(os.path.exists(t))
with tempfile.NamedTemporaryFile("w+", suffix=".tmp", prefix="pre", delete=True) as t: t.write("temp"); t.flush(); print(os.path.basename(t.name)[:3], t.name[-4:], open(t.name).read(), t.seek(0), t.read(), t.mode, t.closed)
print(os.path.exists(t.name), t.closed)
with tempfile.TemporaryFile() as t: print(t.write(b"bytes"), t.seek(0), t.read())
fd, name = tempfile.mkstemp(text=True); os.write(fd, b"x"); os.close(fd); print(open(name).read(), oct(os.stat(name).st_mode & 0o777)); os.unlink(name)
s = tempfile.SpooledTemporaryFile(max_size=10, mode="w+"); s.write("short"); print(s._rolled, s.write("much longer text"), s._rolled, s.seek(0), s.read()); s.close()
with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out): print("captured"); print("err", file=sys.stderr)
print(repr(out.getvalue()), tempfile.gettempdir() != "", tempfile.gettempprefix())
with contextlib.chdir("src"): print(sorted(os.listdir()))
with contextlib.closing(open("x1.txt")) as f: print(f.readline().strip())
print(f.closed, shutil.make_archive.__name__, shutil.SameFileError.__mro__[1].__name__)
