# every letter, byte order, alignment, repeat count, and what is refused
import struct
def show(f, *a):
    try:
        r = f(*a)
    except Exception as e:
        r = f"{type(e).__module__}.{type(e).__name__}: {e}"
    print(r)
def name(f): return getattr(f, "__name__", f)
for order in ["", "@", "=", "<", ">", "!"]:
    for c in "xcbB?hHiIlLqQnNefdspP":
        show(struct.calcsize, order + c)
for f in ["bhilq", "@bhilq", "=bhilq", "bi0l", "b0q", "3s2i", "0s", "0i", "10x", " 2 h ", "2h\n3b", "5", "h5", "z", "i@", "i<", "<P", ">n", "=N", "", "@", "99999999999999999999h", "9223372036854775807h", "h9223372036854775807b", "?c", "i\0", "é", b"<i", bytearray(b"i"), 5, None, "ib", "bi", "bibi", "0qb", "b0q0i"]:
    print(repr(f), end=" ")
    show(struct.calcsize, f)
for order in ["<", ">"]:
    for c, v in [("b", -1), ("B", 255), ("?", []), ("?", [0]), ("h", -2), ("H", 0x1234), ("i", -3), ("I", 0x12345678), ("l", -4), ("L", 0xfedcba98), ("q", -(2**63)), ("Q", 2**64 - 1), ("e", 1.5), ("e", 65504), ("e", 2**-24), ("f", 1/3), ("d", 1/3), ("d", 7), ("f", True), ("c", b"x"), ("4s", b"ab"), ("4s", b"abcdef"), ("4p", b"ab"), ("4p", b"abcdef"), ("1p", b"abc"), ("0s", b"zz"), ("s", bytearray(b"q")), ("300p", b"y" * 299)]:
        b = struct.pack(order + c, v)
        print(order + c, v if len(b) < 50 else len(v), b if len(b) < 50 else (len(b), b[:3]), struct.unpack(order + c, b) if len(b) < 50 else len(struct.unpack(order + c, b)[0]))
for c in "bBhHiIlLqQnNP":
    for order in ["", "<", ">"]:
        if order and c in "nNP": continue
        size = struct.calcsize(order + c)
        for v in [-1, 2 ** (8 * size - 1), 2 ** (8 * size - 1) - 1, -(2 ** (8 * size - 1)), -(2 ** (8 * size - 1)) - 1, 2 ** (8 * size) - 1, 2 ** (8 * size), 10 ** 40, 1.0, "1", None]:
            print(order + c, v, end=" ")
            show(struct.pack, order + c, v)
class Ix:
    def __index__(self): return 77
class Bad:
    def __index__(self): return "no"
class Fl:
    def __float__(self): return 2.5
class Boom:
    def __index__(self): raise KeyError("boom")
    def __float__(self): raise KeyError("fboom")
    def __bool__(self): raise KeyError("bboom")
for c, v in [("b", Ix()), ("<q", Ix()), ("Q", Ix()), ("i", Bad()), ("<i", Bad()), ("d", Fl()), ("d", Ix()), ("e", Fl()), ("i", Fl()), ("i", Boom()), (">i", Boom()), ("d", Boom()), ("?", Boom()), ("?", Ix()), ("f", 1e300), ("f", -1e39), ("<f", 1e39), ("e", 65520), ("e", 1e10), (">e", -65520), ("e", float("inf")), ("f", float("inf")), ("d", "x"), ("d", None), ("f", 10**400), ("c", b""), ("c", b"ab"), ("c", "a"), ("c", 5), ("s", "a"), ("s", 5), ("p", "a"), ("p", None), ("x", 1), ("2i", 1), ("2i", 1, ), ("P", -1), ("P", 2**64 - 1), ("N", 1), ("n", -1), ("P", 1.0)]:
    print(c, end=" ")
    show(struct.pack, c, v)
show(struct.pack)
show(struct.pack, "i")
show(struct.pack, "i", 1, 2)
show(struct.unpack, "i", b"123")
show(struct.unpack, "i", "1234")
show(struct.unpack, "ix", b"1234")
show(struct.unpack, "<2hx3sx?", b"\x01\x00\x02\x00_abc_\x07")
show(struct.unpack, "3p", b"\xffab")
show(struct.unpack, "e", b"\x00\x7e")
show(struct.unpack, ">e", b"\xfc\x00")
show(struct.unpack, "<f", b"\x00\x00\xc0\x7f")
show(struct.unpack, "@P", b"\xff" * 8)
