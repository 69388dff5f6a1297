"""ast: trees, places, visitors, unparse, literal_eval, compile of trees."""
import ast

SOURCES = [
    "x: int = 1; y += 2\ndel a[0], b.c",
    "def f(a, /, b: int=1, *c, d, e=2, **g) -> None:\n    'doc'\n    return a",
    "async def g():\n    async with a as b, c: await d\n    async for i in x: yield i\n    else: pass",
    "class A(B, metaclass=M):\n    @deco\n    def m(self): nonlocal q; global r",
    "try:\n    pass\nexcept E as e:\n    raise X from e\nexcept (A, B): raise\nelse: ...\nfinally: assert x, 'm'",
    "try: pass\nexcept* E: pass",
    "for i in range(3):\n    if i: break\n    elif j: continue\n    else: pass\nwhile True: pass",
    "from . import a as b, c\nfrom ..x.y import *\nimport os.path as p, sys",
    "match x:\n    case 1 | 'a' | None: pass\n    case [a, *_, {'k': v, **rest}]: pass\n    case P(1, q=2) as z if z: pass\n    case a.b: pass\n    case _: pass",
    "lambda x, *y, z=1: (x if y else z, *y, {**k, 'a': 1}, {1, 2}, [i for i in x if i if j for k in l], {a: b for a, b in c}, (q for q in r))",
    "f'{x!r:>{w}} {y=} text' 'more' b''\n",
    "f'a{b:c}{{}}' + rb'\\x00' + u'u'",
    "a < b <= c is not d not in e; not -+~x; a and b or c; (yield); await_ = x[1:2, ::3, ...]",
    "type X[T: int, *Ts, **P] = T; x = (y := 5); print(*a, k=1, **b); 1_000 + 0xff + 1e3 + 2j",
    "with (open(a) as b, c): pass\n@x.y(1)\ndef d(): yield from z",
    "é = '汉字'; x = 'é' + y",
]
for src in SOURCES:
    try:
        tree = ast.parse(src)
    except SyntaxError as e:
        print(e)
        continue
    print(ast.dump(tree))
print(ast.dump(ast.parse("x = 1 + y\n", "f"), include_attributes=True, indent=1))
print(ast.dump(ast.parse("1 + 2", mode="eval")), ast.dump(ast.parse("print(1)", mode="single")))
for src in SOURCES:
    try:
        again = ast.unparse(ast.parse(src))
        print(again)
        print(ast.dump(ast.parse(again)) == ast.dump(ast.parse(src)))
    except SyntaxError:
        pass
src = "def f(é, b):\n    return ('汉', é)  # c\n"
tree = ast.parse(src)
ret = tree.body[0].body[0]
print(ret.lineno, ret.col_offset, ret.end_lineno, ret.end_col_offset, ast.get_source_segment(src, ret.value.elts[1]), ast.get_source_segment(src, ret.value))
print([type(n).__name__ for n in ast.walk(ast.parse("a = b[c](d)"))])


class Names(ast.NodeVisitor):
    def __init__(self): self.seen = []
    def visit_Name(self, node):
        self.seen.append((node.id, type(node.ctx).__name__))
        self.generic_visit(node)


v = Names()
v.visit(ast.parse("x = y.z(w)"))
print(v.seen)


class Double(ast.NodeTransformer):
    def visit_Constant(self, node):
        if isinstance(node.value, int):
            return ast.copy_location(ast.BinOp(node, ast.Mult(), ast.Constant(2)), node)
        return node
    def visit_Pass(self, node): return None


tree = ast.fix_missing_locations(Double().visit(ast.parse("def f(n):\n    pass\n    return n + 10\nprint(f(1), 'text', -3)")))
exec(compile(tree, "<tree>", "exec"))
print(ast.unparse(tree))
print(eval(compile(ast.Expression(ast.fix_missing_locations(ast.BinOp(ast.Constant(6), ast.Mult(), ast.Constant(7)))), "", "eval")))
module = ast.Module([ast.Expr(ast.Call(ast.Name("print", ast.Load()), [ast.Constant((1, "t", None, 2.5, -7, 1 + 2j, b"b", ...))], []))], [])
exec(compile(ast.fix_missing_locations(module), "<made>", "exec"))
for s in SOURCES[:10]:
    try:
        print(compile(ast.parse(s), "<s>", "exec").co_name)
    except SyntaxError as e:
        print(e.msg)
try:
    exec(compile(ast.parse("def f():\n  1/0\n\nf()"), "<where>", "exec"))
except ZeroDivisionError as e:
    tb = e.__traceback__.tb_next
    print(tb.tb_lineno, tb.tb_next.tb_lineno, tb.tb_frame.f_code.co_filename)
for text in ["1", "-1.5", "'a' 'b'", "[1, (2, {3: {4}}), None, True]", "b'x'", "1+2j", "set()", "{}"]:
    print(repr(ast.literal_eval(text)))
for bad in ["f()", "a", "1+1", "[x for x in y]", "f'{1}'", "1 +", "lambda: 0"]:
    try:
        print(ast.literal_eval(bad))
    except (ValueError, SyntaxError) as e:
        print(type(e).__name__, str(e).split(" at 0x")[0].replace(" on line 1", ""))
n = ast.Name("a", ctx=ast.Store())
print(n._fields, n.id, type(n.ctx).__name__, n._attributes, ast.Name.__mro__[1:], ast.AST.__name__, isinstance(n, ast.expr))
for bad in [lambda: ast.Name("a", "b", "c"), lambda: ast.Name("a", id="b"), lambda: n.lineno, lambda: compile(ast.Module([ast.Pass()], []), "", "exec"),
            lambda: compile(ast.Module([3], []), "", "exec"), lambda: compile(ast.Expression(ast.Constant(1, lineno=1, col_offset=0)), "", "exec"),
            lambda: compile(ast.fix_missing_locations(ast.Module([ast.Assign([ast.Name("x", ast.Load())], ast.Constant(1))], [])), "", "exec"),
            lambda: compile(ast.fix_missing_locations(ast.Module([ast.If(ast.Constant(1), [], [])], [])), "", "exec"),
            lambda: compile(ast.fix_missing_locations(ast.Module([ast.Expr(ast.Constant([1]))], [])), "", "exec")]:
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, str(e).split(" at 0x")[0])
print(ast.get_docstring(ast.parse('"""mod doc"""')), list(ast.iter_fields(n))[0], [c.__class__.__name__ for c in ast.iter_child_nodes(ast.parse("a = 1").body[0])])
match n:
    case ast.Name(id="a"):
        print("matched")
print(ast.increment_lineno(ast.parse("x"), 5).body[0].lineno, ast.PyCF_ONLY_AST)
import copy
print(ast.dump(copy.deepcopy(ast.parse("x + 1"))))
