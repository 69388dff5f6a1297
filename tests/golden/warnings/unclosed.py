import os, tempfile, warnings, io

def caught(make):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        make()
    print([(w.category.__name__, str(w.message).replace(repr(path), "PATH").replace(path, "PATH"), type(w.source).__name__) for w in seen])

path = os.path.join(tempfile.mkdtemp(), "x")

def write():
    f = open(path, "w", encoding="utf-8")
    f.write("kept")

def closed():
    with open(path, "rb") as f:
        f.read()
    open(path, encoding="utf-8").close()

def borrowed():
    fd = os.open(path, os.O_RDONLY)
    f = open(fd, "rb", closefd=False)
    del f
    os.close(fd)

caught(write)
caught(lambda: open(path, encoding="utf-8").read())
caught(lambda: open(path, "rb").read())
caught(lambda: open(path, "rb", buffering=0).read())
caught(lambda: io.BytesIO(b"x"))
caught(lambda: io.TextIOWrapper(io.BytesIO(b"x")))
caught(closed)
caught(borrowed)
with open(path, encoding="utf-8") as f:
    print(f.read())
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    open(path, encoding="utf-8")
print("end")
