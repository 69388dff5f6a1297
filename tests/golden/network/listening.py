"""Backlog, addresses in use, accept with timeouts, many clients at a small backlog."""
import errno
import socket
import threading
import time

s = socket.socket()
s.bind(("127.0.0.1", 0))
port = s.getsockname()[1]
t = socket.socket()
try:
    t.bind(("127.0.0.1", port))
    t.listen()
except OSError as e:
    print(e)
t.close()
print(s.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
s.listen(5)
print(s.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
s.settimeout(0.01)
try:
    s.accept()
except TimeoutError as e:
    print(repr(e), e.errno)
s.setblocking(False)
try:
    s.accept()
except BlockingIOError as e:
    print(e.errno == errno.EAGAIN)
s.settimeout(None)

answers = []


def client(i):
    with socket.create_connection(("127.0.0.1", port)) as c:
        c.sendall(b"%d\n" % i)
        answers.append(int(c.makefile().readline()))


threads = [threading.Thread(target=client, args=(i,)) for i in range(30)]
for x in threads:
    x.start()
for _ in range(30):
    c, _ = s.accept()
    with c:
        n = int(c.makefile().readline())
        c.sendall(b"%d\n" % (n * n))
for x in threads:
    x.join()
print(sorted(answers) == [i * i for i in range(30)])

# not accepted before the end: reset
c = socket.create_connection(("127.0.0.1", port))
s.close()
time.sleep(0.01)
try:
    print(c.recv(1))
except ConnectionResetError as e:
    print(e)
c.close()
try:
    socket.create_connection(("127.0.0.1", port), timeout=1)
except ConnectionRefusedError as e:
    print(e)

# a timeout is inherited by nobody; the default by everybody
socket.setdefaulttimeout(2.5)
with socket.create_server(("127.0.0.1", 0)) as s:
    with socket.create_connection(s.getsockname()) as c:
        a, _ = s.accept()
        print(s.gettimeout(), c.gettimeout(), a.gettimeout())
        a.close()
socket.setdefaulttimeout(None)
print(socket.getdefaulttimeout())
with socket.create_server(("127.0.0.1", 0), backlog=0) as s:
    print(s.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR), s.family.name)
    try:
        s.connect(("127.0.0.1", 1))
    except OSError as e:
        print(e)
try:
    socket.create_server(("203.0.113.7", 0))
except OSError as e:
    print(e.errno == errno.EADDRNOTAVAIL)
