from _functools import _lru_cache_wrapper
calls = []
def info(*a): return a
def f(*args, **kw):
    calls.append((args, kw))
    return (args, tuple(kw.items()))
w = _lru_cache_wrapper(f, 2, False, info)
print(w(1), w(1), w(2), w(3), w(1), w.cache_info(), len(calls))
print(w(1.0) == w(1), w(x=1), w(x=1), w(x=1, y=2), w.cache_info())
w.cache_clear(); print(w.cache_info())
u = _lru_cache_wrapper(f, None, True, info)
print(u(1), u(1.0), u(True), u(1), u.cache_info())
z = _lru_cache_wrapper(f, 0, False, info)
z(1); z(1); print(z.cache_info())
try: w([])
except TypeError as e: print(e)
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
fib = _lru_cache_wrapper(fib, None, False, info)
print(fib(100), fib.cache_info())
class A:
    m = _lru_cache_wrapper(lambda self, x: x * 2, 10, False, info)
a = A()
print(a.m(4), A.m(a, 4), A.m.cache_info())
w.attr = 5
print(w.attr, w.__dict__)
lim = _lru_cache_wrapper(lambda x: x, 3, False, info)
for x in [1, 2, 3, 1, 4, 2, 3, 1, 4]: lim(x)
print(lim.cache_info())
