def f(a, b):
    c = a + b
    a, b = b, a
    c -= 1
    return c * 2
