"""inspect: signatures, members, sources, frames."""
import inspect
import functools
import types


def f(a, b: int = 2, /, c=3, *args: str, d, e: "x" = 5, **kw) -> None:
    """Doc of f.

        indented
    """
    return a


sig = inspect.signature(f)
print(sig)
for p in sig.parameters.values():
    print(p.name, p.kind.name, p.default is p.empty, p.annotation is p.empty, p, repr(p))
print(sig.return_annotation, sig.parameters["e"].default)
b = sig.bind(1, d=4, z=9)
print(b, b.args, b.kwargs, b.arguments)
b.apply_defaults()
print(b.arguments)
for args, kw in [((), {}), ((1,), {}), ((1,), {"c": 2, "d": 1}), ((1, 2), {"q": 1})]:
    try:
        print(sig.bind(*args, **kw))
    except TypeError as e:
        print(e)
print(sig.bind_partial(c=3), sig.replace(parameters=[]), sig == inspect.signature(f))
print(inspect.Signature([inspect.Parameter("x", inspect.Parameter.KEYWORD_ONLY, default=1)]))
for bad in [lambda: inspect.Parameter("1", inspect.Parameter.KEYWORD_ONLY), lambda: inspect.Parameter("a", inspect.Parameter.VAR_KEYWORD, default=1),
            lambda: inspect.Signature([inspect.Parameter("a", inspect.Parameter.KEYWORD_ONLY), inspect.Parameter("b", inspect.Parameter.POSITIONAL_ONLY)])]:
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)


class C:
    """Class C."""
    attr = 1

    def __init__(self, x, *, y=1): self.x = x
    def m(self, a, b=2): "doc m"; return a
    @classmethod
    def cm(cls, q): pass
    @staticmethod
    def sm(q, r=None): pass
    @property
    def prop(self): "doc prop"; return 1
    def __call__(self, z): pass
    async def co(self): pass
    def gen(self): yield
    async def agen(self): yield


class D(C):
    def m(self, a, b=2): return super().m(a)


class M(type):
    def __call__(cls, *args, special=None): return super().__call__()
class WithMeta(metaclass=M): pass
class New:
    def __new__(cls, n, m=2): return super().__new__(cls)
class Plain: pass


for thing in [C, C.m, C(1).m, C.cm, C.sm, C(1), WithMeta, New, Plain, functools.partial(f, 1, d=3), lambda x, *y: 0, functools.wraps(f)(lambda *a: 0)]:
    print(inspect.signature(thing))
print(inspect.signature(functools.partial(f, c=5)), inspect.signature(functools.partialmethod(C.m, 1).__get__(C(1))))
f2 = functools.lru_cache(lambda a, b=1: a)
print(inspect.signature(f2), inspect.unwrap(f2).__name__)
C.m.__signature__ = inspect.Signature([inspect.Parameter("custom", inspect.Parameter.POSITIONAL_ONLY)])
print(inspect.signature(C.m))
del C.m.__signature__
print(inspect.getfullargspec(f), inspect.getfullargspec(C(1).m), sep="\n")
print(inspect.getcallargs(f, 1, d=2))
print(inspect.getdoc(f), inspect.getdoc(D.m), inspect.getdoc(D), inspect.getdoc(C.prop), inspect.cleandoc("  a\n    b\n  c"))
o = C(1)
for name in ["ismodule", "isclass", "ismethod", "isfunction", "isgeneratorfunction", "iscoroutinefunction", "isasyncgenfunction", "isbuiltin", "isroutine", "isdatadescriptor", "ismethoddescriptor", "isabstract", "iscode", "isgenerator", "isawaitable", "istraceback", "isframe"]:
    test = getattr(inspect, name)
    print(name, [int(test(x)) for x in [C, o.m, C.m, C.gen, C.co, C.agen, len, [].append, C.prop, str.join, f.__code__, o.gen()]])
print([n for n, v in inspect.getmembers(o, inspect.ismethod)])
print([(a.name, a.kind, a.defining_class.__name__) for a in inspect.classify_class_attrs(D) if not a.name.startswith("__")])
print(inspect.getmro(D), inspect.getmodule(f).__name__, inspect.getmodulename("/a/b.py"), inspect.isabstract(D))
print(inspect.getattr_static(o, "prop").__class__, inspect.getattr_static(D, "attr"), inspect.getattr_static(o, "nope", 5))
print(inspect.getsource(f), inspect.getsource(D), inspect.getsourcelines(C.cm), sep="\n")
print(inspect.getsource(lambda: [1,
                                 2]))
print(inspect.getfile(f).endswith("basics.py"), inspect.getsourcefile(C).endswith("basics.py"), inspect.findsource(D)[1])
for bad in [lambda: inspect.getsource(len), lambda: inspect.getsource(3), lambda: inspect.signature(3), lambda: inspect.getfile(int)]:
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)


def outer(n):
    frame = inspect.currentframe()
    print(frame.f_code.co_name, frame.f_back.f_code.co_name, sorted(inspect.getargvalues(frame).locals)[:2], frame.f_lineno - frame.f_code.co_firstlineno)
    return [(i.function, i.code_context[0].strip(), i.index) for i in inspect.stack()]


print(outer(3))
g = C(1).gen()
print(inspect.getgeneratorstate(g), next(g), inspect.getgeneratorstate(g), inspect.getgeneratorlocals(g).keys(), list(g), inspect.getgeneratorstate(g))
c = C(1).co()
print(inspect.getcoroutinestate(c), inspect.isawaitable(c)); c.close()
print(inspect.getcoroutinestate(c))
x = 3
def clos():
    y = 1
    def inner(): return x + y + len("") + undefined
    return inner
cv = inspect.getclosurevars(clos())
print(cv.nonlocals, cv.globals, list(cv.builtins), cv.unbound)
print(inspect.getcomments(outer), inspect.indentsize("\t a"), inspect.formatannotation(int), inspect.CO_GENERATOR, inspect.isclass(type))
try:
    1 / 0
except ZeroDivisionError as e:
    tb = e.__traceback__
    info = inspect.getinnerframes(tb)[0]
    print(info.lineno == tb.tb_lineno, info.function, info.code_context, info.positions.col_offset, inspect.istraceback(tb))
for native in [len, [].append, dict.get, int, print, isinstance, str.split, "".join, object]:
    try:
        print(native.__name__, inspect.signature(native))
    except ValueError as e:
        print(e)
