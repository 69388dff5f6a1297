# Containers, iterators, context managers and callables written in Python.
class Stack:
    def __init__(self, *items): self.items = list(items)
    def __len__(self): return len(self.items)
    def __getitem__(self, i): return self.items[i]
    def __setitem__(self, i, v): self.items[i] = v
    def __delitem__(self, i): del self.items[i]
    def __iter__(self): return iter(self.items)
    def __reversed__(self): return iter(self.items[::-1])
    def __contains__(self, x): return x in self.items
    def __bool__(self): return bool(self.items)
    def __repr__(self): return f"Stack{tuple(self.items)}"
    def __eq__(self, o): return isinstance(o, Stack) and self.items == o.items
    def __hash__(self): return hash(tuple(self.items))
    def __add__(self, o): return Stack(*self.items, *o.items)
    def __iadd__(self, o): self.items += o; return self
    def __mul__(self, n): return Stack(*self.items * n)
    __rmul__ = __mul__
    def __lt__(self, o): return self.items < o.items
    def __call__(self, *a, sep="-"): return sep.join(map(str, a or self.items))
    def __format__(self, spec): return f"<{spec or 'none'}:{len(self)}>"
    def __copy__(self): return Stack(*self.items)
    def __index__(self): return len(self)
    def __enter__(self): self.items.append("in"); return self
    def __exit__(self, *a): self.items.append("out")
    def __getattr__(self, n):
        if n.startswith("get_"): return lambda: (n, len(self))
        raise AttributeError(f"no {n} here")
s = Stack(1, 2, 3)
print(len(s), s[0], s[-1], s[1:], list(s), list(reversed(s)), 2 in s, 9 in s, bool(Stack()), s == Stack(1, 2, 3), s != Stack(), {s: 1}[Stack(1, 2, 3)])
s[0] = 10
del s[1]
print(s, s + Stack(4), s * 2, 2 * s, s(), s(1, 2, sep="+"), f"{s} {s:x}", sorted([Stack(3), Stack(1)]), max(Stack(3), Stack(1)))
s += [7]
with s as t:
    print(t is s, s)
print(s, [0] * 10 and list(range(10))[s], s.get_abc(), hasattr(s, "other"))
try:
    s.other
except AttributeError as e:
    print(e)
a, *b = s
print(a, b, [*s], {*Stack(1, 1)}, dict(enumerate(Stack("x", "y"))), sum(Stack(1, 2)), any(Stack(0, 1)), min(Stack(4, 2)), list(zip(s, s)), list(map(str, Stack(1))))
class Countdown:
    def __init__(self, n): self.n = n
    def __iter__(self):
        n = self.n
        while n:
            yield n
            n -= 1
print(list(Countdown(3)), [x * y for x in Countdown(2) for y in Countdown(2)], next(iter(Countdown(5))), *Countdown(2))
class Default(dict):
    def __missing__(self, k):
        self[k] = []
        return self[k]
d = Default()
d["a"].append(1)
d["a"].append(2)
print(d)
class Chain:
    def __init__(self, path=""): self.path = path
    def __getattr__(self, n): return Chain(self.path + "." + n)
    def __call__(self, *a): return self.path + str(a)
    def __getitem__(self, k): return Chain(self.path + f"[{k!r}]")
print(Chain().a.b["c"].d(1, 2))
class Frozen:
    def __init__(self, **kw): self.__dict__.update(kw)
    def __setattr__(self, k, v): raise AttributeError(f"can't set {k}")
    def __delattr__(self, k): raise AttributeError(f"can't delete {k}")
f = Frozen(a=1)
for g in (lambda: setattr(f, "a", 2), lambda: delattr(f, "a")):
    try:
        g()
    except AttributeError as e:
        print(e, f.a)
class Point:
    __match_args__ = ("x", "y")
    def __init__(self, x, y): self.x, self.y = x, y
def where(p):
    match p:
        case Point(0, 0): return "origin"
        case Point(x=0, y=y): return f"y axis {y}"
        case Point(x, y) if x == y: return "diagonal"
        case Point(): return "somewhere"
        case [Point(), *rest]: return f"list {len(rest)}"
        case {"p": Point(x, _)}: return f"dict {x}"
        case int(n) | float(n): return f"number {n}"
        case str() as s: return f"text {s}"
        case _: return "nothing"
print([where(p) for p in (Point(0, 0), Point(0, 3), Point(2, 2), Point(1, 2), [Point(1, 1), 2], {"p": Point(5, 6)}, 3, 2.5, "hi", None)])
