# every operator on ints of all sizes and signs
samples = [0, 1, -1, 2, -2, 3, -3, 7, -7, 10, 255, -256, 2**31 - 1, -(2**31), 2**47 - 1, 2**47, -(2**47), -(2**47) - 1,
           2**53, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), 2**64, 10**20, -(10**20), 2**100 + 1, True, False]
def attempt(f, *args):
    try:
        return repr(f(*args))
    except Exception as e:
        return f"{type(e).__name__}: {e}"
ops = [("+", lambda a, b: a + b), ("-", lambda a, b: a - b), ("*", lambda a, b: a * b), ("//", lambda a, b: a // b), ("%", lambda a, b: a % b),
       ("/", lambda a, b: a / b), ("&", lambda a, b: a & b), ("|", lambda a, b: a | b), ("^", lambda a, b: a ^ b), ("divmod", divmod),
       ("<", lambda a, b: a < b), ("==", lambda a, b: a == b), (">=", lambda a, b: a >= b)]
for name, f in ops:
    for a in samples:
        print(name, a, [attempt(f, a, b) for b in samples])
for a in samples:
    print(a, -a, +a, ~int(a), abs(a), hash(a), bool(a), a.bit_length(), a.bit_count(), int(a).__index__(), float(a), round(a, -2), round(a, 3), round(a))
    print(hex(a), oct(a), bin(a), str(a), repr(a), a.as_integer_ratio(), a.conjugate(), a.real, a.imag, a.numerator, a.denominator, a.is_integer())
for a in samples:
    for n in (0, 1, 5, 47, 63, 64, 100):
        print(a, n, a << n, a >> n)
print(attempt(lambda: 1 << -1), attempt(lambda: 1 >> -1), attempt(lambda: 0 << 10**30), attempt(lambda: -5 >> 10**30))
for a in (-3, -1, 0, 1, 2, 10, 2**50):
    for b in (-2, -1, 0, 1, 2, 5, 30):
        print(a, b, attempt(lambda: a ** b))
print(pow(3, 200, 13), pow(-3, 201, 13), pow(3, 200, -13), pow(38, -1, 97), attempt(pow, 2, -1, 4), attempt(pow, 2, 3, 0), pow(2, 3, 1), pow(0, 0, 1))
print(10**10 % 10**9, (-(10**25)) // 7, (-(10**25)) % 7, divmod(-(10**25), -7), 10**25 // -(10**10))
print(2**1000 % 1000007, (2**1000).bit_length(), 3**300 >> 200)
print(attempt(lambda: 10**400 / 3), 10**400 / 10**399, 1 / 10**400, attempt(lambda: float(10**400)))
print(sum(range(100)), sum([2**62] * 5), sum([True, True]), sum([], 5))
print(int.__add__(1, 2.0), int.__eq__(1, 1.0), (5).__rsub__(7), (5).__rpow__(2), (2).__pow__(5, 7))
