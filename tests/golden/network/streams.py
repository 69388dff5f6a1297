"""TCP between threads of one process: order, half-close, partial sends, peeking, refusal, reset."""
import errno
import socket
import struct
import threading


def connected():
    with socket.create_server(("127.0.0.1", 0)) as s:
        c = socket.create_connection(s.getsockname())
        a, peer = s.accept()
        assert peer == c.getsockname() and a.getsockname() == c.getpeername()
        return c, a


def shown(f, *args):
    try:
        r = f(*args)
        print(f.__name__, "->", r)
    except OSError as e:
        print(f.__name__, type(e).__name__, e)
    except (ValueError, TypeError, OverflowError) as e:
        print(f.__name__, type(e).__name__, e)


a, b = connected()
data = bytes(range(256)) * 4000
t = threading.Thread(target=lambda: (a.sendall(data), a.shutdown(socket.SHUT_WR)))
t.start()
got = bytearray()
while piece := b.recv(9999):
    got += piece
t.join()
print(len(got), got == data, b.recv(5))
b.sendall(b"after the half-close")
print(a.recv(100))
b.close()
print(a.recv(100), a.recv(100))
a.close()
shown(a.recv, 1)
shown(a.getsockname)
print(a.fileno(), a)

a, b = connected()
b.send(b"abcdef")
print(a.recv(3, socket.MSG_PEEK), a.recv(2), a.recv(10))
b.sendall(b"0123456789")
buf = bytearray(4)
print(a.recv_into(buf), buf, a.recv_into(buf, 2), buf, a.recvfrom_into(memoryview(buf)[1:3]), buf)
shown(a.recv_into, buf, 5)
shown(a.recv, -1)
print(a.recvfrom(1), a.recv(10, socket.MSG_WAITALL) if b.send(b"xxxxxxxxx") else 0)
a.setblocking(False)
shown(a.recv, 1)
shown(a.send, b"")
n = 0
try:
    while True:
        n += a.send(b"z" * 65536)
except BlockingIOError as e:
    print("full", e.errno == errno.EAGAIN, n > 65536)
a.settimeout(0.02)
try:
    a.sendall(b"z" * (1 << 24))
except TimeoutError as e:
    print("sendall", e, e.errno)
shown(a.recv, 1)
left = 0
b.settimeout(0.3)
try:
    while True:
        left += len(b.recv(1 << 20))
except TimeoutError:
    print("all read", left >= n)
# a close with unread data resets
a.sendall(b"unread")
b.sendall(b"unread too")
b.close()
import time
time.sleep(0.01)
shown(a.recv, 100)
shown(a.recv, 100)
shown(a.send, b"x")
a.close()

a, b = connected()
b.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
b.close()
time.sleep(0.01)
shown(a.recv, 1)
shown(a.recv, 1)
shown(a.sendall, b"x")
a.close()

with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    where = s.getsockname()
c = socket.socket()
shown(c.connect, where)
print(c.connect_ex(where) == errno.ECONNREFUSED)
c.setblocking(False)
print(c.connect_ex(where) == errno.EINPROGRESS, c.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.ECONNREFUSED)
c.close()
c = socket.socket()
shown(c.recv, 1)
shown(c.getpeername)
shown(c.accept)
shown(c.connect, ("127.0.0.1",))
shown(c.connect, "127.0.0.1")
shown(c.connect, ("127.0.0.1", 70000))
shown(c.connect, ("127.0.0.1", -1))
shown(c.bind, ("127.0.0.1", "80"))
shown(c.shutdown, socket.SHUT_WR)
c.close()
