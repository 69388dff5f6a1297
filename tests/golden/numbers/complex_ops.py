def attempt(f, *args, **kw):
    try:
        return repr(f(*args, **kw))
    except Exception as e:
        return f"{type(e).__name__}: {e}"
inf, nan = float("inf"), float("nan")
zs = [0j, 1j, -1j, 1+2j, 3-4j, complex(-0.0, 0.0), complex(0.0, -0.0), complex(inf, 1), complex(nan, 1), 2.5+0j]
for z in zs:
    print(z, repr(z), str(z), bool(z), -z, +z, z.real, z.imag, z.conjugate(), attempt(abs, z), z == z.real, hash(z) == hash(z.real) if z.imag == 0 else "")
    for w in (2, 0.5, 1+1j, 0, -2j, True):
        print("  ", w, z + w, z - w, z * w, attempt(lambda: z / w), w - z, z == w, z != w)
for args in [(), (1,), (1, 2), (1.5, -0.0), ("1+2j",), ("1",), ("j",), ("-j",), ("1e3-2.5e-3j",), (" (1+2j) ",), ("1 + 2j",), ("abc",), ("",), ("nan+infj",), (1j, 2), (1, 1j), (1j, 1j), ("1", 2), (1, "2"), ([],), (None,), (1, None), ("1_0+2j",), ("1__0",)]:
    print(args, attempt(complex, *args))
print(attempt(complex, real=1, imag=2), attempt(complex, imag=3), attempt(complex, 1, 2, 3), attempt(complex, foo=1))
print((1+2j) ** 2, (1+2j) ** 0, attempt(lambda: 0j ** -1), attempt(lambda: (1+2j) // 2), attempt(lambda: (1+2j) % 2), attempt(lambda: divmod(1j, 2)), attempt(lambda: 1j < 2), attempt(lambda: int(1j)), attempt(lambda: float(1j)), attempt(pow, 1j, 2, 3), attempt(round, 1j))
print((2+0j) ** 3, 2 ** (1+0j), 1j * 1j, (1+2j) == (1+2j), {1+0j: "a"}[1], 5 == 5+0j, 1j.__eq__("a"))
for spec in ("", ".2f", "10.1f", "<20", "^20.1e", "+", "g", ",", "d", "=5", "05"):
    print(repr(spec), attempt(format, 1234.5-2.25j, spec))
class C:
    def __complex__(self): return 1+1j
class D(complex):
    pass
class E:
    def __float__(self): return 2.5
print(complex(C()), complex(D(1, 2)), D(1, 2) + 1, type(D(1, 2) + 1).__name__, type(D(1)).__name__, complex(E()), complex(E(), E()), 1j.__complex__(), (1+2j).__getnewargs__())
