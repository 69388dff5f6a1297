# textwrap, pprint, string.Template and string.Formatter, reprlib
import textwrap as tw, pprint as pp, string, reprlib, collections, dataclasses, types, enum
def show(f, *a, **k):
    try:
        r = f(*a, **k)
    except Exception as e:
        r = f"{type(e).__name__}: {e}"
    print(r if isinstance(r, str) else repr(r))
t = "  The quick brown fox, well-known for-jumping over\tlazy dogs.  It said: \"hello-world\" -- and left...\n\n New para é漢字 supercalifragilisticexpialidocious! "
for k in [{}, {"width": 20}, {"width": 10}, {"width": 30, "initial_indent": "* ", "subsequent_indent": "    "}, {"width": 25, "fix_sentence_endings": True}, {"width": 15, "break_long_words": False}, {"width": 15, "break_on_hyphens": False}, {"expand_tabs": False, "width": 40}, {"replace_whitespace": False, "width": 40}, {"drop_whitespace": False, "width": 20}, {"max_lines": 2, "width": 30}, {"max_lines": 1, "width": 12, "placeholder": "~"}, {"tabsize": 2, "width": 35}]: print(k, tw.wrap(t, **k)); print(tw.fill(t, **k))
show(tw.wrap, t, width=0); show(tw.wrap, t, width=3, max_lines=1, placeholder=" [...long]"); print(repr(tw.shorten(t, 30)), repr(tw.shorten(t, 30, placeholder="…")), repr(tw.dedent("\n    a\n      b\n\t\n    c\n")), repr(tw.dedent("\ta\n\t b")), repr(tw.dedent("  a\n b")), repr(tw.indent("a\n\nb\n", "> ")), repr(tw.indent("a\n\nb", "> ", lambda l: True)), tw.wrap(""), tw.wrap("a-b-c-d " * 5, 5))
data = {"name": "x" * 30, "list": list(range(30)), "nested": {"a": [1, {"b": (1, 2, (3,))}], "c": {"d" * 20: "e" * 40}}, 5: None, (1, 2): {3, 1, 2}, "s": frozenset([1]), "b": b"bytes" * 20, "long": "word " * 30, "e": [], "ee": {}}
pp.pprint(data); pp.pprint(data, width=40); pp.pprint(data, indent=4, depth=2); pp.pprint(data, compact=True, width=60); pp.pprint(data, sort_dicts=False, width=50); pp.pprint([["a" * 20] * 3] * 3, width=70); print(pp.pformat("short"), pp.pformat("two words " * 20, width=30)); pp.pprint(10**20, underscore_numbers=True); pp.pprint([123456, 1234567], underscore_numbers=True)
r = [1]; r.append(r); print(pp.saferepr(r).split("id=")[0], pp.isrecursive(r), pp.isreadable(r), pp.isreadable([1]), pp.isreadable(object()))
@dataclasses.dataclass
class Pt: x: int; y: list = dataclasses.field(default_factory=lambda: list(range(25))); z: str = "zed"
class En(enum.Enum): A = 1
pp.pprint(Pt(1)); pp.pprint(Pt(1, [], "q")); pp.pprint(collections.OrderedDict((str(i) * 10, i) for i in range(8))); pp.pprint(collections.defaultdict(list, {"k" * 20: [1] * 20, "b": []})); pp.pprint(collections.Counter("abracadabra" * 3)); pp.pprint(collections.deque(range(40), 50)); pp.pprint(types.SimpleNamespace(a=list(range(20)), bb={"c": 1 for _ in "x"}, ccc="x" * 60)); pp.pprint(collections.ChainMap({"a" * 40: 1}, {"b" * 40: 2})); pp.pprint(types.MappingProxyType({"a" * 40: 1, "b" * 40: 2})); pp.pprint({En.A: 1, "x": En.A}); pp.pprint({1: 2, "a": 3, None: 4, (1,): 5}); pp.pprint(bytearray(b"x" * 100)); pp.pprint(set(range(40))); pp.pprint(("t" * 50, "u" * 50)); pp.pprint([(1,)] * 30)
class P2(pp.PrettyPrinter):
    def format(self, o, c, m, l): return (f"<{o}>", True, False) if isinstance(o, int) else super().format(o, c, m, l)
print(P2().pformat([1, "a", {2: 3}])); pp.pp({"b": 1, "a": 2})
T = string.Template; print(T("$a ${b}c $$ $a_b").substitute(a=1, b=2, a_b=3), T("$x $y").safe_substitute(x=1), T("$x").substitute({"x": 1}, x=2), T("a $b $c ${d}").get_identifiers(), T("$ok").is_valid(), T("$ 1").is_valid(), T("$é $a").safe_substitute(a=1)); show(T("$x").substitute); show(T("$").substitute); show(T("a\nb $1").substitute); show(T("${a").substitute, a=1); show(T("$$$$").substitute)
class MyT(T): delimiter = "%"; idpattern = "[a-z]+_[a-z]+"
print(MyT("%a_b %% %c $x").safe_substitute(a_b=1))
class F(string.Formatter):
    def get_value(self, k, a, kw): return kw.get(k, f"<{k}>") if isinstance(k, str) else super().get_value(k, a, kw)
    def convert_field(self, v, c): return v.upper() if c == "u" else super().convert_field(v, c)
f = F(); print(f.format("{0} {x} {y!u:>6} {0!r:>5} {z[0]}", "a", y="q", z=[9]), string.Formatter().format("{} {} {a.real:{w}}", 1, 2, a=3, w=5), list(string.Formatter().parse("a{b!r:c{d}}e{{}}")), string.Formatter().vformat("{0}{1}", ("a", "b"), {}), string.capwords("hello  wORLD x"), string.capwords("a-b", "-")); show(string.Formatter().format, "{0} {}", 1, 2); show(string.Formatter().format, "{1}", 1); show(string.Formatter().format); show(string.Formatter().format, "{!x}", 1)
print(string.ascii_letters, string.digits, string.hexdigits, string.octdigits, repr(string.punctuation), repr(string.whitespace), len(string.printable))
print(reprlib.repr(list(range(100))), reprlib.repr("x" * 100), reprlib.repr({i: i for i in range(20)}), reprlib.repr([[[[[[[1]]]]]]]), reprlib.repr(10**100), reprlib.repr(set("abcdefghij")), reprlib.repr(collections.deque(range(20)))); R = reprlib.Repr(maxlist=2, maxstring=10, indent=2); print(R.repr([1, 2, 3, "abcdefghijklmnop", {"a": [1]}]))
class Rec:
    @reprlib.recursive_repr("<...>")
    def __repr__(self): return f"Rec({self.me!r})"
x = Rec(); x.me = x; print(x)
