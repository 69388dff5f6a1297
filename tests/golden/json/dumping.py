# json.dumps: every option, subclasses, cycles, errors
import json, sys, enum, decimal
from collections import OrderedDict, namedtuple, defaultdict
def show(f, *a, **k):
    try:
        r = f(*a, **k)
    except Exception as e:
        r = f"{type(e).__name__}: {e}"
    print(ascii(r))
d = json.dumps
values = [None, True, False, 0, -1, 10**30, 1.5, -0.0, 1e100, 1e-7, 123456789.0, float("nan"), float("inf"), -float("inf"), "", "a\"b\\c/d\n\r\t\b\f\x00\x1f\x7f", "é漢😀\u2028\ud800", [], {}, (), [1, [2, [3, []]]], {"a": {"b": {}}}, (1, "x", None), {1: 2, 1.5: 3, True: 4, None: 5, "s": 6}, [[], {}, [[]]]]
for v in values:
    show(d, v); show(d, v, ensure_ascii=False)
    show(d, v, indent=2); show(d, v, indent="\t", separators=(",", ":")); show(d, v, separators=(",", ":")); show(d, v, indent=0); show(d, v, allow_nan=False)
class S(str): pass
class I(int):
    def __repr__(self): return "I!"
    def __str__(self): return "IS"
class F(float):
    def __repr__(self): return "F!"
class L(list): pass
class D(dict): pass
class T(tuple): pass
class E(enum.IntEnum): A = 1; B = 2
class SE(enum.StrEnum): X = "x"
class FE(float, enum.Enum): H = 0.5
P = namedtuple("P", "x y")
for v in [S("s"), I(5), F(2.5), L([1]), D(a=1), T((1,)), E.B, SE.X, FE.H, P(1, 2), OrderedDict(b=1, a=2), defaultdict(list, q=[1]), {S("k"): 1}, {I(3): 1}, {F(1.5): 1}, {E.A: 1}, {SE.X: 1}, [I(1), F(1.0)], {float("inf"): 1}]:
    show(d, v); show(d, v, indent=1)
class O: pass
for v in [O, object, {1, 2}, b"x", 1j, [O], {"a": b""}, {(1, 2): 3}, {b"k": 1}, {O: 1}, range(3), decimal.Decimal(1), len]:
    show(d, v) if not isinstance(v, list) else show(lambda: d([1, 2j]))
    show(d, v, skipkeys=True)
show(d, {(1,): 2, "a": {(3,): 4, "b": 5}}, skipkeys=True); show(d, {(1,): 2, "a": 1}, skipkeys=True, indent=1)
show(d, {"b": 1, "a": 2, "c": {"z": 1, "y": 2}}, sort_keys=True); show(d, {1: 2, "a": 3}, sort_keys=True); show(d, {2: 1, 10: 2, 1: 3}, sort_keys=True, indent=1)
show(d, {1, 2, 3}, default=sorted); show(d, [1j, 2j], default=lambda c: [c.real, c.imag]); show(d, 1j, default=lambda c: c); show(d, [1j], default=lambda c: 1/0); show(d, {"a": 1j}, default=str, indent=1); show(d, O(), default=lambda o: {"o": {1, 2}})
a = []; a.append(a); show(d, a); b = {}; b["x"] = b; show(d, b); c = [{}]; c[0]["y"] = c; show(d, c); show(d, c, indent=1)
x = [1]; show(d, [x, x, {"a": x}])
class Enc(json.JSONEncoder):
    def default(self, o):
        if isinstance(o, complex): return {"c": [o.real, o.imag]}
        return super().default(o)
    def iterencode(self, o, _one_shot=False):
        yield from super().iterencode(o, _one_shot)
show(d, [1j, 2], cls=Enc); show(d, O, cls=Enc); print(Enc().encode({"a": 1j}), list(Enc(indent=1).iterencode([1, {"a": [2]}])), list(json.JSONEncoder().iterencode([1, "a", {"b": None}])))
deep = []
for i in range(100000): deep = [deep]
try: d(deep)
except RecursionError as e: print("RecursionError")
import io
f = io.StringIO(); json.dump({"a": [1, 2, {"b": None}], "é": 1.0}, f); print(f.getvalue()); f = io.StringIO(); json.dump([1, [2]], f, indent=2); print(f.getvalue())
from json.encoder import py_encode_basestring_ascii, encode_basestring_ascii, encode_basestring, ESCAPE
print(encode_basestring_ascii("a\u20ac😀\"\ud800"), encode_basestring("a\u20ac😀\"\x00"), encode_basestring_ascii.__name__); show(encode_basestring_ascii, 5); show(encode_basestring, b"x")
class Bad(dict):
    def items(self): return [(1, 2), 3]
show(d, Bad(a=1))
class Items(dict):
    def items(self): yield "k", "v"
show(d, Items(a=1)); show(d, Items()); show(d, Items(a=1), indent=1)
class Mut(list):
    def __iter__(self): return iter([9, 8])
show(d, Mut([1])); show(d, Mut()); show(d, Mut([1]), indent=1)
try: d({"k": [1, {"z": O}]})
except TypeError as e: print(e, getattr(e, "__notes__", None) is not None or True)
show(d, "x", bogus=1); print(d("x" * 5, check_circular=False), d([1.0, 2], indent=None), d({"a": 1}, separators=(" , ", " : ")), d([1, 2], indent=-1), repr(d([], indent=4)), repr(d({}, indent=4)))
show(d, [10**5000]); sys.set_int_max_str_digits(0); print(len(d(10**5000)))
