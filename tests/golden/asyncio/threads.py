"""Threads and the loop: executors, to_thread, run_coroutine_threadsafe, call_soon_threadsafe, signals, runners."""
import asyncio
import concurrent.futures
import contextvars
import os
import signal
import threading
import time

var = contextvars.ContextVar("var")


def blocking(n):
    time.sleep(0.005)
    return n * n, threading.current_thread() is threading.main_thread(), var.get("unset")


async def main():
    var.set("set")
    loop = asyncio.get_running_loop()
    print(await asyncio.gather(*(asyncio.to_thread(blocking, n) for n in range(3))))
    print(await loop.run_in_executor(None, blocking, 4))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        print(await asyncio.gather(*(loop.run_in_executor(pool, blocking, n) for n in range(4))))
    try:
        await asyncio.to_thread(lambda: 1 / 0)
    except ZeroDivisionError as e:
        print(e)

    async def answer(x):
        await asyncio.sleep(0.002)
        return x + 1

    results = []

    def other():
        f = asyncio.run_coroutine_threadsafe(answer(41), loop)
        results.append(f.result(5))
        loop.call_soon_threadsafe(done.set)

    done = asyncio.Event()
    threading.Thread(target=other).start()
    await done.wait()
    print(results)

    got = asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, got.set)
    loop.call_later(0.005, os.kill, os.getpid(), signal.SIGUSR1)
    await asyncio.wait_for(got.wait(), 5)
    print("signal", loop.remove_signal_handler(signal.SIGUSR1), loop.remove_signal_handler(signal.SIGUSR1))
    try:
        loop.add_signal_handler(signal.SIGKILL, got.set)
    except (RuntimeError, ValueError, OSError) as e:
        print(e)


asyncio.run(main())


async def in_thread():
    await asyncio.sleep(0.001)
    return threading.current_thread().name


t = threading.Thread(target=lambda: print(asyncio.run(in_thread())), name="loopy")
t.start()
t.join()

with asyncio.Runner() as runner:
    v = contextvars.ContextVar("v")

    async def first():
        v.set(1)
        return asyncio.get_running_loop()

    async def second():
        return v.get(), asyncio.get_running_loop()

    loop = runner.run(first())
    print(runner.run(second())[0], runner.run(second())[1] is loop, runner.get_loop() is loop)
print(loop.is_closed())
try:
    loop.call_soon(print)
except RuntimeError as e:
    print(e)

loop = asyncio.new_event_loop()
loop.call_later(0.003, loop.stop)
loop.run_forever()
print(loop.is_running(), loop.run_until_complete(asyncio.sleep(0, "slept", )))
async def never():
    await asyncio.Event().wait()
task = loop.create_task(never())
loop.call_soon(loop.stop)
try:
    loop.run_until_complete(task)
except RuntimeError as e:
    print(e)
task.cancel()
loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
loop.close()
