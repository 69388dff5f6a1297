# Pickler and Unpickler: persistent ids, dispatch tables, buffers, find_class, errors, pickletools
import pickle, pickletools, io, copyreg, copy
def show(f, *a, **k):
    try:
        r = f(*a, **k)
    except Exception as e:
        r = f"{type(e).__module__}.{type(e).__name__}: {str(e).split(' at 0x')[0]}"
    print(ascii(r))
class P(pickle.Pickler):
    def persistent_id(self, o): return "id:" + o.n if isinstance(o, Rec) else None
class U(pickle.Unpickler):
    def persistent_load(self, i): return ("loaded", i)
class Rec:
    def __init__(self, n): self.n = n
for proto in range(6):
    f = io.BytesIO(); P(f, proto).dump([Rec("a"), 1, Rec("b")]); f.seek(0); print(U(f).load())
    f.seek(0); show(pickle.Unpickler(f).load)
class Safe(pickle.Unpickler):
    def find_class(self, m, n):
        if m == "builtins" and n in ("range", "set"): return super().find_class(m, n)
        raise pickle.UnpicklingError(f"forbidden {m}.{n}")
show(Safe(io.BytesIO(pickle.dumps(range(3)))).load); show(Safe(io.BytesIO(pickle.dumps(Rec("x")))).load)
class C:
    def __init__(self, v): self.v = v
def red(c): return C, (c.v * 2,)
f = io.BytesIO(); p = pickle.Pickler(f); p.dispatch_table = copyreg.dispatch_table.copy(); p.dispatch_table[C] = red; p.dump(C(4)); print(pickle.loads(f.getvalue()).v, pickle.loads(pickle.dumps(C(4))).v)
class O(pickle.Pickler):
    def reducer_override(self, o): return (str, ("over",)) if isinstance(o, C) else NotImplemented
f = io.BytesIO(); O(f).dump([C(1), 2]); print(pickle.loads(f.getvalue()))
copyreg.pickle(C, red); print(pickle.loads(pickle.dumps(C(1))).v, copy.copy(C(3)).v); del copyreg.dispatch_table[C]
f = io.BytesIO(); p = pickle.Pickler(f); x = [1]; p.dump(x); n = f.tell(); p.dump(x); print(f.tell() - n < n, pickle.loads(f.getvalue()[n:]) if 0 else "memo"); p.clear_memo(); f.seek(0); u = pickle.Unpickler(f); print(u.load() is u.load())
buf = []; b = pickle.PickleBuffer(bytearray(b"big")); d = pickle.dumps([b, b"x"], protocol=5, buffer_callback=buf.append); print(len(buf), [type(x).__name__ for x in pickle.loads(d, buffers=buf)]); show(pickle.dumps, b, 4); print(pickle.loads(pickle.dumps(b, 5)), b.raw().tobytes()); show(pickle.loads, d); show(pickle.dumps, [], 4, buffer_callback=buf.append)
for bad in [b"", b"\x80", b"\x80\x09.", b".", b"garbage", b"\x80\x04", b"I1\n", b"(", b"cnope\nx\n.", b"cmath\nsin\n.", b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\xff.", b"i1.", b"0.", b"t.", b"}s.", b"h\x01.", b"g5\n.", b"Q.", b"Pid\n.", b"Sabc\n.", b"S'abc'\n.", b"V\\u00e9\n.", b"F1.5\n.", b"Ix\n.", b"L5L\n.", b"N", b"]a.", b"\x93.", b"R.", b"b.", b"\x8c\x05ab", b"X\xff\xff\xff\xff", b"\x8a\x02\xff\x7f.", b"\x8b\xff\xff\xff\xff.", b"(I1\nI2\nd.", b"(lp0\nI1\na.", b"\x88\x89\x86.", b"K\x05\x85R.", b"ccopy_reg\n_reconstructor\n(c__builtin__\nobject\nc__builtin__\nobject\nNtR."]:
    print(bad, end=" "); show(lambda: (lambda r: r if "object at" not in repr(r) else "object")(pickle.loads(bad)))
show(pickle.dumps, lambda: 0); show(pickle.dumps, (x for x in [])); show(pickle.dumps, io); show(pickle.dumps, [], 99); show(pickle.dumps, [], -5); show(pickle.loads, "str"); show(pickle.dumps, type("Local", (), {})()); show(pickle.dumps, io.BytesIO().read) if 0 else None
def outer():
    class Inner: pass
    def inner(): pass
    return Inner, inner
for v in [*outer(), outer()[0]()]: show(pickle.dumps, v)
class BadReduce:
    def __init__(self, r): self.r = r
    def __reduce__(self): return self.r
for r in [5, (), (1,), (int,), (int, 5), (int, (), 1, 2, 3, 4, 5, 6), "nope", "outer", (len, [1])]: show(pickle.dumps, BadReduce(r), 2)
class NoSetState:
    def __reduce__(self): return (object, (), {"a": 1})
show(lambda: pickle.loads(pickle.dumps(NoSetState())))
deep = []
for i in range(3000): deep = [deep]
try: pickle.dumps(deep); print("deep ok")
except RecursionError: print("RecursionError")
for p in (0, 2, 4):
    s = io.StringIO(); pickletools.dis(pickletools.optimize(pickle.dumps({"k": (1, [2.5, "é"]), "s": {1}}, p)), s); print(s.getvalue())
py2 = b"\x80\x02U\x03ab\xe9q\x00."; show(pickle.loads, py2); print(ascii(pickle.loads(py2, encoding="latin-1")), pickle.loads(py2, encoding="bytes")); print(pickle.loads(b"c__builtin__\nxrange\n(I3\ntR."), pickle.loads(b"cexceptions\nValueError\n(S'x'\ntR.").args); show(pickle.loads, b"c__builtin__\nxrange\n(I3\ntR.", fix_imports=False)
import copy
class D:
    def __deepcopy__(self, m): return "deep"
    def __copy__(self): return "shallow"
print(copy.copy(D()), copy.deepcopy([D(), 1])); a = [1, [2]]; b = copy.deepcopy(a); c = copy.copy(a); print(b == a, b[1] is a[1], c[1] is a[1]); r = []; r.append(r); q = copy.deepcopy(r); print(q[0] is q, q is not r); t = ([1],); print(copy.deepcopy(t)[0] is t[0], copy.deepcopy((1, 2)) is not None); print(copy.replace if hasattr(copy, "replace") and 0 else "-"); show(copy.copy, (x for x in [])); show(copy.deepcopy, io)
