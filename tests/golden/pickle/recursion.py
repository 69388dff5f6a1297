# objects that hold themselves in every way; files with several pickles; memo between dumps; pickles of code written by the other side
import pickle, io, collections, copy
class N:
    def __init__(self): self.me = self; self.l = [self]; self.d = {1: self}
class R:
    def __init__(self, k=None): self.k = k
    def __reduce__(self): return R, (self.k,), {"link": self}
class L(list):
    def __reduce__(self): return L, (), {"x": 1}, iter(self)
class D(dict):
    def __reduce__(self): return D, (), None, None, iter(self.items())
class H:
    def __init__(self, k): self.k = k
    def __hash__(self): return hash(self.k)
    def __eq__(self, o): return self.k == o.k
    def __getnewargs__(self): return (self.k,)
    def __new__(cls, k): o = object.__new__(cls); o.k = k; return o
def setter(o, s): o.via = ("setter", s)
class S6:
    def __reduce__(self): return S6, (), {"a": 1}, None, None, setter
for p in range(6):
    n = pickle.loads(pickle.dumps(N(), p)); r = R(5); q = pickle.loads(pickle.dumps(r, p)); l = L([1, 2, 3]); l.append(l); m = pickle.loads(pickle.dumps(l, p)); d = D(a=1); d["self"] = d; e = pickle.loads(pickle.dumps(d, p)); s = pickle.loads(pickle.dumps(S6(), p))
    h = H("k"); h.s = {h}; h.f = frozenset([h]); g = pickle.loads(pickle.dumps(h, p)) if p >= 2 else None
    print(p, n.me is n, n.l[0] is n, n.d[1] is n, q.link is q, q.k, m[:3], m[3] is m, m.x, e["a"], e["self"] is e, s.via, g is None or (list(g.s)[0] is g, list(g.f)[0] is g))
    t = (1, [], 3, 4); t[1].append(t); u = pickle.loads(pickle.dumps(t, p)); v = ([],); v[0].append(v); w = pickle.loads(pickle.dumps(v, p)); print(u[1][0] is u, w[0][0] is w)
    od = collections.OrderedDict(); od["x"] = od; o2 = pickle.loads(pickle.dumps(od, p)); dq = collections.deque(); dq.append(dq); dq2 = pickle.loads(pickle.dumps(dq, p)); print(o2["x"] is o2, dq2[0] is dq2)
f = io.BytesIO()
for x in [1, "two", [3], {"four": 4}]: pickle.dump(x, f, 2)
f.write(b"tail"); f.seek(0); print([pickle.load(f) for _ in range(4)], f.read())
f = io.BytesIO(); p = pickle.Pickler(f, 4); shared = ["s"]; p.dump([shared]); p.dump([shared, 2]); f.seek(0); u = pickle.Unpickler(f); a = u.load(); b = u.load(); print(a[0] is b[0], b)
class OneByte:
    def __init__(self, b): self.f = io.BytesIO(b); self.n = 0
    def read(self, n): self.n += 1; return self.f.read(n)
    def readline(self): self.n += 1; return self.f.readline()
for proto in (0, 2, 4): print(pickle.load(OneByte(pickle.dumps({"k": [1, (2.5, "é", b"x")], "big": "y" * 70000}, proto)))["k"])
big = list(range(5000)); s = set(range(3000)); dd = {i: str(i) for i in range(3000)}
for p in range(6): assert pickle.loads(pickle.dumps((big, s, dd, "z" * 200000, b"q" * 200000), p)) == (big, s, dd, "z" * 200000, b"q" * 200000)
for n in [0, 1, -1, 127, 128, -128, -129, 255, 256, 32767, -32768, 2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**63, -2**63, 2**64, 2**2040, -2**2039, 10**700]:
    for p in range(6): assert pickle.loads(pickle.dumps(n, p)) == n, (n, p)
print([len(pickle.dumps(n, 2)) for n in (127, 128, -128, -129, 2**31, -2**31, 2**63, -2**63, 2**2040)], pickle.dumps(-128 << 40, 2), pickle.dumps(2**31, 1), pickle.dumps(2**31, 0))
for v in [1.5, -0.0, 1e300, float("inf")]: print(pickle.dumps(v, 0), pickle.dumps(v, 1))
for v in ["", "a\nb\\c", "é", "漢", "😀", "\x1a\x00\r", "\ud800"]: print(pickle.dumps(v, 0), pickle.dumps(v, 2), pickle.loads(pickle.dumps(v, 0)) == v, pickle.loads(pickle.dumps(v, 3)) == v)
for p in range(6): print(p, pickle.dumps(b"\x00\xff", p), pickle.dumps(bytearray(b"a"), p), pickle.dumps({1}, p), pickle.dumps(frozenset(), p), pickle.dumps(..., p), pickle.dumps(type(None), p), pickle.dumps(len, p), pickle.dumps(collections.OrderedDict.fromkeys, p), pickle.dumps(range(2), p), pickle.dumps(((), (1,), (1, 2, 3, 4)), p))
class Sub(pickle.Pickler): pass
try: Sub.__new__(Sub).dump(1)
except pickle.PicklingError as e: print(e)
try: pickle.Unpickler.__new__(pickle.Unpickler).load()
except pickle.UnpicklingError as e: print(e)
for bad in [5, None]:
    for f in (lambda: pickle.dump(1, bad), lambda: pickle.load(bad), lambda: pickle.Pickler(bad), lambda: pickle.Unpickler(bad)):
        try: f()
        except TypeError as e: print(e)
p = pickle.Pickler(io.BytesIO(), 2); print(p.bin, p.fast, hasattr(p, "persistent_id"), hasattr(p, "dispatch_table")); p.fast = True; p.dump([[1], [1]]); p.dispatch_table = {}; print(p.fast, p.dispatch_table)
import copyreg; copyreg.add_extension(__name__, "N", 0xf0); b = pickle.dumps(N, 2); print(b, pickle.loads(b) is N, pickle.dumps(N, 1)); copyreg.remove_extension(__name__, "N", 0xf0)
try: pickle.loads(b)
except ValueError as e: print(e)
class Slots:
    __slots__ = ("a", "__dict__")
x = Slots(); x.a = 1; x.b = 2; y = pickle.loads(pickle.dumps(x)); print(y.a, y.b); z = copy.deepcopy(x); print(z.a, z.b)
def deep(n):
    r = []
    for _ in range(n): r = [r]
    return r
x = pickle.loads(pickle.dumps(deep(200))); n = 0
while x: x = x[0]; n += 1
print(n)
