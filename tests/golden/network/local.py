"""Local sockets: pairs, paths, the abstract space."""
import os
import socket
import tempfile
import threading

a, b = socket.socketpair()
print(a.family.name, a.type.name, a.proto, repr(a.getsockname()), repr(b.getpeername()))
a.sendall(b"hello")
b.shutdown(socket.SHUT_WR)
print(b.recv(100), a.recv(10))
dup = b.dup()
b.close()
a.send(b"still open")
print(dup.recv(100), dup.fileno() >= 0)
dup.close()
try:
    a.send(b"x")
except BrokenPipeError as e:
    print(e)
print(a.recv(5))
fd = a.detach()
print(a.fileno(), a)
again = socket.socket(fileno=fd)
print(again.family.name, again.type.name, again.fileno() == fd)
again.close()
try:
    socket.socket(fileno=fd)
except OSError as e:
    print(e)
try:
    socket.socket(fileno=-3)
except ValueError as e:
    print(e)
r, w = os.pipe()
try:
    socket.socket(fileno=r)
except OSError as e:
    print(e)

with tempfile.TemporaryDirectory() as d:
    path = os.path.join(d, "s")
    s = socket.socket(socket.AF_UNIX)
    s.bind(path)
    c = socket.socket(socket.AF_UNIX)
    try:
        c.connect(path)
    except ConnectionRefusedError as e:
        print(e)
    s.listen(1)
    c.connect(path)
    k, where = s.accept()
    print(repr(where), c.getpeername() == path, repr(c.getsockname()), os.path.exists(path))
    k.sendall(b"local")
    print(c.recv(100))
    try:
        socket.socket(socket.AF_UNIX).bind(path)
    except OSError as e:
        print(e)
    for x in (s, c, k):
        x.close()
    os.unlink(path)
    try:
        socket.socket(socket.AF_UNIX).bind(path * 20)
    except OSError as e:
        print(e)

s = socket.socket(socket.AF_UNIX)
s.bind("\0gilbert-test")
s.listen()
print(s.getsockname())


def serve():
    k, _ = s.accept()
    with k, k.makefile("rw") as f:
        for line in f:
            print(line[::-1].strip(), file=f, flush=True)


t = threading.Thread(target=serve)
t.start()
with socket.socket(socket.AF_UNIX) as c:
    c.connect(b"\0gilbert-test")
    with c.makefile("rw") as f:
        print("palindrome", file=f, flush=True)
        print(f.readline().strip())
t.join()
s.close()
