# Classes derived from built-in types.
class I(int):
    def __new__(cls, v, tag=None):
        self = super().__new__(cls, v)
        self.tag = tag
        return self

    def __add__(self, o):
        return I(int(self) + int(o), "sum")

i = I(5, "t")
print(i, i + 1, (i + 1).tag, type(i + 1).__name__, type(i * 2).__name__, i == 5, hash(i) == hash(5), {5: "x"}[i], i.tag, repr(i), f"{i:03d}")

class S(str):
    def shout(self):
        return self.upper() + "!"

s = S("abc")
s.note = 1
print(s, s.shout(), s.note, type(s.upper()).__name__, s == "abc", {"abc": 1}[s], s + "d", len(s))

class L(list):
    def append(self, x):
        super().append(x * 2)

    def __getitem__(self, k):
        return ("L", super().__getitem__(k))

l = L([1])
l.append(5)
print(l, l[1], len(l), l == [1, 10], isinstance(l, list), l[0:1])

class D(dict):
    def __missing__(self, k):
        return "missing " + str(k)

    def __setitem__(self, k, v):
        super().__setitem__(k, v + 1)

d = D(a=1)
d["b"] = 1
print(d, d["zz"], d.get("zz"), "zz" in d, dict(d))
d.attr = 3
print(d.attr, d.__dict__)

class T(tuple):
    def __new__(cls, *items):
        return super().__new__(cls, items)

    @property
    def first(self):
        return self[0]

t = T(1, 2, 3)
print(t, t.first, t + (4,), t == (1, 2, 3), hash(t) == hash((1, 2, 3)))

class F(float):
    def __repr__(self):
        return "F:" + super().__repr__()

print(F(1.5), F(1.5) + 1, F("2") * 2, [F(3)])

class E(Exception):
    def __init__(self, a, b=2):
        super().__init__(a)
        self.b = b

    def __str__(self):
        return f"E {self.args} {self.b}"

try:
    raise E("x", 5)
except E as e:
    print(e, repr(e), e.args, e.b)

class By(bytes):
    pass

print(By(b"ab"), By(b"ab") == b"ab")
class St(set):
    def add(self, x):
        super().add(x + 1)
st = St()
st.add(1)
print(st, len(st))
class C(complex): pass
print(C(1, 2), C(1, 2) + 1)
for f in (lambda: type("X", (bool,), {}), lambda: type("X", (range,), {}), lambda: type("X", (slice,), {}), lambda: int.__new__(str), lambda: int.__new__(3), lambda: object.__new__(int), lambda: list.__new__(int), lambda: dict.__new__(list), lambda: tuple.__new__(list), lambda: str.__new__(), lambda: int.__new__(I)):
    try:
        print(f())
    except TypeError as e:
        print(e)
