# every type code: sizes, limits, errors, reprs, bytes
from array import array, typecodes, ArrayType
import array as am
def show(f, *a, **k):
    try:
        r = f(*a, **k)
    except Exception as e:
        r = f"{type(e).__name__}: {e}"
    print(r)
print(typecodes, ArrayType is array, array.__name__, array.__module__)
class Ix:
    def __index__(self): return 7
class Fl:
    def __float__(self): return 2.5
class Boom:
    def __index__(self): raise KeyError("i")
    def __float__(self): raise KeyError("f")
for c in "bBhHiIlLqQfd":
    a = array(c); size = a.itemsize
    print(c, size, a.typecode, a, array(c, [1, 2]), array(c, [1, 2]).tobytes())
    for v in [-1, 2 ** (8 * size - 1), 2 ** (8 * size - 1) - 1, -(2 ** (8 * size - 1)), -(2 ** (8 * size - 1)) - 1, 2 ** (8 * size) - 1, 2 ** (8 * size), 10 ** 40, -(10 ** 40), 2.5, "1", b"1", None, True, Ix(), Fl(), Boom()]:
        if isinstance(v, (Ix, Fl, Boom)): print(c, type(v).__name__, end=" ")
        else: print(c, v, end=" ")
        show(array, c, [v])
show(array, "u", "héλ😀"); print(array("u", "héλ").tounicode(), array("u").itemsize, array("u", "ab").tobytes())
show(array, "u", [1]); show(array, "u", ["ab"]); show(array, "u", ["a", "b"]); show(array, "u", b"abcdabcd"[:0]); show(array, "u", "")
show(array, "b", "abc"); show(array, "b", b"\xff\x01"); show(array, "h", b"abc"); show(array, "h", bytearray(b"abcd")); show(array, "x"); show(array, "ab"); show(array, 5); show(array); show(array, "b", 5); show(array, "b", None); show(array, "b", [], []); show(array, typecode="b"); show(array, "d", array("i", [1, 2])); show(array, "i", array("d", [1.0])); show(array, "B", array("b", [-1])); show(array, "i", array("u", "a")); show(array, "u", array("i", [1])); show(array, "i", range(5)); show(array, "i", (x for x in "12")); show(array, "f", [1e300, float("nan"), -0.0, 1/3]); show(array, "d", [1e300, float("inf"), 1/3])
show(array, "B", memoryview(b"abc")); show(array, "i", {3: 1, 1: 2}); show(array, "f", [10**400])
class A(array):
    def __new__(cls, *a, extra=1): return super().__new__(cls, *a)
    def __init__(self, *a, extra=1): self.extra = extra
x = A("i", [1, 2], extra=9); print(x, x.extra, type(x + x), type(x[:1]), type(x * 2), isinstance(x, array))
print(array("B", b"ab").__class__.__mro__)
print([array("i", [1, 2]) < array("d", [1.5]), array("i", [1]) == array("d", [1.0]), array("i") == [], array("i", [1]) != array("q", [1]), array("b", [1, 2]) >= array("b", [1]), array("u", "a") == array("i", [97])])
show(lambda: array("i") < []); show(hash, array("i"))
print(array("i", [1, 2, 3]).buffer_info()[1], array("b").__sizeof__() > 0)
s = array("h", [1, -2, 0x1234]); s.byteswap(); print(s); s.byteswap(); print(s); d = array("d", [1.5]); d.byteswap(); print(d.tobytes()); b = array("b", [1]); b.byteswap(); print(b); q = array("q", [1]); q.byteswap(); print(q); f = array("f", [1.0]); f.byteswap(); print(f)
for proto in range(6):
    import pickle
    for a in [array("i", [1, -2]), array("d", [0.5]), array("u", "ab"), array("B", b"xy"), x]:
        r = pickle.loads(pickle.dumps(a, proto)); print(proto, r, type(r).__name__, getattr(r, "extra", None))
import copy
print(copy.copy(array("i", [1])), copy.deepcopy(array("d", [2.0])))
print(array("i", [1, 2]).__reduce_ex__(2), array("i", [1, 2]).__reduce_ex__(3))
print(am._array_reconstructor(array, "h", 5, b"\0\1\0\2"), am._array_reconstructor(array, "b", 3, b"\0\1\0\2\1\1"))
show(am._array_reconstructor, array, "z", 5, b""); show(am._array_reconstructor, list, "b", 1, b""); show(am._array_reconstructor, array, "h", 99, b""); show(am._array_reconstructor, array, "h", 5, b"abc")
