from _collections import deque, defaultdict
def attempt(f, *args, **kw):
    try:
        return repr(f(*args, **kw))
    except Exception as e:
        return f"{type(e).__name__}: {e}"
d = deque([1, 2, 3])
d.append(4); d.appendleft(0)
print(d, len(d), d[0], d[-1], d.pop(), d.popleft(), d, bool(d), bool(deque()), d.maxlen)
d.extend("ab"); d.extendleft("xy")
print(d, d.count(1), d.index("a"), attempt(d.index, "zz"), 2 in d, 9 in d)
d.rotate(2); print(d); d.rotate(-3); print(d); d.reverse(); print(d)
d.insert(1, "ins"); d.remove("a"); print(d, attempt(d.remove, "nope"))
d[0] = "first"; del d[1]; print(d, attempt(lambda: d[100]), attempt(d.__delitem__, 50), attempt(lambda: d["a"]), attempt(lambda: d[0:2]))
m = deque(range(5), maxlen=3)
print(m, m.maxlen); m.append(9); print(m); m.appendleft(8); print(m, attempt(m.insert, 0, 1), m.copy(), m * 2, m + deque([1]))
print(attempt(deque, maxlen=-1), attempt(deque, 5), attempt(deque, [], "a"), attempt(deque().pop), attempt(deque().popleft), deque(maxlen=0), deque([1, 2], 1))
print(deque([1, 2]) == deque([1, 2]), deque([1]) < deque([2]), deque([1]) == [1], attempt(lambda: deque([1]) < [1]), deque([1]) + deque([2]), attempt(lambda: deque() + [1]), deque([1, 2]) * 2, 2 * deque("a"))
e = deque([1]); e += [2, 3]; e *= 2; print(e, list(reversed(e)), list(e), attempt(hash, e))
e.append(e); print(e)
def mutate():
    q = deque([1, 2, 3])
    for x in q: q.append(x)
print(attempt(mutate))
e = deque("abc"); e.extend(e); print(e); e.clear(); print(e, list(e.copy()))
class D(deque):
    pass
s = D("ab", 5); s.tag = 1
print(s, s.tag, type(s.copy()).__name__, s.maxlen, s == deque("ab"), isinstance(s, deque))
it = iter(deque([1, 2, 3])); next(it); print(it.__length_hint__(), list(it), list(it))
dd = defaultdict(list)
dd["a"].append(1); dd["b"]; dd["a"].append(2)
print(dd, dd["a"], len(dd), dd.default_factory, attempt(defaultdict, 5), attempt(lambda: defaultdict()["x"]), dd.get("zz"), "zz" in dd)
c = defaultdict(int, {"x": 1}, y=2)
for ch in "hello": c[ch] += 1
print(c, dict(c), c.copy(), c | {"q": 1}, {"q": 1} | c, type(c | {}).__name__)
dd.default_factory = None
print(dd, attempt(lambda: dd["none"]))
class M(defaultdict):
    def __missing__(self, key):
        return key * 2
print(M(int)["ab"], M(int))
r = defaultdict(lambda: r); r["self"]; print(len(r), attempt(repr, defaultdict(int)))
