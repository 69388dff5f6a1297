def f(a, b, c):
    if a and b or not c:
        return 1
    if a < b < c:
        return 2
    x = a and b or c
    y = a if b else c
    return a < b <= c, not a, a is not None, a not in (1, 2)
