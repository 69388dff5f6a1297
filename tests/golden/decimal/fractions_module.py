# fractions and statistics against CPython
from fractions import Fraction as F
import fractions, math, decimal, statistics as st, pickle, random
def show(f, *a, **k):
    try:
        r = f(*a, **k)
    except Exception as e:
        r = type(e).__name__  # the texts are the library's, and differ between its versions
    print(r if isinstance(r, str) else repr(r))
for a in [(), (3,), (6, 4), (-6, 4), (6, -4), (0, 5), ("3/4",), ("-1.5",), (" 1e3 ",), ("1_0/3",), ("1/0",), ("x",), ("1 / 2",), ("1/-2",), (0.5,), (0.1,), (float("nan"),), (float("inf"),), (decimal.Decimal("1.1"),), (1, 0), (1.5, 2), ("1", 2), (F(1, 2), F(3, 4)), (None,), (True,), ([],), (1j,), ("٣/٤",), (10**40, 3)]: show(F, *a)
xs = [F(0), F(1, 2), F(-3), F(7), F(22, 7)]; ys = [F(1, 3), 2, -1, 0.5, 0, decimal.Decimal(1), "x", None]
for name, op in [("+", lambda a, b: a + b), ("-", lambda a, b: a - b), ("*", lambda a, b: a * b), ("/", lambda a, b: a / b), ("//", lambda a, b: a // b), ("%", lambda a, b: a % b), ("divmod", divmod), ("**", lambda a, b: a ** b), ("==", lambda a, b: a == b), ("<", lambda a, b: a < b), ("r-", lambda a, b: b - a), ("r/", lambda a, b: b / a), ("r**", lambda a, b: b ** a)]:
    for a in xs:
        for b in ys:
            try: r = op(a, b)
            except Exception as e: r = type(e).__name__
            print(name, a, b, r, end="; ")
    print()
f = F(355, 113); print(f.limit_denominator(10), f.numerator, f.denominator, float(f), int(f), round(f), round(f, 2), round(F(5, 2)), math.floor(-f), math.ceil(-f), math.trunc(-f), -f, +f, abs(-f), hash(F(1, 2)) == hash(0.5), hash(F(3)) == hash(3), bool(F(0)), f.as_integer_ratio(), F.from_float(0.25), F.from_decimal(decimal.Decimal("0.3")), F(math.pi).limit_denominator(1000), f.is_integer(), F(4, 2).is_integer(), str(F(4, 2)), repr(F(-1, 3)), f"{f:.3f}", f"{f:10.2e}|", f"{F(1, 3):%}", f"{F(10**9, 3):,.2f}", f"{F(1,2)}", pickle.loads(pickle.dumps(f)), complex(F(1, 2)), sum([F(1, 3)] * 3), F(1, 3) < 0.34 < F(35, 100), max(F(1, 2), 0.3), F(2) ** F(1, 2), F(1, 2) ** 100)
show(F.from_float, "x"); show(F.from_decimal, 1.5); show(f.limit_denominator, 0); show(format, f, "x"); show(F, 1, 2, 3); show(setattr, f, "numerator", 5)
data = [1, 2, 2, 3, 4, 7, 9, 9.5]; fr = [F(1, 2), F(1, 3), F(1, 6)]; de = [decimal.Decimal("0.1")] * 3 + [decimal.Decimal(2)]
for fn in [st.mean, st.fmean, st.median, st.median_low, st.median_high, st.median_grouped, st.mode, st.multimode, st.pstdev, st.pvariance, st.stdev, st.variance, st.quantiles, st.harmonic_mean]:
    for d in [data, fr, de, [5], [], [1, 1], "aab", [-1, 1], [0, 1], range(10), (x for x in [1, 2, 3]), [1, "x"], [True, False, True]]:
        if not isinstance(d, (list, str, range)): d = iter([1, 2, 3])
        try: r = fn(d)
        except Exception as e: r = type(e).__name__
        print(fn.__name__, r if not (d == [5] and fn is st.quantiles) and not (d == [0, 1] or d == range(10)) else "-", end="; ")
    print()
print(st.quantiles(data, n=10), st.quantiles(data, n=4, method="inclusive"), st.linear_regression([1, 2, 3], [2, 4, 7]), st.correlation([1, 2, 3, 4], [1, 3, 2, 5]), st.covariance([1, 2, 3], [1, 5, 7]), st.fmean([1, 2, 3], weights=[1, 0, 3]), st.harmonic_mean([40, 60], weights=[5, 30]), st.correlation([1, 2, 3], [1, 8, 27], method="ranked"))
show(st.quantiles, data, n=0); show(st.correlation, [1], [1]); show(st.linear_regression, [1, 1], [2, 3]); show(st.quantiles, [1]) if 0 else None; show(st.fmean, [1, 2], [1]); show(st.mode, [])
n = st.NormalDist(100, 15); print(n, n.mean, n.stdev, n.variance, round(n.pdf(110), 12), round(n.cdf(110), 12), round(n.inv_cdf(0.9), 10), n + 5, n * 2, n + st.NormalDist(1, 2), [round(q, 9) for q in n.quantiles(4)], round(n.overlap(st.NormalDist(110, 15)), 12), n.zscore(130), st.NormalDist.from_samples([1, 2, 3, 4]), n == st.NormalDist(100, 15), hash(n) == hash(st.NormalDist(100, 15)), -n, n - 5, n / 3); show(st.NormalDist, 0, -1); show(n.inv_cdf, 2); show(n.cdf, "x")
random.seed(1); print(len(st.NormalDist(0, 1).samples(3, seed=5)), st.pstdev([random.random() for _ in range(10)]), st.variance([10**20 + i for i in range(5)]), st.mean([0.1] * 10), st.fmean([0.1] * 10))
