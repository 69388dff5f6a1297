"""UDP and local datagrams: whole messages, truncation, connected sockets, refusal."""
import socket
import time

a = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
b = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
a.bind(("127.0.0.1", 0))
print(b.getsockname())
for m in (b"one", b"", b"three" * 100):
    print(b.sendto(m, a.getsockname()))
print(b.getsockname()[0], b.getsockname()[1] > 0)
print(a.recvfrom(100)[0], a.recvfrom(100)[0], a.recvfrom(10)[0])
b.connect(a.getsockname())
b.send(b"connected")
data, where = a.recvfrom(100)
print(data, where == b.getsockname(), b.getpeername() == a.getsockname())
a.sendto(b"back", where)
print(b.recv(100))
c = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
c.sendto(b"stranger", b.getsockname())
b.settimeout(0.02)
try:
    print(b.recv(100))
except TimeoutError as e:
    print("strangers are not heard:", e)
print(b.sendmsg([b"in ", b"pieces"]), a.recvmsg(4)[0:3:2], socket.MSG_TRUNC)
for f, args in [(c.send, (b"x",)), (c.sendto, (b"x" * 70000, a.getsockname())), (c.getpeername, ()), (c.listen, ()), (c.sendto, (b"x", ("127.0.0.1",)))]:
    try:
        f(*args)
    except (OSError, TypeError) as e:
        print(f.__name__, e)
a.close()
b.send(b"nobody")
time.sleep(0.01)
try:
    b.send(b"is there")
    b.recv(1)
except ConnectionRefusedError as e:
    print(e)
b.close()
c.close()

x, y = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
x.send(b"first")
x.send(b"second")
print(y.recv(3), y.recv(100), repr(x.getpeername()))
y.setblocking(False)
try:
    y.recv(1)
except BlockingIOError as e:
    print(e)
x.setblocking(False)
n = 0
try:
    while True:
        x.send(b"m")
        n += 1
except BlockingIOError:
    print(n > 5)
x.close()
y.close()

six = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
six.bind(("::1", 0))
print(six.getsockname()[0], six.getsockname()[2:])
six.sendto(b"v6", six.getsockname())
print(six.recvfrom(10)[0])
six.close()
