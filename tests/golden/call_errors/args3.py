def f(a, b, *, c): pass
f(1, 2, d=1, c=2)
