"""Tasks: results, errors, cancellation, names, gather, wait, wait_for, timeouts, shields."""
import asyncio
import contextvars


async def value(x, delay=0.0):
    await asyncio.sleep(delay)
    return x


async def fail(e, delay=0.0):
    await asyncio.sleep(delay)
    raise e


async def stubborn(log):
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError as e:
        log.append(("cancelled", e.args))
        await asyncio.sleep(0.001)
        log.append("cleaned up")
        raise
    finally:
        log.append("finally")


async def main():
    t = asyncio.create_task(value(5), name="five")
    print(t.get_name(), t.done(), await t, t.done(), t.result(), t.exception())
    t = asyncio.create_task(fail(KeyError("k")))
    try:
        await t
    except KeyError as e:
        print("raised", e, t.exception() is e)
    print(await asyncio.gather(value(1, 0.003), value(2, 0.001), value(3)))
    print(await asyncio.gather(value(1), fail(ValueError("v")), return_exceptions=True))
    try:
        await asyncio.gather(value(1), fail(ValueError("first")), fail(ValueError("second"), 0.01))
    except ValueError as e:
        print(e)
    log = []
    t = asyncio.create_task(stubborn(log))
    await asyncio.sleep(0)
    print(t.cancel("because"), t.cancelling(), t.cancelled())
    try:
        await t
    except asyncio.CancelledError as e:
        print("seen", e.args, t.cancelled())
    print(log, t.cancel())
    tasks = [asyncio.create_task(value(i, i / 200)) for i in range(4)]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    print(len(done), len(pending))
    done, pending = await asyncio.wait(tasks, timeout=0.1)
    print(sorted(x.result() for x in done), pending)
    print([await x for x in asyncio.as_completed([value(1, 0.01), value(2, 0.002), value(3, 0.005)])])
    try:
        await asyncio.wait_for(value(1, 5), 0.01)
    except TimeoutError as e:
        print(repr(e), repr(e.__cause__))
    try:
        async with asyncio.timeout(0.01) as cm:
            await asyncio.sleep(5)
    except TimeoutError:
        print("timeout", cm.expired())
    async with asyncio.timeout(None) as cm:
        cm.reschedule(asyncio.get_running_loop().time() + 10)
        print(await value("in time"), cm.expired())
    inner = asyncio.create_task(value("shielded", 0.01))
    outer = asyncio.create_task(asyncio.wait_for(asyncio.shield(inner), 0.001))
    try:
        await outer
    except TimeoutError:
        print("outer timed out, inner", await inner)
    try:
        async with asyncio.TaskGroup() as tg:
            a = tg.create_task(value(1, 1))
            tg.create_task(fail(ValueError("x")))
            tg.create_task(fail(TypeError("y")))
    except* ValueError as eg:
        print(eg.exceptions, a.cancelled())
    except* TypeError as eg:
        print(eg.exceptions)
    v = contextvars.ContextVar("v", default=0)

    async def bump():
        v.set(v.get() + 1)
        await asyncio.sleep(0)
        return v.get()

    print(await asyncio.gather(bump(), bump()), v.get(), await bump(), v.get())
    loop = asyncio.get_running_loop()
    f = loop.create_future()
    calls = []
    f.add_done_callback(lambda f: calls.append(f.result()))
    loop.call_soon(f.set_result, "set")
    loop.call_later(0.002, calls.append, "later")
    h = loop.call_later(0.001, calls.append, "never")
    h.cancel()
    loop.call_at(loop.time() + 0.001, calls.append, "at")
    print(await f, calls)
    await asyncio.sleep(0.01)
    print(calls, h.cancelled())
    try:
        f.set_result(1)
    except asyncio.InvalidStateError as e:
        print(e)
    g = loop.create_future()
    try:
        g.result()
    except asyncio.InvalidStateError as e:
        print(e)
    g.cancel()
    print(g.cancelled(), asyncio.isfuture(g), asyncio.iscoroutine(g))
    print(len(asyncio.all_tasks()), asyncio.current_task().get_coro().__name__)
    return "done"


print(asyncio.run(main()))
try:
    asyncio.get_running_loop()
except RuntimeError as e:
    print(e)
try:
    asyncio.run(5)
except (ValueError, TypeError) as e:
    print(type(e).__name__ in ("ValueError", "TypeError"))
c = value(1)
try:
    asyncio.run(fail(SystemExit(3)))
except SystemExit as e:
    print("exit", e.code)
print(asyncio.run(c))
