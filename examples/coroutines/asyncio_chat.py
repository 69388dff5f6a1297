"""asyncio: a chat room; whoever says something is heard by all others."""
import asyncio

GUESTS = 5
room = {}


async def attend(reader, writer):
    name = (await reader.readline()).decode().strip()
    room[name] = writer
    writer.write(b"welcome\n")
    while line := await reader.readline():
        for other, to in room.items():
            if other != name:
                to.write(f"{name}: ".encode() + line)
    del room[name]
    writer.close()


async def visit(port, n, everybody):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"guest {n}\n".encode())
    await reader.readline()
    await everybody.wait()
    writer.write(f"{n} squared is {n * n}\n".encode())
    heard = sorted([(await reader.readline()).decode().strip() for _ in range(GUESTS - 1)])
    writer.close()
    await writer.wait_closed()
    return heard


async def main():
    server = await asyncio.start_server(attend, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    everybody = asyncio.Barrier(GUESTS)
    async with server:
        for n, heard in enumerate(await asyncio.gather(*(visit(port, n, everybody) for n in range(GUESTS)))):
            print(n, "heard", len(heard), "lines, the first:", heard[0])


asyncio.run(main())
