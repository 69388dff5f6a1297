def f(): raise ValueError
def g(): return f
x = g()() + 1
