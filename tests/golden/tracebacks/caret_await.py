async def f(): raise ValueError("x")
async def g():
    x = 1 + await f()
g().send(None)
