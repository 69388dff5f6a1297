def f():
    x = 1
    del x
    x
f()
