import math
def attempt(f, *args, **kw):
    try:
        return repr(f(*args, **kw))
    except Exception as e:
        return f"{type(e).__name__}: {e}"
inf, nan = math.inf, math.nan
def g(x): return f"{x:.13g}" if isinstance(x, float) else repr(x)
xs = [0.0, -0.0, 0.5, 1, -1, 2.5, 10, -3.7, 100, 1e-5, inf, -inf, nan]
for name in "acos acosh asin asinh atan atanh cbrt cos cosh degrees erf erfc exp exp2 expm1 fabs gamma lgamma log log10 log1p log2 radians sin sinh sqrt tan tanh ceil floor trunc isfinite isinf isnan ulp frexp modf".split():
    f = getattr(math, name)
    out = []
    for x in xs:
        try:
            r = f(x)
            out.append(tuple(map(g, r)) if isinstance(r, tuple) else g(r))
        except Exception as e:
            out.append(f"{type(e).__name__}: {e}")
    print(name, out)
for name in "atan2 copysign fmod remainder pow nextafter hypot".split():
    f = getattr(math, name)
    for a in (0.0, 1.5, -2.0, 5, inf, nan):
        print(name, a, [attempt(lambda: g(f(a, b))) for b in (0.0, -0.0, 1, -2.5, 3, inf, -inf, nan)])
print(attempt(math.exp, 1000), attempt(math.cosh, 1000), attempt(math.gamma, 172), attempt(math.gamma, -1), attempt(math.lgamma, 0), attempt(math.log, 0), attempt(math.log, -1), attempt(math.log, 8, 2), attempt(math.log, 8, 1), attempt(math.log, 10**400), attempt(math.log2, 2**2000), attempt(math.log10, 10**500), attempt(math.sqrt, "a"), attempt(math.sqrt, 10**400))
print(math.factorial(0), math.factorial(25), attempt(math.factorial, -1), attempt(math.factorial, 2.0), attempt(math.factorial, 10**30), math.comb(10, 3), math.comb(5, 9), attempt(math.comb, -1, 2), attempt(math.comb, 2, -1), math.perm(10, 3), math.perm(5), attempt(math.perm, -1), math.comb(100, 50), math.perm(3, 5))
print(math.gcd(), math.gcd(12, 18), math.gcd(-4, 6, 10), math.gcd(0, 0), math.lcm(), math.lcm(4, 6), math.lcm(0, 5), math.lcm(2, 3, 5), math.isqrt(17), math.isqrt(10**40), attempt(math.isqrt, -1), attempt(math.isqrt, 2.5), attempt(math.gcd, 1.5), math.gcd(2**100, 2**80 * 3))
print(math.fsum([0.1] * 10), math.fsum([1e100, 1.0, -1e100]), attempt(math.fsum, [inf, -inf]), attempt(math.fsum, [1e308, 1e308]), math.fsum([]), math.fsum([inf, 1]), math.prod([1, 2, 3]), math.prod([], start=5), math.prod([2.5, 2]), math.sumprod([1, 2], [3, 4]), math.sumprod([0.1] * 10, [1] * 10), attempt(math.sumprod, [1], [1, 2]), math.sumprod([1.5, 2], [2, 3]))
print(math.hypot(), math.hypot(3, 4), math.hypot(1, 1, 1), math.hypot(inf, nan), math.hypot(1e200, 1e200), math.hypot(1e-320, 1e-320), math.dist([1, 2], [4, 6]), attempt(math.dist, [1], [1, 2]), math.isclose(1, 1 + 1e-10), math.isclose(1, 1.1), math.isclose(0, 1e-10, abs_tol=1e-9), attempt(math.isclose, 1, 1, rel_tol=-1), math.isclose(inf, inf))
print(math.ldexp(0.5, 3), attempt(math.ldexp, 1, 5000), math.ldexp(1, -5000), attempt(math.ldexp, 1, 1.5), math.ldexp(inf, 5), math.nextafter(1, 2, steps=5), math.nextafter(0.0, -1), attempt(math.nextafter, 1, 2, steps=-1), math.ulp(1), math.ulp(0), math.ulp(inf), math.floor(-2.5), math.ceil(2.1), math.trunc(-2.9), attempt(math.floor, inf), attempt(math.trunc, "a"), attempt(math.floor, "a"))
print(math.pi, math.e, math.tau, math.inf, math.nan, math.floor(10**20), math.ceil(True), math.gamma(0.5), math.gamma(5), math.gamma(-1.5), math.lgamma(100.5), math.erf(0.3), math.gamma(170.5))
class C:
    def __floor__(self): return "fl"
    def __ceil__(self): return "ce"
    def __trunc__(self): return "tr"
    def __float__(self): return 0.25
    def __index__(self): return 6
print(math.floor(C()), math.ceil(C()), math.trunc(C()), math.sqrt(C()), math.factorial(C()), math.gcd(C(), 4))
