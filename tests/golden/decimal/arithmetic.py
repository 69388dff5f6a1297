# decimal: construction, arithmetic, contexts, signals, formatting; fractions beside
import decimal, math, fractions, pickle
from decimal import *
def show(f, *a, **k):
    try:
        r = f(*a, **k)
    except Exception as e:
        r = type(e).__name__  # the texts are the library's, and differ between its versions
    print(r if isinstance(r, str) else repr(r))
D = Decimal
for v in ["0", "-0", "1.50", "1E+3", "1e-10", "  12.5 ", "1_000.5", "Infinity", "-inf", "NaN", "sNaN", "nan123", "-NaN7", "٣.١", "", "abc", "1.2.3", "1e", "--1", 5, -7, 10**40, 1.1, 0.5, float("nan"), float("-inf"), (0, (1, 2, 3), -2), (1, (), "F"), (0, (5,), "n"), (2, (1,), 0), None, True, D("2.0"), b"1", [1]]: show(D, v)
xs = [D(s) for s in ["0", "-0", "1", "-2.5", "3.14159", "1E+5", "1E-7", "123456789012345678901234567890", "Infinity", "-Infinity", "NaN", "0.1"]]
ops = [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / b, lambda a, b: a // b, lambda a, b: a % b, lambda a, b: divmod(a, b) if b else "-", lambda a, b: a ** b if abs(b) < 50 else "-", lambda a, b: a == b, lambda a, b: a < b, lambda a, b: a.compare(b), lambda a, b: a.max(b), lambda a, b: a.min(b), lambda a, b: a.compare_total(b), lambda a, b: a.remainder_near(b), lambda a, b: a.copy_sign(b), lambda a, b: a.quantize(D("0.01")), lambda a, b: a.same_quantum(b), lambda a, b: a.scaleb(3), lambda a, b: a.next_toward(b)]
for i, op in enumerate(ops):
    for a in xs[::2]:
        for b in xs[1::2]:
            try: r = op(a, b)
            except Exception as e: r = type(e).__name__
            print(i, a, b, r, end="; ")
    print()
for f in ["sqrt", "ln", "log10", "exp", "normalize", "to_integral_value", "to_integral_exact", "is_zero", "is_signed", "is_nan", "is_finite", "is_normal", "adjusted", "as_tuple", "logb", "number_class", "to_eng_string", "next_plus", "next_minus", "canonical", "copy_abs", "copy_negate", "radix", "as_integer_ratio", "__bool__", "__int__", "__float__", "__round__", "__floor__", "__ceil__", "__trunc__", "__neg__", "__abs__", "conjugate", "logical_invert"]:
    print(f, end=" ")
    for a in [D("2"), D("-0.00"), D("123.456"), D("1E+3"), D("Infinity"), D("NaN"), D("101")]:
        try: r = getattr(a, f)()
        except Exception as e: r = type(e).__name__
        print(r, end="; ")
    print()
for spec in ["", "f", ".2f", "e", ".3e", "g", ".3g", "%", ".1%", "10", "<10", "^10.1f", "+", " ", "010.2f", ",", ",.2f", "*>12", "n", "E", "G", "#x", "d", "z.1f", ".0f"]:
    for v in [D("1234567.891"), D("-0.005"), D("NaN"), D("1E+10")]: show(format, v, spec)
for r in [ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP]: print(r, [str(D(s).quantize(D("1"), r)) for s in ["1.5", "2.5", "-1.5", "-2.5", "1.1", "-1.9", "0.5", "5.01"]])
print(round(D("2.675"), 2), round(D("1.5")), round(D("-2.5")), round(D("12345"), -2), int(D("1.9")), float(D("1e400")), math.floor(D("-1.5")), D("1.10").normalize(), D(100).normalize(), hash(D("1.0")) == hash(1) == hash(D(1)), hash(D("0.5")) == hash(0.5), D(1) == 1.0, D("0.1") == 0.1, D(5) < 5.5, D(1) == fractions.Fraction(1), sum([D("0.1")] * 3), D("7").fma(2, 3), D("Infinity") == float("inf"), max(D(1), 2), D(3) + 4, 4 - D(3), 2 ** D(3), D(17) % 5, pow(D(7), 2, 5), complex(D("1.5")), bool(D("0.0")), D("1") in {1: 2}, str(D("-1.23E-8")), f"{D('3.14159'):.2f}", "%s %r %.3f" % (D(1), D(2), D(3)))
for f in [lambda: D(1) + 1.0, lambda: D(1) / 0, lambda: D(0) / 0, lambda: D("inf") - D("inf"), lambda: D("sNaN") + 1, lambda: D(-1).sqrt(), lambda: D(1) + "1", lambda: D("1E+999999") * 10, lambda: int(D("nan")), lambda: int(D("inf")), lambda: D("nan") < 1, lambda: hash(D("snan")), lambda: D("1e30").quantize(D("0.1")), lambda: D(2) ** D("nan"), lambda: 0 ** D(0), lambda: round(D("nan")), lambda: D(1).quantize("x"), lambda: D("1.5").shift(5, 5) if 0 else D(5).shift(3), lambda: D(1).bogus, lambda: setattr(D(1), "x", 1), lambda: D(5) // 0, lambda: D("0") ** -1, lambda: D.from_float(0.1), lambda: D.from_float("x"), lambda: float(D("snan")), lambda: D(1) < "x", lambda: D("1").__round__("x")]: show(f)
with localcontext() as c:
    c.prec = 5; print(D(1) / 3, D(2).sqrt(), +D("1.23456789"), bool(c.flags[Inexact]), c.prec, getcontext().prec)
    c.traps[Inexact] = True; show(lambda: D(1) / 3); c.traps[DivisionByZero] = False; c.traps[Inexact] = False; print(D(1) / 0, D(-1) / 0); c.traps[InvalidOperation] = False; print(D(0) / 0, D(-1).sqrt(), D("x") if 0 else "")
with localcontext(prec=3, rounding=ROUND_UP) as c: print(D(10) / 3, c.rounding)
print(repr(getcontext()) if 0 else getcontext().prec, BasicContext.prec, ExtendedContext, DefaultContext.rounding)
c = Context(prec=4, Emax=9, Emin=-9, capitals=0, clamp=1); print(c.create_decimal("123456"), c.divide(1, 3), c.sqrt(2), c.power(2, 10), c.to_sci_string(D("1E+5")), c.Etiny(), c.Etop(), c.copy().prec, c.add("1", D(2)) if 0 else c.add(1, 2), c.quantize(D("1.2345"), D("0.1"))); show(c.multiply, D("9E9"), 10); show(c.create_decimal, "9E99"); print(sorted(str(s.__name__) for s in c.flags if c.flags[s])); c.clear_flags(); show(Context, prec=0); show(Context, rounding="x"); show(Context, bogus=1); show(setattr, c, "prec", "x"); show(setattr, c, "Emax", -1)

with localcontext() as c: c.traps[FloatOperation] = True; show(D, 1.5); show(lambda: D(1) < 1.5)
getcontext().prec = 50; print(D(2).sqrt(), D(1).exp(), D(10).ln(), D(2) ** D("0.5"), D(3).log10(), D(1) / 7); getcontext().prec = 28
print(D("1.00").as_tuple(), DecimalTuple(0, (1,), 2), D((0, (1, 0), -1)), pickle.loads(pickle.dumps(D("1.50"))), pickle.loads(pickle.dumps(getcontext())).prec, decimal.MAX_PREC > 10**9, decimal.HAVE_THREADS)
class My(Decimal): pass
print(repr(My("1.5")), repr(My(1) + 1), type(My("2").sqrt()).__name__)
import threading; out = []; t = threading.Thread(target=lambda: out.append(getcontext().prec)); getcontext().prec = 11; t.start(); t.join(); print(out, getcontext().prec)
def fact(n): r = D(1); [r := r * i for i in range(1, n + 1)]; return r
getcontext().prec = 200; print(fact(100))
