"""Lock, Event, Condition, Semaphore, Barrier, Queue."""
import asyncio


async def main():
    lock = asyncio.Lock()
    log = []

    async def worker(i):
        async with lock:
            log.append(("in", i))
            await asyncio.sleep(0)
            log.append(("out", i))

    await asyncio.gather(*(worker(i) for i in range(3)))
    print(log, lock.locked())
    try:
        lock.release()
    except RuntimeError as e:
        print(e)

    ev = asyncio.Event()
    waiters = [asyncio.create_task(ev.wait()) for _ in range(3)]
    await asyncio.sleep(0)
    print(ev.is_set(), [w.done() for w in waiters])
    ev.set()
    print(await asyncio.gather(*waiters), ev.is_set())

    cond = asyncio.Condition()
    items = []

    async def consumer(n):
        async with cond:
            await cond.wait_for(lambda: len(items) >= n)
            return n, len(items)

    tasks = [asyncio.create_task(consumer(n)) for n in (1, 2, 3)]
    for i in range(3):
        await asyncio.sleep(0)
        async with cond:
            items.append(i)
            cond.notify_all()
    print(await asyncio.gather(*tasks))

    sem = asyncio.Semaphore(2)
    running, most = 0, 0

    async def limited():
        nonlocal running, most
        async with sem:
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.001)
            running -= 1

    await asyncio.gather(*(limited() for _ in range(7)))
    print(most, sem.locked())
    b = asyncio.BoundedSemaphore(1)
    try:
        b.release()
    except ValueError as e:
        print(e)

    bar = asyncio.Barrier(3)
    print(sorted(await asyncio.gather(*(bar.wait() for _ in range(3)))), bar.parties, bar.n_waiting)
    t = asyncio.create_task(bar.wait())
    await asyncio.sleep(0)
    await bar.abort()
    try:
        await t
    except asyncio.BrokenBarrierError as e:
        print(type(e).__name__, bar.broken)

    q = asyncio.Queue(maxsize=2)
    order = []

    async def producer():
        for i in range(6):
            await q.put(i)
            order.append(("put", i))

    async def reader():
        for _ in range(6):
            order.append(("got", await q.get()))
            q.task_done()

    await asyncio.gather(producer(), reader())
    await q.join()
    print(order)
    try:
        q.get_nowait()
    except asyncio.QueueEmpty:
        print("empty", q.qsize(), q.empty(), q.full())
    q.put_nowait(1)
    q.put_nowait(2)
    try:
        q.put_nowait(3)
    except asyncio.QueueFull:
        print("full")
    p = asyncio.PriorityQueue()
    for n in (3, 1, 2):
        p.put_nowait(n)
    s = asyncio.LifoQueue()
    for n in (3, 1, 2):
        s.put_nowait(n)
    print([p.get_nowait() for _ in range(3)], [s.get_nowait() for _ in range(3)])
    try:
        q.task_done()
        q.task_done()
        q.task_done()
    except ValueError as e:
        print(e)
    getter = asyncio.create_task(asyncio.Queue().get())
    await asyncio.sleep(0)
    getter.cancel()
    print(await asyncio.gather(getter, return_exceptions=True))


asyncio.run(main())
