def f(x):
    return g(x) + 1
def g(x):
    return [1,2,3][x] * (1 / 0)
f(1)
