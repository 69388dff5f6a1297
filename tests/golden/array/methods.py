# the sequence and buffer interface of array
from array import array
import io, sys
def show(f, *a, **k):
    try:
        r = f(*a, **k)
    except Exception as e:
        r = f"{type(e).__name__}: {e}"
    print(r)
a = array("i", [3, 1, 4, 1, 5])
print(len(a), a[0], a[-1], a[1:3], a[::-1], a[::2], a[10:], list(a), 4 in a, 9 in a, 1.0 in a, "x" in a)
show(lambda: a[5]); show(lambda: a["x"]); show(lambda: a[2**70]); show(lambda: a[1.0]); show(a.__getitem__, slice("a", 2))
a.append(9); a.extend([2, 6]); a.extend(array("i", [5])); print(a)
show(a.append, "x"); show(a.append, 2**31); show(a.extend, array("h", [1])); show(a.extend, 5); show(a.extend, [1, "x"]); print(a); show(a.fromlist, [7, "x"]); print(a); a.fromlist([7, 8]); show(a.fromlist, (1,)); print(a)
a.insert(0, 100); a.insert(-1, 200); a.insert(999, 300); a.insert(-999, 400); print(a); show(a.insert, 0, "x"); show(a.insert, "x", 0)
print(a.pop(), a.pop(0), a.pop(-2), a); show(a.pop, 99); show(array("i").pop); show(a.pop, "x")
a.remove(1); print(a); show(a.remove, 12345); print(a.count(5), a.count(5.0), a.index(5), a.index(5, -4, 99)); show(a.index, 77); show(a.index, 3, 1, 2); show(a.index, 5, "x"); a.reverse(); print(a)
a[0] = -1; a[-1] = -2; print(a); show(a.__setitem__, 0, "x"); show(a.__setitem__, 99, 1); show(a.__setitem__, "q", 1); show(a.__setitem__, 0, 2**40); show(a.__setitem__, 0, 1.5)
a[1:3] = array("i", [50, 60, 70]); print(a); a[::2] = array("i", range(len(a[::2]))); print(a); show(a.__setitem__, slice(0, 1), [1]); show(a.__setitem__, slice(0, 1), array("h")); show(a.__setitem__, slice(None, None, 2), array("i", [1])); a[2:2] = a; print(a); a[5:] = array("i"); print(a); a[::-1] = a; print(a)
del a[0]; print(a); del a[::2]; print(a); del a[-1:]; print(a); show(a.__delitem__, 99); show(a.__delitem__, "x"); del a[:]; print(a)
b = array("h", [1, 2]); print(b + b, b * 3, 2 * b, b * -1, b * 0); show(lambda: b + [1]); show(lambda: b + array("i")); show(lambda: b * "x"); show(lambda: b * 1.5); show(lambda: [1] + b); show(lambda: b * 2**70); show(lambda: b * 2**60)
c = b; c += b; print(b, c is b); c *= 2; print(b, c is b); show(lambda: b.__iadd__([1])); c *= 0; print(b)
i = iter(array("b", [1, 2, 3])); print(next(i), list(i), list(i), type(i).__name__, type(i).__module__)
g = array("b", [1, 2, 3]); it = iter(g); next(it); g.append(4); print(list(it), it.__reduce__()[1:]); it = iter(g); next(it); r = it.__reduce__(); print(r[1:], r[0] is iter); it.__setstate__(3); print(list(it)); print(list(reversed(g)), max(g), sum(g), sorted(g, reverse=True))
b = array("h", [1, 2, 258]); print(b.tobytes(), b.tolist(), bytes(b), bytearray(b)); b.frombytes(b"\5\0"); print(b); show(b.frombytes, b"x"); show(b.frombytes, "xx"); show(b.frombytes, memoryview(b"ab")); print(b); show(b.tounicode); show(b.fromunicode, "x"); u = array("u", "ab"); u.fromunicode("cd"); print(u, u.tounicode()); show(u.fromunicode, 5); show(u.append, "xy"); show(u.append, 5); u.append("é"); print(u, u[-1], u.index("c"))
f = io.BytesIO(); b.tofile(f); print(f.getvalue()); f.seek(0); n = array("h"); n.fromfile(f, 2); print(n); show(n.fromfile, f, 99); print(n); show(n.fromfile, f, -1); show(n.fromfile, "x", 1); show(n.tofile, 5); n.fromfile(f, 0)
class Txt:
    def read(self, n): return "xx"
show(n.fromfile, Txt(), 1)
m = memoryview(b); print(m.format, m.itemsize, m.shape, m.nbytes, m[0], m[-1], m.tolist(), m.readonly)
m[0] = -9; print(b); show(m.__setitem__, 0, 2**15); show(m.__setitem__, 0, "x")
for op in [lambda: b.append(1), lambda: b.extend([1]), lambda: b.pop(), lambda: b.insert(0, 1), lambda: b.__delitem__(0), lambda: b.frombytes(b"ab"), lambda: b.__setitem__(slice(0, 1), array("h")), lambda: b.__iadd__(array("h", [1])), lambda: b.__imul__(2), lambda: b.remove(-9), lambda: b.clear()]: show(op)
b[0] = 5; b[1:2] = array("h", [7]); b.reverse(); b.byteswap(); print(m.tolist()); m.release(); b.append(1); print(b)
for code, vals in [("b", [-1]), ("B", [255]), ("H", [65535]), ("I", [2**32 - 1]), ("l", [-2**40]), ("L", [2**63]), ("q", [-1]), ("Q", [2**64 - 1]), ("f", [0.5]), ("d", [0.25])]:
    m = memoryview(array(code, vals)); print(m.format, m.itemsize, m[0], m.cast("B").nbytes)
show(lambda: memoryview(array("u", "ab")).format)
x = array("d", [1, 2, 3]); m = memoryview(x)[::2]; print(m.tolist(), m.strides); del m
big = array("i", bytes(4 * 100000)); print(len(big), big.itemsize, sum(big)); print(sys.getsizeof(big) >= 400000)
class Evil:
    def __init__(self, t): self.t = t
    def __index__(self): self.t.clear() if hasattr(self.t, "clear") else self.t.__delitem__(slice(None)); return 1
e = array("i", [1, 2, 3]); show(e.__setitem__, Evil(e), 5); print(e)
e = array("i", [1, 2, 3])
class Eq:
    def __eq__(self, o): del e[:]; return False
show(e.count, Eq()); print(e)
e = array("i", [1, 2, 3]); show(e.index, Eq()); e = array("i", [1, 2, 3]); show(lambda: Eq() in e); print(e)
import collections.abc, operator
print(isinstance(e, collections.abc.MutableSequence), isinstance(e, collections.abc.Sequence), operator.concat(array("b", [1]), array("b", [2])))
match array("i", [1, 2]):
    case [x, y]: print("seq", x, y)
    case _: print("no")
print(array("i", [1]).__contains__(1), array("u", "it's").__repr__(), array("u", 'a"\n'), repr(array("u")), str(array("f", [0.1])))
w = array("i", range(10)); w[2:8:2] = array("i", [-1, -2, -3]); del w[1::3]; print(w)
