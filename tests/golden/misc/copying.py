# copy.copy and copy.deepcopy of everything; what is shared, what is not; hooks
import copy, collections, datetime, decimal, fractions, array, types, enum, functools, re, weakref, threading, io, operator, itertools, random, dataclasses, pathlib, uuid, string, operator
def show(f, *a, **k):
    try:
        r = f(*a, **k)
    except Exception as e:
        r = f"{type(e).__name__}: {e}"
    print(r if isinstance(r, str) else repr(r))
class P:
    def __init__(self, **k): self.__dict__.update(k)
    def __repr__(self): return f"P({self.__dict__})"
class Slots:
    __slots__ = ["a", "b"]
    def __repr__(self): return f"Slots({getattr(self, 'a', '-')}, {getattr(self, 'b', '-')})"
@dataclasses.dataclass(frozen=True)
class Fz: x: list; y: int = 0
@dataclasses.dataclass(slots=True)
class Sl: x: list
NT = collections.namedtuple("NT", "a b")
class ML(list): pass
class E(enum.Enum): A = [1]
l = [1]
values = [None, 1, 1.5, "s", b"b", (1, 2), (l,), [l], {"k": l}, {1}, frozenset([1]), bytearray(b"x"), range(3), slice(1, 2), ..., int, len, P, P(a=l), Fz(l), Sl(l), NT(l, 2), ML([l]), collections.OrderedDict(a=l), collections.deque([l], 3), collections.defaultdict(list, a=l), collections.Counter("ab"), collections.ChainMap({"a": l}), datetime.date(2020, 1, 1), decimal.Decimal("1.5"), fractions.Fraction(1, 3), array.array("i", [1, 2]), E.A, functools.partial(max, l), re.compile("a"), types.SimpleNamespace(a=l), lambda: 0, P(a=1).__repr__, property(len), Ellipsis, NotImplemented, operator.itemgetter(1), complex(1, 2), pathlib.PurePosixPath("a/b"), uuid.UUID(int=1), string.Template("$a"), weakref.ref(P), type(None), memoryview]
for v in values:
    out = []
    for f in (copy.copy, copy.deepcopy):
        try:
            r = f(v)
            inner = None
            for get in (lambda x: x[0], lambda x: x.a, lambda x: x.x, lambda x: x["a"], lambda x: x["k"]):
                try:
                    if isinstance(get(v), list): inner = get(r) is get(v); break
                except Exception: pass
            try: same = r == v
            except Exception: same = "?"
            out.append((r is v, same, type(r) is type(v), inner))
        except Exception as e: out.append(f"{type(e).__name__}: {e}")
    print(type(v).__name__, out)
s = Slots(); s.a = l; t = copy.copy(s); u = copy.deepcopy(s); print(t, t.a is l, u, u.a is l)
m = ML([1]); m.tag = l; c = copy.copy(m); d = copy.deepcopy(m); print(c, c.tag is l, d, d.tag is l, type(c).__name__)
class Hook:
    def __init__(self, v): self.v = v
    def __copy__(self): return Hook(("copied", self.v))
    def __deepcopy__(self, memo): memo["seen"] = 1; return Hook(("deep", copy.deepcopy(self.v, memo)))
print(copy.copy(Hook(1)).v, copy.deepcopy([Hook([1])])[0].v)
class G:
    def __getstate__(self): return {"only": 1}
    def __setstate__(self, s): self.got = s
print(copy.copy(G()).__dict__, copy.deepcopy(G()).__dict__)
class R:
    def __reduce__(self): return (P, (), {"z": l}, iter(()), iter(()))
print(copy.copy(R()), copy.copy(R()).z is l, copy.deepcopy(R()).z is l)
class RS:
    def __reduce__(self): return "RS"
rs = RS(); print(copy.copy(rs) is rs)
class RI(list):
    def __reduce_ex__(self, p): return (RI, (), None, iter([1, [2]]), None)
a = copy.copy(RI()); b = copy.deepcopy(RI()); print(a, b)
class RD(dict):
    def __reduce_ex__(self, p): return (RD, (), None, None, iter([("k", [1])]))
print(copy.copy(RD()), copy.deepcopy(RD()))
x = [1]; y = [x, x, {"x": x}]; z = copy.deepcopy(y); print(z[0] is z[1] is z[2]["x"], z[0] is x); memo = {}; w = copy.deepcopy(x, memo); print(memo[id(x)] is w, x in memo[id(memo)] if id(memo) in memo else None)
r = {}; r["r"] = r; q = copy.deepcopy(r); print(q["r"] is q); t = ([],); t[0].append(t); u = copy.deepcopy(t); print(u[0][0] is u, u is t); p = P(); p.p = p; print(copy.deepcopy(p).p is not p)
for bad in [threading.Lock(), (i for i in ()), io, open, object().__init__ if 0 else iter([1]), itertools.count(3), random.Random(1), io.StringIO("x"), io.BytesIO(b"y"), types.ModuleType("m"), zip([1], [2]), {}.keys(), {}.items().__iter__(), sorted, map(str, [1])]:
    for f in (copy.copy, copy.deepcopy):
        try: n = type(f(bad)).__name__
        except Exception as e: n = f"{type(e).__name__}: {str(e)[:60]}"
        print(type(bad).__name__, f.__name__, n)
rr = random.Random(5); rc = copy.deepcopy(rr); print(rr.random() == rc.random()); it = itertools.count(5); next(it)
print(copy.Error, issubclass(copy.Error, Exception), copy.error is copy.Error)
