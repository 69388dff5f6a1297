from _heapq import heappush, heappop, heapify, heapreplace, heappushpop
from _bisect import bisect_left, bisect_right, insort_right as insort, insort_left
def attempt(f, *args, **kw):
    try:
        return repr(f(*args, **kw))
    except Exception as e:
        return f"{type(e).__name__}: {e}"
h = []
for x in [5, 3, 8, 1, 9, 2]: heappush(h, x)
print(h, [heappop(h) for _ in range(6)], attempt(heappop, []))
h = [9, 5, 7, 1, 3]; heapify(h); print(h, heapreplace(h, 4), h, heappushpop(h, 0), heappushpop(h, 100), h, attempt(heapify, (1,)), attempt(heapreplace, [], 1), heappushpop([], 5))
h = [(2, "b"), (1, "z"), (1, "a")]; heapify(h); print([heappop(h) for _ in range(3)], attempt(heapify, [1, "a"]))
import _random
r = _random.Random(42)
data = [int(r.random() * 1000) for _ in range(200)]
heapify(data)
print([heappop(data) for _ in range(200)][::20])
a = [1, 2, 2, 3]
print(bisect_left(a, 2), bisect_right(a, 2), bisect_left(a, 0), bisect_right(a, 9), bisect_left(a, 2, 2), bisect_right(a, 2, hi=2), attempt(bisect_left, a, 1, -1), bisect_left([3, 2, 1], -2, key=lambda v: -v))
insort(a, 2.5); insort_left(a, 0); print(a, attempt(insort, 5, 1))
print(r.random(), r.random(), r.getrandbits(8), r.getrandbits(64), r.getrandbits(200), r.getrandbits(0), attempt(r.getrandbits, -1))
r.seed(2**100); print(r.random()); r.seed(-5); print(r.random()); r.seed(True); print(r.random())
st = r.getstate(); x = r.random(); r.setstate(st); print(x == r.random(), len(st), attempt(r.setstate, [1]), attempt(r.setstate, (1,)))
