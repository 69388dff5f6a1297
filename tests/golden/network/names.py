"""Numbers, names, options, reprs, timeouts and the errors around them."""
import errno
import socket
import struct


def shown(f, *args, **kw):
    try:
        print(f.__name__, args, "->", f(*args, **kw))
    except (OSError, ValueError, TypeError, OverflowError) as e:
        print(f.__name__, args, type(e).__name__, e)


for text in ("127.0.0.1", "1.2.3", "0x7f.1", "010.0.0.1", "256.0.0.1", "1.2.3.4.5", "", "a"):
    shown(socket.inet_aton, text)
shown(socket.inet_ntoa, b"\x01\x02\x03\x04")
shown(socket.inet_ntoa, b"\x01")
for args in ((socket.AF_INET, "1.2.3.4"), (socket.AF_INET, "1.2.3"), (socket.AF_INET6, "::1"), (socket.AF_INET6, "1::2::3"), (99, "x")):
    shown(socket.inet_pton, *args)
shown(socket.inet_ntop, socket.AF_INET6, bytes(15) + b"\x01")
shown(socket.inet_ntop, socket.AF_INET, b"123")
for f in (socket.htons, socket.ntohs):
    shown(f, 258)
    shown(f, 70000)
    shown(f, -1)
for f in (socket.htonl, socket.ntohl):
    shown(f, 1)
    shown(f, 2**32)
    shown(f, -1)
shown(socket.getservbyname, "http")
shown(socket.getservbyname, "http", "tcp")
shown(socket.getservbyname, "no such")
shown(socket.getservbyport, 80)
shown(socket.getservbyport, 70000)
shown(socket.getprotobyname, "udp")
shown(socket.gethostbyname, "127.0.0.1")
shown(socket.gethostbyname, "localhost")
shown(socket.gethostbyname, "")
shown(socket.gethostbyname_ex, "127.0.0.1")
shown(socket.getaddrinfo, "127.0.0.1", "http")
shown(socket.getaddrinfo, "::1", 8080, type=socket.SOCK_DGRAM)
shown(socket.getaddrinfo, "127.0.0.1", None, proto=socket.IPPROTO_TCP)
shown(socket.getaddrinfo, None, 5, socket.AF_INET, socket.SOCK_STREAM, 0, socket.AI_PASSIVE)
shown(socket.getaddrinfo, None, None)
shown(socket.getaddrinfo, "localhost", 1, family=77)
shown(socket.getaddrinfo, "x y", 1, flags=socket.AI_NUMERICHOST)
shown(socket.getaddrinfo, 3, 1)
shown(socket.getnameinfo, ("127.0.0.1", 80), socket.NI_NUMERICHOST | socket.NI_NUMERICSERV)
shown(socket.getnameinfo, ("127.0.0.1", 80), socket.NI_NUMERICHOST)
print(socket.getfqdn("127.0.0.1") in ("localhost", "127.0.0.1") or "other", bool(socket.gethostname()), socket.has_ipv6)
print(issubclass(socket.gaierror, OSError), socket.timeout is TimeoutError, socket.error is OSError, socket.herror.__mro__[1].__name__)

s = socket.socket()
print(repr(s).replace(f"fd={s.fileno()}", "fd=N"))
s.bind(("127.0.0.1", 0))
print(f"laddr={s.getsockname()!r}" in repr(s), "raddr" in repr(s))
for name, value in (("SO_REUSEADDR", 1), ("SO_KEEPALIVE", 1), ("SO_BROADCAST", 5)):
    option = getattr(socket, name)
    print(name, s.getsockopt(socket.SOL_SOCKET, option), end=" ")
    s.setsockopt(socket.SOL_SOCKET, option, value)
    print(s.getsockopt(socket.SOL_SOCKET, option))
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
print(s.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY), s.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE))
s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 7))
print(struct.unpack("ii", s.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)))
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 10000)
print(s.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF))
shown(s.getsockopt, socket.SOL_SOCKET, 9999)
shown(s.getsockopt, 1, 2, 5000)
for timeout in (0, 1.5, None, -1, "x", float("nan")):
    shown(s.settimeout, timeout)
    print(s.gettimeout(), s.getblocking(), s.timeout)
with s as t:
    print(t is s)
print(s._closed, s.fileno())
shown(s.listen)
for args in ((99,), (socket.AF_INET, 77), (socket.AF_INET, socket.SOCK_STREAM, 17)):
    shown(socket.socket, *args)


class Mine(socket.socket):
    pass


with Mine() as m:
    print(type(m).__name__, m.type, m.family)
    for bad in (lambda: m.__getstate__(), lambda: socket.socket(1, 2, 3, 4, 5)):
        try:
            bad()
        except TypeError as e:
            print(e)
s = socket.socket(type=socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
print(s.gettimeout(), s.type)
s.close()
f = socket.create_server(("127.0.0.1", 0))
print(f.getsockname()[0], errno.errorcode[errno.ECONNREFUSED])
f.close()
