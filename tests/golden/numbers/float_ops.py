def attempt(f, *args):
    try:
        return repr(f(*args))
    except Exception as e:
        return f"{type(e).__name__}: {e}"
inf, nan = float("inf"), float("nan")
xs = [0.0, -0.0, 1.0, -1.0, 0.1, 0.5, 1.5, 2.5, -2.5, 3.7, 1e16, 1e17, 123456789.123, 1e22, 1e23, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, inf, -inf, nan, 1/3]
for x in xs:
    print(repr(x), str(x), bool(x), -x, abs(x), attempt(int, x), attempt(round, x), attempt(round, x, 1), attempt(round, x, -1), attempt(x.as_integer_ratio), x.is_integer(), x.hex(),
          attempt(x.__floor__), attempt(x.__ceil__), attempt(x.__trunc__), x.real, x.imag, x.conjugate(), x == x, hash(x) if x == x else "")
for x in xs:
    for name, f in [("+", lambda a, b: a + b), ("-", lambda a, b: a - b), ("*", lambda a, b: a * b), ("/", lambda a, b: a / b), ("//", lambda a, b: a // b), ("%", lambda a, b: a % b), ("divmod", divmod), ("<", lambda a, b: a < b), ("==", lambda a, b: a == b)]:
        print(name, x, [attempt(f, x, y) for y in (0.0, -0.0, 1.0, -2.5, 3, -7, 10**20, inf, -inf, nan, True)])
for b in (0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 0.5, inf, -inf):
    print(b, [attempt(lambda: b ** e) for e in (0, 1, 2, 3, -1, -2, 0.5, inf, -inf, nan, 2.0, 3.0)])
print(attempt(lambda: 10.0 ** 400), attempt(lambda: (-8) ** (1/3)), attempt(lambda: 1.5 << 1), attempt(lambda: 1.5 & 1), attempt(lambda: pow(2.0, 3, 5)), attempt(lambda: 1.0 + "a"), attempt(lambda: "a" * 1.5))
for s in ("1", "1.5", ".5", "5.", "1e3", "1E-3", "+1.5", "-1.5", " 2.5\n", "inf", "-Infinity", "nan", "+NaN", "1_000.5", "1__0", "1_", "abc", "", "1e", "1e400", "1e-400", "0x1p3", "１.５", "1 2", "--1", "infin", "1.7976931348623159e308"):
    print(repr(s), attempt(float, s))
print(attempt(float), attempt(float, None), attempt(float, [1]), attempt(float, b"1.5"), attempt(float, 2**1030), attempt(float, 1j), attempt(float, True), attempt(float, 1, 2))
for h in ("0x1.8p1", "-0x1p-3", "1.5", "0x.8", "inf", "nan", "0x1p2000", "zz", "", "0x1.fffffffffffffp1023"):
    print(h, attempt(float.fromhex, h))
for x in (0.0, -0.0, 1.0, 3.14159, -2.5, 1234567.891, 1e-7, 1e20, 123456789012345678.0, inf, nan, 0.5, 1.5, 2.5, 1e15, 1e16):
    for spec in ("", "f", ".0f", ".2f", "10.3f", "<10.1f", "^12.2f", "+.1f", " .1f", "08.2f", "e", ".3e", "E", "g", ".3g", "#.3g", "G", "%", ".1%", ",", ",.2f", "_.2f", "z.0f", "n", "*>12", ".10", "#.0f", "010", "=+10.1f"):
        print(x, repr(spec), attempt(format, x, spec))
for spec in ("d", "x", "s", "c", "5.5.5", "q", ".f"):
    print(repr(spec), attempt(format, 1.5, spec))
print(1 == 1.0, hash(1) == hash(1.0), 2**53 == float(2**53), 2**53 + 1 == float(2**53), 2**53 + 1 > float(2**53), 10**400 > inf, 10**400 < inf, 1.5 < 2, 0.1 + 0.2, 0.1 * 3, 1e308 * 10, 1 / 3, 100.0 // 0.1, 1e16 + 1)
print(sum([0.1] * 10), sum([1e100, 1.0, -1e100]), sum([0.1, 2, 0.3]), sum([1, 2.5]), sum([inf, 1]), sum([1.5, True, 10**30]))
class F(float):
    def __repr__(self): return "F(%s)" % float(self)
f = F("2.5")
f.note = "n"
print(f, f + 1, type(f + 1).__name__, f == 2.5, F(), F.fromhex("0x1p1"), f.note, float(f), round(f), f"{f}", f"{f:.2f}", hash(f) == hash(2.5))
class G:
    def __float__(self): return 4.5
class H:
    def __float__(self): return "x"
class K:
    def __index__(self): return 3
print(float(G()), attempt(float, H()), float(K()))
print(float.__getformat__("double"), round(2.675, 2), round(0.5), round(1.5), round(-0.5), round(1234.5678, -2), round(1e300, 5), attempt(round, 1.5, "a"), attempt(round, inf), attempt(round, nan), round(5.5, None))
