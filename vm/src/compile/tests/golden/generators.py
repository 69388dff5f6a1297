def g(n):
    x = yield n
    yield from x
    return 1
def h(it):
    return (x * 2 for x in it if x)
