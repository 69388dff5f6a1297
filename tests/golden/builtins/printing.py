import sys
print()
print("a", 1, 2.5, None, True, [1, "x"], {"k": (1,)}, {1}, b"b", 1j, sep="|")
print("no newline", end="")
print("", "x", sep="-", end="!\n")
print("a", "b", sep=None, end=None)
print(*range(5), sep=", ")
print("中文", "é", "\U0001f600")
print("flush", flush=True)
print("line1\nline2\ttab")
for bad in (dict(sep=5), dict(end=5), dict(foo=1)):
    try:
        print("x", **bad)
    except TypeError as e:
        print("TypeError", e)
class W:
    def __init__(self): self.parts = []; self.flushed = 0
    def write(self, s): self.parts.append(s)
    def flush(self): self.flushed += 1
w = W()
print("to", "w", file=w)
print("again", file=w, end="", flush=True)
print(repr("".join(w.parts)), w.flushed)
class S:
    def __str__(self): return "str of S"
print(S(), [type(S()).__name__])
class T:
    def __str__(self): return 5
try:
    print(T())
except TypeError as e:
    print(e)
old = sys.stdout
sys.stdout = w
print("redirected")
sys.stdout = None
print("lost")
sys.stdout = old
print(w.parts[-1].strip() or w.parts[-2])
print(print("ret"))
