import operator
from operator import *
def attempt(f, *args, **kw):
    try:
        return repr(f(*args, **kw))
    except Exception as e:
        return f"{type(e).__name__}: {e}"
print(add(1, 2), sub(5, 3), mul(2, 3), truediv(1, 4), floordiv(7, 2), mod(7, 3), pow(2, 8), lshift(1, 4), rshift(16, 2), and_(6, 3), or_(6, 1), xor(6, 3), neg(5), pos(-5), inv(5), invert(0), abs(-3), index(True), not_(0), truth([]))
print(lt(1, 2), le(2, 2), eq(1, 1.0), ne(1, 2), gt(1, 2), ge(2, 2), is_(None, None), is_not(1, None), contains([1], 1), countOf([1, 2, 1], 1), indexOf("abc", "c"), attempt(indexOf, "abc", "z"), concat("a", "b"), attempt(concat, 1, 2), length_hint([1, 2]), length_hint(5, 7), length_hint(iter([1, 2, 3])))
x = [1]
print(iadd(x, [2]), x, iconcat(x, [3]), imul(x, 2), getitem(x, 0), setitem(x, 0, 9), x, delitem(x, 0), x, call(max, 1, 2), call(sorted, [2, 1], reverse=True))
print(itemgetter(1)("abc"), itemgetter(0, 2)("abc"), itemgetter("k")({"k": 5}), itemgetter(slice(1, None))("abc"), itemgetter(1), attempt(itemgetter(5), "abc"), attempt(itemgetter))
class A:
    class b:
        c = 7
    x = 1
    def m(self, *a, **k): return a, k
print(attrgetter("x")(A), attrgetter("b.c")(A), attrgetter("x", "b.c")(A), attrgetter("x"), attempt(attrgetter("zz"), A), attempt(attrgetter, 5))
print(methodcaller("upper")("abc"), methodcaller("m", 1, k=2)(A()), methodcaller("split", ",")("a,b"), methodcaller("m", 1, k=2), attempt(methodcaller))
print(sorted([(1, "b"), (0, "c")], key=itemgetter(1)), sorted([3, 1], key=neg), list(map(operator.__add__, [1], [2])))
