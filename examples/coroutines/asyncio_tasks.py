"""asyncio: many sleepers in one thread, a limit, a failure that cancels the others."""
import asyncio
import time


async def sleeper(n):
    await asyncio.sleep(1 + n / 10_000)
    return n


async def fails():
    await asyncio.sleep(0.5)
    raise ValueError("enough")


async def main():
    start = time.monotonic()
    print(sum(await asyncio.gather(*(sleeper(n) for n in range(1000)))), "after", round(time.monotonic() - start), "s")
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(sleeper(n)) for n in range(10)]
            group.create_task(fails())
    except* ValueError as e:
        print(e.exceptions, "cancelled:", sum(t.cancelled() for t in tasks))
    try:
        async with asyncio.timeout(0.1):
            await sleeper(0)
    except TimeoutError:
        print("too late")


asyncio.run(main())
