import sys
def f(n):
    if n == 0: raise ValueError("deep")
    f(n-1)
def g(n):
    f(n)
g(5)
