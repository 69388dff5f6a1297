from _functools import partial, reduce, cmp_to_key
def attempt(f, *args, **kw):
    try:
        return repr(f(*args, **kw))
    except Exception as e:
        return f"{type(e).__name__}: {e}"
def f(*a, **k): return a, k
p = partial(f, 1, x=2)
print(p(3, y=4), p(x=5), p.func is f, p.args, p.keywords, partial(p, 9, z=1)(), attempt(partial), attempt(partial, 5))
print(partial(int, base=2)("101"), repr(partial(print, 1, end="")), partial(partial(f, 1), 2).args)
p.note = "n"
print(p.note, p.__dict__, callable(p))
class P(partial): pass
print(type(P(f)).__name__, P(f, 1)(2))
print(reduce(lambda a, b: a + b, [1, 2, 3]), reduce(lambda a, b: a * b, [1, 2, 3], 10), reduce(f, [], "init"), reduce(f, [1]), attempt(reduce, f, []), attempt(reduce, f, 5))
print(sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a)), sorted("bca", key=cmp_to_key(lambda a, b: (a > b) - (a < b))), attempt(lambda: cmp_to_key(lambda a, b: 0)(1) < 5), attempt(hash, cmp_to_key(f)(1)), cmp_to_key(f)(7).obj)
