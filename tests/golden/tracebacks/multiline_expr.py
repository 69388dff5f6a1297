def f(*a): return a
x = f(1,
  2,
  f(3,
    1/0))
