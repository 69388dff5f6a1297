"""Async generators: iteration, early exit, finalisers, cancellation; debug mode; errors never retrieved."""
import asyncio
import gc
import logging
import sys


async def count(n, log):
    try:
        for i in range(n):
            await asyncio.sleep(0)
            yield i
    finally:
        await asyncio.sleep(0)
        log.append(("closed", n))


async def main():
    log = []
    print([i async for i in count(3, log)], log)
    async for i in count(10, log):
        if i == 2:
            break
    gc.collect()
    await asyncio.sleep(0.01)
    print(log)
    g = count(5, log)
    print(await anext(g), await anext(g))
    await g.aclose()
    print(log[-1])
    try:
        await anext(g)
    except StopAsyncIteration:
        print("over")
    print(await anext(g, "default"))
    print(sys.get_asyncgen_hooks().firstiter is not None)
    left = count(7, log)
    await anext(left)
    main.kept = left, log
    try:
        async with asyncio.timeout(0.01):
            async for _ in count(10**9, log):
                pass
    except TimeoutError:
        print("timed out")
    return log


log = asyncio.run(main())
print(log[-2:])
print(sys.get_asyncgen_hooks())


async def forgotten():
    raise ValueError("nobody asked")


async def loses():
    messages = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: messages.append((context["message"].split(" at ")[0], repr(context.get("exception")))))
    t = asyncio.create_task(forgotten())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del t
    gc.collect()
    f = loop.create_future()
    f.set_exception(KeyError("f"))
    del f
    gc.collect()
    loop.call_soon(lambda: 1 / 0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print(messages)
    loop.set_exception_handler(None)


asyncio.run(loses())


class Keep(logging.Handler):
    def emit(self, record):
        print(record.levelname, record.getMessage().splitlines()[0].split(" took ")[-1][:20] if "took" in record.getMessage() else record.getMessage().splitlines()[0][:60])


logging.getLogger("asyncio").addHandler(Keep())
logging.getLogger("asyncio").propagate = False


async def slow():
    import time

    loop = asyncio.get_running_loop()
    print(loop.get_debug(), loop.slow_callback_duration)
    try:
        loop.call_soon(slow)
    except TypeError as e:
        print(e)
    t = asyncio.create_task(forgotten())
    await asyncio.sleep(0.001)
    del t
    gc.collect()


asyncio.run(slow(), debug=True)


async def waits_wrong():
    class Odd:
        def __await__(self):
            yield 5

    try:
        await Odd()
    except RuntimeError as e:
        print(str(e).split(":")[-1])


asyncio.run(waits_wrong())
