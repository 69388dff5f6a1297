# every protocol with every kind of value; what is shared stays shared; recursion
import pickle, copyreg, collections, datetime, decimal, fractions, enum, functools, operator, io, array
class Plain:
    def __init__(self, x): self.x = x
    def __eq__(self, o): return type(o) is type(self) and self.__dict__ == o.__dict__
    def __repr__(self): return f"Plain({self.x!r})"
class Slots:
    __slots__ = ("a", "b")
    def __init__(self): self.a = 1
    def __repr__(self): return f"Slots({self.a}, {getattr(self, 'b', '-')})"
class State:
    def __init__(self): self.v = 1; self.skip = open
    def __getstate__(self): return {"v": self.v + 1}
    def __setstate__(self, s): self.v = s["v"] + 10
    def __repr__(self): return f"State({self.v})"
class Reduce:
    def __init__(self, *a): self.a = a
    def __reduce__(self): return (Reduce, (1, 2), {"extra": 5})
    def __repr__(self): return f"Reduce{self.a} {self.__dict__.get('extra')}"
class ReduceEx:
    def __reduce_ex__(self, p): return (ReduceEx._make, (p,))
    @staticmethod
    def _make(p): r = ReduceEx(); r.p = p; return r
    def __repr__(self): return f"ReduceEx({self.p})"
class NewArgs(tuple):
    def __new__(cls, a, b=0): return super().__new__(cls, (a, b))
    def __getnewargs__(self): return self[0], self[1]
class NewEx(Plain):
    def __new__(cls, *, k): o = object.__new__(cls); o.k = k; return o
    def __init__(self, **k): pass
    def __getnewargs_ex__(self): return (), {"k": self.k}
    def __repr__(self): return f"NewEx({self.k})"
class MyList(list): pass
class MyDict(dict): pass
class MyStr(str): pass
class MyInt(int): pass
class MySet(set): pass
class Err(Exception):
    def __init__(self, a, b): super().__init__(a); self.b = b
    def __reduce__(self): return Err, (self.args[0], self.b)
class Color(enum.Enum): RED = 1; BLUE = "b"
class Fl(enum.Flag): A = 1; B = 2
Point = collections.namedtuple("Point", "x y")
def func(x): return x
ml = MyList([1, 2]); ml.tag = "t"; md = MyDict(a=1); md.tag = "d"; ms = MyStr("s"); ms.tag = 1
values = [None, True, False, 0, 1, -1, 255, 256, 65535, 65536, -129, 2**31, -2**31 - 1, 2**63, -2**63, 2**64, 10**40, -10**700, 1.5, -0.0, float("inf"), 1j, "", "a", "é漢😀\n\\", "\ud800", "x" * 300, b"", b"ab\xff", b"z" * 300, bytearray(b"q\0"), (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], [1, [2]], {}, {"a": {"b": 1}}, set(), {1, 2}, frozenset({3}), range(5), slice(1, 2, 3), ..., NotImplemented, type, int, list, len, func, Plain, Plain(5), Plain([1]), Slots(), State(), Reduce(), ReduceEx(), NewArgs(1, 2), NewEx(k=3), ml, md, ms, MyInt(7), MySet({1}), ValueError("v"), KeyError("k"), OSError(2, "no", "f"), UnicodeDecodeError("u", b"x", 0, 1, "r"), Err(1, 2), StopIteration(3), Color.RED, Color.BLUE, Fl.A | Fl.B, Point(1, 2), collections.OrderedDict(b=1, a=2), collections.Counter("aab"), collections.deque([1, 2], 5), collections.defaultdict(list, a=[1]), collections.ChainMap({1: 2}), datetime.date(2020, 1, 2), datetime.datetime(2020, 1, 2, 3, 4, 5, 6, datetime.timezone.utc), datetime.timedelta(1, 2, 3), datetime.time(1, 2), decimal.Decimal("1.50"), fractions.Fraction(1, 3), functools.partial(int, "10", base=2), operator.itemgetter(1), operator.attrgetter("a.b"), array.array("i", [1, 2]), int.from_bytes, "abc".upper, [].append, str.upper, Plain.__init__, collections.abc.Mapping, list[int], int | str, memoryview]
for v in values:
    out = []
    for p in range(6):
        try:
            b = pickle.dumps(v, p); r = pickle.loads(b)
            t = repr(r) if not isinstance(r, BaseException) else repr(r) + str(r.__dict__)
            out.append(t if "0x" not in t else t.split(" at 0x")[0])
        except Exception as e: out.append(f"{type(e).__name__}: {str(e).split(' at 0x')[0]}")
    if len(set(out)) == 1: out = out[:1]
    print(ascii([o if len(o) < 150 else (len(o), o[:20]) for o in out]), type(v).__name__)
l = pickle.loads(pickle.dumps(ml)); print(l, l.tag, type(l).__name__); d = pickle.loads(pickle.dumps(md)); print(d, d.tag); s = pickle.loads(pickle.dumps(ms, 0)); print(s, s.tag, type(s).__name__)
a = []; a.append(a); d = {}; d["d"] = d; o = Plain(None); o.x = o; t = ([],); t[0].append(t); f = {Plain(1)} if 0 else set()
for p in range(6):
    x = pickle.loads(pickle.dumps(a, p)); y = pickle.loads(pickle.dumps(d, p)); z = pickle.loads(pickle.dumps(o, p)); w = pickle.loads(pickle.dumps(t, p)); print(x[0] is x, y["d"] is y, z.x is z, w[0][0] is w)
sh = [1]; v = [sh, sh, "str" * 9, "str" * 9]; r = pickle.loads(pickle.dumps(v)); print(r[0] is r[1], r[2] is r[3])
for p in range(6): print(p, pickle.dumps({"a": [1, (2, "x")], "b": b"y", "c": None}, p))
print(pickle.HIGHEST_PROTOCOL, pickle.compatible_formats)
