def f():
    with a() as x, b():
        if x:
            return x
        c(x)
