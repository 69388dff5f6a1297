"""Sockets and servers of gevent over loopback: echoes, timeouts, select, closing while somebody waits."""
import gevent
from gevent import select, socket
from gevent.pool import Pool
from gevent.server import DatagramServer, StreamServer


def show(f):
    try:
        print("->", repr(f()))
    except BaseException as e:
        print(type(e).__name__, e.args[-1] if e.args else "")


def echo(conn, address):
    with conn.makefile("rwb") as f:
        for line in f:
            f.write(line.upper())
            f.flush()


server = StreamServer(("127.0.0.1", 0), echo)
server.start()
print(server.started, server.closed, server.server_host, server.server_port > 0)
where = server.address


def client(n):
    with socket.create_connection(where) as s:
        got = []
        for i in range(3):
            s.sendall(b"%d-%d\n" % (n, i))
            got.append(s.recv(100))
            gevent.sleep(0.001)
        return b"".join(got)


clients = [gevent.spawn(client, n) for n in range(30)]
gevent.joinall(clients)
print(clients[7].value, sum(len(c.value) for c in clients))

# a big message needs many sends
s = socket.create_connection(where)
big = b"x" * 300_000 + b"\n"
sender = gevent.spawn(s.sendall, big)
got = b""
while len(got) < len(big):
    got += s.recv(65536)
print(got == big.upper(), sender.get())
s.settimeout(0.01)
show(lambda: s.recv(1))
s.settimeout(0)
show(lambda: type(s.gettimeout()))
try:
    s.recv(1)
except BlockingIOError as e:
    print("BlockingIOError")
s.settimeout(None)
s.sendall(b"again\n")
print(s.recv(10), s.gettimeout())

# select, and closing while somebody waits
print(select.select([s], [], [], 0.001), [len(x) for x in select.select([s], [s], [], 1)])
s.sendall(b"ready\n")
print([len(x) for x in select.select([s], [], [], 1)], s.recv(10))
waiting = gevent.spawn(s.recv, 1)
waiting.link_exception(lambda g: None)
gevent.sleep(0.001)
gevent.get_hub().exception_stream = None
s.close()
waiting.join()
print(type(waiting.exception).__name__)
gevent.get_hub().exception_stream = __import__("sys").stderr
server.stop()
print(server.started, server.closed)
show(lambda: socket.create_connection(where))

# pairs
a, b = socket.socketpair()
g = gevent.spawn(lambda: [b.recv(10), b.sendall(b"pong")])
a.sendall(b"ping")
print(a.recv(10), g.get()[0])
a.close()
print(b.recv(10))
b.close()

# a pool bounds how many are served at once
now = most = 0


def slow(conn, address):
    global now, most
    now += 1
    most = max(most, now)
    gevent.sleep(0.005)
    conn.sendall(b"done")
    now -= 1


server = StreamServer(("127.0.0.1", 0), slow, spawn=Pool(2))
server.start()
cs = [gevent.spawn(lambda: socket.create_connection(server.address).recv(10)) for _ in range(6)]
gevent.joinall(cs)
print([c.value for c in cs], most)
server.stop()

# datagrams
class Reply(DatagramServer):
    def handle(self, data, address):
        self.sendto(data[::-1], address)


server = Reply(("127.0.0.1", 0))
server.start()
u = socket.socket(type=socket.SOCK_DGRAM)
u.connect(server.address)
u.send(b"abc")
print(u.recv(10))
u.close()
server.stop()
for address in ("127.0.0.1:8000", ":80", 99, ("::1", 5)):
    from gevent.baseserver import parse_address

    print(parse_address(address)[1])
