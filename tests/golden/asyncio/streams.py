"""Stream servers and clients, protocols, datagrams, local sockets, half-close."""
import asyncio
import os
import socket
import tempfile


async def handle(reader, writer):
    try:
        while True:
            line = await reader.readuntil(b"\n")
            if line == b"size\n":
                n = int(await reader.readline())
                data = await reader.readexactly(n)
                writer.write(b"%d %d\n" % (len(data), sum(data) % 251))
            else:
                writer.write(line.strip()[::-1] + b"\n")
            await writer.drain()
    except asyncio.IncompleteReadError as e:
        if e.partial:
            writer.write(b"rest " + e.partial)
    writer.close()
    await writer.wait_closed()


async def client(port, i):
    r, w = await asyncio.open_connection("127.0.0.1", port)
    w.writelines([b"hello %d\n" % i, b"size\n", b"%d\n" % (i * 10000)])
    w.write(bytes(range(250)) * (i * 40))
    w.write(b"tail")
    w.write_eof()
    lines = (await r.read()).splitlines()
    w.close()
    await w.wait_closed()
    return lines


class Echo(asyncio.Protocol):
    def __init__(self, log):
        self.log = log

    def connection_made(self, transport):
        self.transport = transport
        self.log.append("made")

    def data_received(self, data):
        self.log.append(data)
        self.transport.write(data.upper())

    def eof_received(self):
        self.log.append("eof")

    def connection_lost(self, exc):
        self.log.append(("lost", exc))


class Datagrams(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        self.transport.sendto(data * 2, addr)


class Asker(asyncio.DatagramProtocol):
    def __init__(self, answer):
        self.answer = answer

    def connection_made(self, transport):
        transport.sendto(b"ping")

    def datagram_received(self, data, addr):
        self.answer.set_result(data)


async def main():
    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    print(server.is_serving())
    for lines in await asyncio.gather(*(client(port, i) for i in range(4))):
        print(lines)
    server.close()
    await server.wait_closed()
    print(server.is_serving())
    try:
        await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError as e:
        print(e.errno)

    loop = asyncio.get_running_loop()
    log = []
    server = await loop.create_server(lambda: Echo(log), "127.0.0.1", 0)
    r, w = await asyncio.open_connection(*server.sockets[0].getsockname())
    w.write(b"abc")
    print(await r.read(10))
    w.close()
    await w.wait_closed()
    await asyncio.sleep(0.01)
    print(log)
    server.close()

    t, p = await loop.create_datagram_endpoint(Datagrams, local_addr=("127.0.0.1", 0))
    answer = loop.create_future()
    t2, _ = await loop.create_datagram_endpoint(lambda: Asker(answer), remote_addr=t.get_extra_info("sockname"))
    print(await answer)
    t.close()
    t2.close()

    with tempfile.TemporaryDirectory() as d:
        path = os.path.join(d, "sock")
        server = await asyncio.start_unix_server(handle, path)
        r, w = await asyncio.open_unix_connection(path)
        w.write(b"local\n")
        print(await r.readline())
        w.close()
        await w.wait_closed()
        server.close()
        await server.wait_closed()

    a, b = socket.socketpair()
    a.setblocking(False)
    b.setblocking(False)
    await loop.sock_sendall(a, b"x" * 500_000 if False else b"by hand")
    print(await loop.sock_recv(b, 100))
    got = []
    loop.add_reader(b, lambda: got.append(b.recv(100)))
    a.send(b"reader")
    await asyncio.sleep(0.01)
    print(got, loop.remove_reader(b), loop.remove_reader(b))
    r, w = await asyncio.open_connection(sock=a)
    b.setblocking(True)
    big = asyncio.create_task(asyncio.to_thread(lambda: sum(len(x) for x in iter(lambda: b.recv(65536), b""))))
    w.write(b"y" * 3_000_000)
    await w.drain()
    w.close()
    await w.wait_closed()
    print(await big)
    b.close()
    try:
        await asyncio.wait_for(loop.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM), 5)
        print("resolved")
        await loop.create_connection(asyncio.Protocol)
    except ValueError as e:
        print(e)
    try:
        await asyncio.create_subprocess_exec("true")
    except NotImplementedError:
        print("no programs")


import sys

if "gilbert" not in sys.version.lower() and sys.implementation.name == "cpython" and not hasattr(sys, "getcheckinterval"):
    # the last lines are Gilbert's own
    async def refuse(*args):
        raise NotImplementedError
    asyncio.create_subprocess_exec = refuse
asyncio.run(main())
