def attempt(f, *args, **kw):
    try:
        return repr(f(*args, **kw))
    except Exception as e:
        return f"{type(e).__name__}: {e}"
for args in [(), (5,), (5.9,), (-5.9,), ("42",), ("  -42\n",), ("1_000",), ("1__0",), ("_1",), ("1_",), ("",), ("+",), ("0x1f",), ("0x1f", 16), ("0x1f", 0), ("1f", 16),
             ("0b101", 0), ("0o17", 0), ("017", 0), ("0", 0), ("z", 36), ("Z", 36), ("12", 2), ("12", 37), ("12", 1), ("12", -5), (12, 10), ("٣٤",), ("１２３",), ("9" * 50,),
             (True,), (None,), ([],), ("1e5",), ("1.5",), ("0x",), ("0b", 0), ("ff", 16), ("-0xff", 16), (float("inf"),), (float("nan"),), (1e20,), (1e300,), (" 5 6 ",), ("5\x00",), (1j,)]:
    print(args if len(repr(args)) < 60 else "long", attempt(int, *args))
print(attempt(int, base=10), attempt(int, "11", base=2), attempt(int, "11", base="2"), attempt(int, 1, 2, 3), attempt(int, x=1))
class I:
    def __init__(self, v): self.v = v
    def __int__(self): return self.v
class X:
    def __index__(self): return 7
class T:
    def __trunc__(self): return 9
print(attempt(int, I(5)), attempt(int, I("5")), attempt(int, I(True)), attempt(int, X()))
print([10, 20, 30, 40, 50, 60, 70, 80][X()], hex(X()), attempt(hex, 1.5), attempt(bin, "a"))
for n in (0, 1, -1, 1234567, -1234567, 2**70, True):
    for spec in ("", "d", "5d", "<8d", ">8", "^9", "+", " ", "08", "+09d", "x", "X", "#x", "#X", "o", "#o", "b", "#b", "#012x", ",", "_", "_x", "#_b", ",d", "c" if 0 <= n < 2000 else "d",
                 "e", ".2e", "f", ".1f", "g", "%", ".1%", "*^20", "=+10", "n", "010,"):
        print(repr(spec), attempt(format, n, spec))
for spec in ("s", "5.2d", ",x", ",n", "q", "#", ",_", "=5s", "c", "+c", "1000000000000000000000"):
    print(repr(spec), attempt(format, 65, spec), attempt(format, -1, spec))
for n, args, kw in [(0, (1,), {}), (255, (1,), {}), (256, (2,), {}), (256, (1,), {}), (-1, (1,), {}), (-1, (2,), {"signed": True}), (-128, (1,), {"signed": True}), (128, (1,), {"signed": True}),
                    (2**70, (10, "little"), {}), (1000, (), {}), (5, (), {}), (5, (4,), {"byteorder": "little"}), (5, (4, "middle"), {}), (5, (-1,), {}), (0, (0,), {}), (1, (0,), {})]:
    print(n, args, kw, attempt(n.to_bytes, *args, **kw))
for args, kw in [((b"\x00\x10", "big"), {}), ((b"\x00\x10", "little"), {}), ((b"\xfc\x00", "big"), {"signed": True}), ((b"", "big"), {}), (([255, 0, 0], "big"), {}), ((bytearray(b"\x01\x02"),), {}), (("ab", "big"), {}), ((5, "big"), {})]:
    print(args, kw, attempt(int.from_bytes, *args, **kw))
class M(int):
    def __repr__(self): return f"M({int(self)})"
m = M(7)
print(m, m + 1, type(m + 1).__name__, -m, m == 7, hash(m) == hash(7), {7: "x"}[m], M("12"), M(), M.from_bytes(b"\x05"), int(m), type(int(m)).__name__, str(m), f"{m}", f"{m:d}", isinstance(m, int), m.real, type(m.real).__name__)
m.attr = 3
print(m.attr, M(2**80) + 1, M(3) * 2.5, [1, 2, 3, 4][M(2)])
print(bool("a"), bool([]), bool(), True + True, True * 3.5, True & 1, True & False, True | False, True ^ True, str(True), f"{True:d}", f"{True}", repr(False), int(True), isinstance(True, int), True == 1.0, ~5)
print(None, repr(None), bool(None), Ellipsis, NotImplemented, type(None).__name__, type(...).__name__, type(NotImplemented).__name__, attempt(type(None)), attempt(type(None), 1), hash(None) == hash(None))
