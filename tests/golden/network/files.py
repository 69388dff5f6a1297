"""makefile, sendfile, descriptors that outlive their sockets, finalisers."""
import gc
import io
import os
import socket
import tempfile
import warnings

a, b = socket.socketpair()
with a.makefile("w", encoding="utf-8", newline="\n") as w, b.makefile("r", encoding="utf-8") as r:
    for word in ("eins", "zwei", "drei ü"):
        print(word, file=w)
    w.flush()
    print([r.readline() for _ in range(3)])
raw = b.makefile("rb", buffering=0)
print(type(raw).__name__, raw.mode, raw.readable(), raw.writable(), raw.name == b.fileno())
a.sendall(b"raw data")
print(raw.read(3), raw.readinto(bytearray(10)))
b.close()
print(b._closed, b.fileno() >= 0)
a.sendall(b"the file keeps it open")
print(raw.read(100))
raw.close()
print(b.fileno())
try:
    raw.read()
except ValueError as e:
    print(e)
a.settimeout(0.01)
f = a.makefile("rwb")
try:
    a.makefile("z")
except ValueError as e:
    print(e)
print(type(f).__name__)
f.close()
a.close()

a, b = socket.socketpair()
a.settimeout(0.01)
f = a.makefile("rb")
for _ in range(2):
    try:
        f.read(1)
    except OSError as e:
        print(type(e).__name__, e)
a.close()
b.close()

a, b = socket.socketpair()
with tempfile.TemporaryFile() as t:
    t.write(b"0123456789" * 1000)
    t.flush()
    t.seek(0)
    print(a.sendfile(t, 5, 12), t.tell())
print(b.recv(100))
print(os.write(a.fileno(), b"by descriptor"), os.read(b.fileno(), 100))
fd = os.dup(a.fileno())
a.close()
os.write(fd, b"dup")
print(b.recv(10))
os.close(fd)
print(b.recv(10))
b.close()

a, b = socket.socketpair()
with warnings.catch_warnings(record=True) as got:
    warnings.simplefilter("always")
    a = None
    gc.collect()
print([(w.category.__name__, str(w.message).split(" fd=")[0]) for w in got])
print(b.recv(1))
b.close()
print(isinstance(socket.SocketIO(socket.socket(), "r"), io.RawIOBase))
