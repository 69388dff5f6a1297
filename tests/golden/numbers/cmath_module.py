import cmath
def attempt(f, *args, **kw):
    try:
        r = f(*args, **kw)
        return f"{r.real:.11g} {r.imag:.11g}" if isinstance(r, complex) else repr(r)
    except Exception as e:
        return f"{type(e).__name__}: {e}"
zs = [0j, 1, -1, 1j, -1j, 1+1j, -2.5+0.5j, 3-4j, 0.5, 2, -3, 1e-5+1e-5j, 100+3j, 1e200+1e200j, 700j]
for name in "acos acosh asin asinh atan atanh cos cosh exp log log10 sin sinh sqrt tan tanh phase polar isfinite isinf isnan".split():
    f = getattr(cmath, name)
    if name == "polar":
        print(name, [tuple(f"{p:.11g}" for p in f(z)) for z in zs])
        continue
    if name == "phase":
        print(name, [f"{f(z):.11g}" for z in zs])
        continue
    print(name, [attempt(f, z) for z in zs])
print(attempt(cmath.log, 8, 2), attempt(cmath.rect, 2, cmath.pi), attempt(cmath.rect, 1, float("inf")), cmath.isclose(1j, 1j + 1e-12), cmath.isclose(1, 2), attempt(cmath.exp, 1000), attempt(cmath.sqrt, "a"), cmath.infj, cmath.nanj, cmath.pi, attempt(cmath.isclose, 1, 1, rel_tol=-1))
