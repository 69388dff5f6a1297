async def f(a):
    await a
    async for x in a:
        print(x)
    async with a as b:
        pass
    return [x async for x in a if await x]
async def g():
    yield 1
