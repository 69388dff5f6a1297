# json.loads: syntax, hooks, numbers, errors with positions
import json, decimal
def show(f, *a, **k):
    try:
        r = f(*a, **k)
    except Exception as e:
        r = f"{type(e).__name__}: {e}"
    print(repr(r) if not isinstance(r, str) or "Error" not in r else r)
l = json.loads
good = ["null", "true", "false", "0", "-0", "1", "-1", "1.5", "-0.0", "1e5", "1E+5", "1e-5", "1.5e300", "1e400", "-1e400", "123456789012345678901234567890", '""', '"a"', '"\\u00e9\\ud83d\\ude00\\n\\"\\\\\\/\\b\\f\\r\\t"', '"\\ud800"', '"\\udc00\\ud800"', '"\\ud800x"', '"\\ud800\\u0041"', "[]", "[ ]", "[1, 2 ,3]", "{}", "{ }", '{"a":1,"b":[{}]}', ' \t\n\r[1]\n ', "NaN", "Infinity", "-Infinity", "[NaN,-Infinity]", '{"a":1,"a":2}', '"é漢😀"', '{"":""}', "[[[[[]]]]]", '[1.0,2e0,-3]', '"\x7f"', "-1.5E-3"]
for t in good:
    show(l, t); assert str(l(t.encode())) == str(l(t))
bad = ["", " ", "nul", "tru", "+1", "01", "1.", ".5", "1e", "-", "--1", "1.e5", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{", "{a:1}", "{'a':1}", '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{"a" 1}', '{1:2}', '"', '"abc', '"a\nb"', '"\t"', '"\\x"', '"\\u12"', '"\\u12g4"', '"\\uD83D\\u12"', "'a'", "[1]x", "1 2", "nan", "inf", "[}", "{]", "\ufeff[]", '{"a":1 "b":2}', '["a" "b"]', '"\\', '"\\u', "\x00", "[1,\n2,\n x]", '{\n"a": 1,\n"b" 2}', "Infinit", "-Inf", "True", "[1,\n\n,2]", '{"a":}', '{"a":1,,}', "[tru]", "١"]
for t in bad:
    print(repr(t), end=" ")
    try: print(l(t))
    except json.JSONDecodeError as e: print(e.msg, e.pos, e.lineno, e.colno, str(e)[-40:], e.doc == t)
    except Exception as e: print(type(e).__name__, e)
show(l, 5); show(l, None); show(l, ["x"]); show(l, bytearray(b'{"a":1}')); show(l, '{"a":1}'.encode("utf-16")); show(l, "[1]".encode("utf-32-be")); show(l, '"é"'.encode("utf-16-le")); show(l, b"\xff"); show(l, b"\xef\xbb\xbf[1]"); show(l, memoryview(b"1")); show(l, b"")
show(l, '{"a":{"b":1},"c":[{"d":2}]}', object_hook=lambda d: sorted(d.items())); show(l, '{"a":{"b":1},"a":2}', object_pairs_hook=lambda p: p); show(l, '{"a":1}', object_hook=len, object_pairs_hook=tuple)
show(l, "[1.5, 2, NaN, -Infinity, 1e3]", parse_float=decimal.Decimal, parse_int=str, parse_constant=lambda c: "<" + c + ">"); show(l, "[1]", parse_int=lambda s: 1 / 0); show(l, "[1.0]", parse_float=str); show(l, "[1]", parse_int=float); show(l, "{}", object_pairs_hook=list); show(l, "{}", object_hook=lambda d: 5)
show(l, '"a\nb\x01"', strict=False); show(json.JSONDecoder(strict=False).decode, '["\t"]')
dec = json.JSONDecoder(); show(dec.raw_decode, '[1] tail'); show(dec.raw_decode, 'xx[1]', 2); show(dec.raw_decode, ' 1'); show(dec.raw_decode, "", 0); show(dec.raw_decode, "[1]", -1); show(dec.raw_decode, "1", 5); show(dec.decode, " [1] ")
keys = l('[{"key":1},{"key":2}]'); print(list(keys[0])[0] is list(keys[1])[0])
from json.decoder import scanstring, py_scanstring
show(scanstring, 'abc"def', 0); show(scanstring, '"abc"', 1); show(scanstring, "abc", 0); show(scanstring, 'a\nb"', 0); show(scanstring, 'a\nb"', 0, False); show(scanstring, '"', 99); show(scanstring, "x", -1); show(scanstring, b"x", 0); show(scanstring, "é\\n漢\"", 0)
from json import scanner
s = scanner.make_scanner(dec); show(s, "[1]", 0); show(s, "", 0); show(s, "x", 0); print(type(s).__name__, s.strict, s.object_hook, s.parse_float is float)
deep = "[" * 100000
try: l(deep)
except RecursionError: print("RecursionError")
try: l('{"a":' * 100000)
except RecursionError: print("RecursionError")
import io
print(json.load(io.StringIO('{"x": [1, 2.5]}')), json.load(io.BytesIO(b'"b"')))
class My(json.JSONDecoder):
    def __init__(self, **k): super().__init__(object_hook=self.hook, **k)
    def hook(self, d): return ("obj", d)
show(l, '{"a": {}}', cls=My)
for v in [{"a": [1, 2.5, None, True, "é\n"]}, [[]], "x", {"1": {"2": {"3": []}}}]:
    assert l(json.dumps(v)) == v == l(json.dumps(v, indent=3)) == l(json.dumps(v, ensure_ascii=False))
e = json.JSONDecodeError("msg", "a\nbc", 3); print(e, e.lineno, e.colno, e.args)
import pickle; e2 = pickle.loads(pickle.dumps(e)); print(e2, e2.pos)
show(l, "1" * 5000); print(l("[" + "1," * 1000 + "1]") == [1] * 1001, len(l("{" + ",".join(f'"{i}":{i}' for i in range(1000)) + "}")))
