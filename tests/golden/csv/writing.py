# csv.writer: quoting of every kind, terminators, errors, dictionaries
import csv, io
def show(f, *a, **k):
    try:
        r = f(*a, **k)
    except Exception as e:
        r = f"{type(e).__module__}.{type(e).__name__}: {e}"
    print(repr(r) if "Error" not in str(r) else r)
def wr(row, **k):
    b = io.StringIO(newline=""); w = csv.writer(b, **k); n = w.writerow(row); return n, b.getvalue()
class S:
    def __str__(self): return "s,s"
class N(int):
    def __str__(self): return "n!"
rows = [[], [""], [None], ["", ""], [None, None], ["a", "b"], ["a,b", 'q"q', "x\ny", "x\ry", " sp ", "\t"], [1, 2.5, True, 10**20, 1e300, 0.1, -0.0], [S(), N(3)], ["é", "漢"], "abc", ("t", 1), (x for x in "gen"), {"k": 1, "l": 2}, ["'", "\\", "a\\b"], ["a;b", "a|b"], ["\0"], [b"x"], ["end\\"], ["!", "x!y"]]
for k in [{}, dict(quoting=csv.QUOTE_ALL), dict(quoting=csv.QUOTE_NONNUMERIC), dict(quoting=csv.QUOTE_NONE), dict(quoting=csv.QUOTE_NONE, escapechar="\\"), dict(quoting=csv.QUOTE_STRINGS), dict(quoting=csv.QUOTE_NOTNULL), dict(delimiter=";", quotechar="'"), dict(doublequote=False), dict(doublequote=False, escapechar="\\"), dict(escapechar="\\"), dict(lineterminator="!"), dict(lineterminator=""), dict(dialect="unix"), dict(dialect="excel-tab"), dict(quotechar=None, quoting=csv.QUOTE_NONE), dict(quotechar=None, quoting=csv.QUOTE_NONE, escapechar="e"), dict(delimiter=" "), dict(skipinitialspace=True), dict(quoting=csv.QUOTE_MINIMAL, quotechar="e")]:
    print(k)
    for r in rows:
        if not isinstance(r, (list, tuple, str, dict)): r = iter("gen")
        show(wr, r, **k)
show(wr, 5); show(wr, None); show(csv.writer, 5); show(csv.writer); show(csv.writer, io.StringIO(), bogus=1)
class W:
    def write(self, s): return ("wrote", s)
w = csv.writer(W()); print(w.writerow([1]), w.writerows([[1], [2]]), type(w), w.dialect.lineterminator == "\r\n"); show(w.writerows, 5); show(w.writerows, [1]); show(w.writerow)
class F:
    def write(self, s): raise OSError("full")
show(csv.writer(F()).writerow, [1])
class BadStr:
    def __str__(self): raise KeyError("str")
show(wr, ["a", BadStr()])
b = io.StringIO(newline=""); w = csv.writer(b); w.writerows([["a", 1], ["b,c", None], (3.5, "x\ny")]); print(repr(b.getvalue()), list(csv.reader(io.StringIO(b.getvalue(), newline=""))))
b = io.StringIO(newline=""); d = csv.DictWriter(b, ["x", "y"], restval="?"); print(d.writeheader(), d.writerow({"x": 1}), d.writerow({"y": 2, "x": 3})); d.writerows([{"x": 5}, {}]); show(d.writerow, {"z": 1}); print(repr(b.getvalue())); d = csv.DictWriter(b, "ab", extrasaction="ignore"); d.writerow({"a": 1, "zz": 2}); show(csv.DictWriter, b, "ab", extrasaction="bogus"); print(repr(b.getvalue()[-6:]))
print([n for n in dir(csv) if n.startswith("QUOTE")], csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC, csv.QUOTE_NONE, csv.QUOTE_STRINGS, csv.QUOTE_NOTNULL, csv.__version__ if hasattr(csv, "__version__") else "")
import random; r = random.Random(5); alpha = "ab,\"'\n\r; \\|é"
for i in range(200):
    row = ["".join(r.choice(alpha) for _ in range(r.randrange(6))) for _ in range(r.randrange(1, 5))]
    for k in [{}, dict(quoting=csv.QUOTE_ALL), dict(delimiter=";", quotechar="'"), dict(doublequote=False, escapechar="\\", quoting=csv.QUOTE_ALL)]:
        b = io.StringIO(newline=""); csv.writer(b, **k).writerow(row); got = list(csv.reader(io.StringIO(b.getvalue(), newline=""), **k)); assert got == [row], (row, k, got)
print("round trips")
