def attempt(f, *args, **kw):
    try:
        return repr(f(*args, **kw))
    except Exception as e:
        return f"{type(e).__name__}: {e}"
class A:
    x = 1
    def __init__(self): self.y = 2
    def m(self): return self
    def __call__(self): return 5
a = A()
print(getattr(a, "x"), getattr(a, "y"), getattr(a, "z", 7), attempt(getattr, a, "z"), attempt(getattr, a, 1), attempt(getattr, a))
print(hasattr(a, "x"), hasattr(a, "q"), attempt(hasattr, a, 1), attempt(setattr, a, "w", 9), a.w, attempt(delattr, a, "w"), attempt(delattr, a, "w"), attempt(setattr, 1, "x", 1), attempt(setattr, a, 1, 2))
print(callable(a), callable(A), callable(len), callable(1), callable(lambda: 0), callable(a.m), callable([].append), callable(None))
print(isinstance(a, A), isinstance(1, (str, int)), isinstance(True, int), isinstance(1, int | str), issubclass(A, object), issubclass(bool, (str, int)), attempt(isinstance, 1, 1), attempt(issubclass, 1, int), attempt(issubclass, int, 1), isinstance(1, ((str,), (int,))))
print(sorted(n for n in dir(a) if not n.startswith("_")), attempt(dir, 1, 2), "append" in dir(list), "__add__" in dir(1))
print(vars(a), attempt(vars, 1), "x" in vars(A))
print(hash(1), hash("a") == hash("a"), attempt(hash, []), attempt(hash, {}), hash((1, 2)) == hash((1, 2)), hash(1.0), hash(True), hash(None) == hash(None))
print(id(a) == id(a), id(a) != id(A()), type(id(a)).__name__, a is a)
class P:
    def __getattr__(self, name):
        if name.startswith("dyn_"): return name
        raise AttributeError(name)
p = P()
print(p.dyn_x, attempt(getattr, p, "other"), hasattr(p, "dyn_q"), hasattr(p, "q"), getattr(p, "zz", None))
class E:
    @property
    def bad(self): raise ValueError("inside")
print(attempt(hasattr, E(), "bad"), attempt(getattr, E(), "bad", 1))
class D:
    def __dir__(self): return ["b", "a"]
print(dir(D()))
print(repr("a'b"), ascii("é中\U0001f600"), chr(65), chr(0x4e2d), ord("中"), ord("a"), ord(b"a"), attempt(ord, "ab"), attempt(ord, 5), attempt(ord, b"ab"), attempt(chr, -1), attempt(chr, 0x110000), attempt(chr, 2**70), attempt(chr, "a"), len(chr(0xd800)))
print(format(3.14159, ".2f"), format("a", ">3"), format(5), attempt(format, 5, 5), attempt(format, "a", "d"), attempt(format, [], "x"), attempt(format, object(), "x")[:40])
class F:
    def __format__(self, spec): return f"<{spec}>"
print(format(F(), "abc"), format(F()), f"{F():q}", attempt(format, type("G", (), {"__format__": lambda s, x: 5})()))
class R:
    def __repr__(self): return 5
class S:
    def __str__(self): return "s!"
print(attempt(repr, R()), str(S()), f"{S()}", print.__name__, len.__name__, attempt(lambda: len(1, 2)), attempt(lambda: len()))
