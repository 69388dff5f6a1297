import os, pathlib, tempfile, stat
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
d = Path(tempfile.mkdtemp()); os.chdir(d)

def attempt(f):
    try:
        return f()
    except Exception as e:
        return f"{type(e).__name__}: {str(e).replace(str(d), '<d>')}"

p = PurePosixPath("/usr/lib/python3.12/site.tar.gz")
print(p.name, p.stem, p.suffix, p.suffixes, p.parent, list(p.parents), p.parts, p.root, p.anchor, p.drive, p.is_absolute(), p.as_posix(), p.as_uri(), repr(p), hash(p) == hash(PurePosixPath(str(p))))
print(p.with_name("x.py"), p.with_suffix(".zip"), p.with_stem("a"), p / "sub" / "f", "/etc" / PurePosixPath("q"), p.relative_to("/usr"), p.is_relative_to("/usr"), p.match("*.gz"), p.match("lib/*/*.gz"), p.joinpath("a", "b"))
print(attempt(lambda: p.relative_to("/opt")), attempt(lambda: p.with_name("a/b")), attempt(lambda: p.with_suffix("zip")), attempt(lambda: PurePosixPath("a").as_uri()), attempt(lambda: PurePosixPath(5)))
print(PurePosixPath("a//b/./c/../d"), PurePosixPath(""), PurePosixPath("."), PurePosixPath("/") / "..", PurePosixPath("a") < PurePosixPath("b"), PurePosixPath("A") == PurePosixPath("a"), sorted([PurePosixPath(x) for x in ("b", "a/c", "a", "B")]))
print(PureWindowsPath("C:\\Users\\x.txt").parts, PureWindowsPath("c:/a").as_posix(), PureWindowsPath("C:a") / "b", PureWindowsPath("A") == PureWindowsPath("a"), PureWindowsPath("//srv/share/f").drive)
(Path("dir") / "sub").mkdir(parents=True); Path("dir/sub/deep").mkdir()
print(attempt(lambda: Path("dir").mkdir()), Path("dir").mkdir(exist_ok=True), attempt(lambda: Path("no/such").mkdir()), attempt(lambda: Path("dir").rmdir()))
f = Path("dir/file.txt"); print(f.write_text("hello\nwörld\n"), f.read_text(), f.read_bytes(), f.write_bytes(b"\x00\x01"), f.stat().st_size, f.exists(), f.is_file(), f.is_dir(), f.is_symlink(), Path("nope").exists())
print(f.write_text("a\nb", newline="\r\n"), f.read_bytes(), attempt(lambda: f.write_text(b"x")), attempt(lambda: f.write_bytes("x")), attempt(lambda: Path("nope").read_text()))
with f.open("a") as g: g.write("more")
print(f.read_text(), f.rename("dir/renamed.txt"), f.exists(), Path("dir/renamed.txt").replace("dir/r2.txt"), attempt(lambda: f.unlink()), f.unlink(missing_ok=True))
Path("dir/sub/a.py").touch(); Path("dir/sub/b.py").touch(); Path("dir/sub/deep/c.py").touch(); Path("dir/.hidden").touch(); Path("dir/sub/a.py").touch(exist_ok=True)
print(sorted(map(str, Path("dir").iterdir())), sorted(map(str, Path("dir").glob("*"))), sorted(map(str, Path("dir").glob("**/*.py"))), sorted(map(str, Path(".").rglob("*.py"))), sorted(map(str, Path(".").glob("dir/*/"))), list(Path(".").glob("zip*")))
print(attempt(lambda: list(Path("dir").glob(""))), attempt(lambda: Path("dir/sub/a.py").touch(exist_ok=False)), attempt(lambda: list(Path("nope").iterdir())))
os.symlink("r2.txt", "dir/link"); l = Path("dir/link"); print(l.is_symlink(), l.is_file(), l.readlink(), l.read_text(), l.resolve().name, os.path.realpath("dir/link") == str(l.resolve()), l.lstat().st_mode != l.stat().st_mode, l.samefile("dir/r2.txt"))
Path("dir/bad").symlink_to("nowhere"); print(Path("dir/bad").exists(), Path("dir/bad").is_symlink(), os.path.lexists("dir/bad"))
print(Path.cwd() == d.resolve(), Path("x").absolute() == d.resolve() / "x", Path("dir/../dir/./sub").resolve() == (d / "dir/sub").resolve(), Path("dir").joinpath("..", "q").resolve().name)
Path("dir/r2.txt").chmod(0o640); print(oct(Path("dir/r2.txt").stat().st_mode), stat.filemode(Path("dir/r2.txt").stat().st_mode), stat.filemode(Path("dir").stat().st_mode)[0], stat.filemode(l.lstat().st_mode))
for root, dirs, files in Path("dir").walk():
    dirs.sort(); print(root, dirs, sorted(files))
Path("dir/hard").hardlink_to("dir/r2.txt"); print(Path("dir/hard").stat().st_nlink, Path("dir/hard").samefile("dir/r2.txt"))
print(os.path.join("a", "b", "/c", "d"), os.path.split("/a/b/c"), os.path.splitext("a.b.c"), os.path.basename("/x/y/"), os.path.dirname("/x/y/"), os.path.normpath("a/./b/../../c//d"), os.path.commonpath(["/a/b", "/a/c"]), os.path.commonprefix(["abc", "abd"]), os.path.relpath("/a/b", "/a/c"), os.path.isabs("a"), os.path.expandvars("$NOPE/x"), os.path.splitdrive("/a"), os.path.splitroot("//a/b"))
print(os.path.exists("dir"), os.path.isdir("dir"), os.path.isfile("dir"), os.path.islink("dir/link"), os.path.getsize("dir/r2.txt"), os.path.ismount("/"), os.path.samefile("dir", "./dir"), os.fspath(Path("q")), os.fsencode("é"), os.fsdecode(b"\xff") == "\udcff")
