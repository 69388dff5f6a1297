# csv.reader: dialects, quoting, escapes, errors
import csv, io
def show(f, *a, **k):
    try:
        r = f(*a, **k)
    except Exception as e:
        r = f"{type(e).__module__}.{type(e).__name__}: {e}"
    print(r)
def rd(text, **k): return list(csv.reader(io.StringIO(text, newline=""), **k))
for t in ["", "a,b,c", "a,b\r\nc,d\r\n", "a,b\nc,d\n", "a,b\rc,d", '"a","b,c"', '"a""b",c', 'a"b,c', '"a"b,c', '"multi\nline",x', '"a\r\nb",x\r\n', ",", ",,\n", "\n\n", " a , b ", '"",""', '"a', '"a"\n"b"', "a\n\nb", "a,b\\,c", "é,漢", "a\tb", "1,2.5,-3,x", "'a,b',c", "a\0b"]:
    print(repr(t), end=" "); show(rd, t)
    show(rd, t, strict=True)
for k in [dict(delimiter=";"), dict(delimiter="\t"), dict(quotechar="'"), dict(escapechar="\\"), dict(doublequote=False), dict(skipinitialspace=True), dict(quoting=csv.QUOTE_NONE), dict(quoting=csv.QUOTE_NONNUMERIC), dict(quoting=csv.QUOTE_ALL), dict(quoting=csv.QUOTE_STRINGS), dict(quoting=csv.QUOTE_NOTNULL), dict(quotechar=None, quoting=csv.QUOTE_NONE), dict(doublequote=False, escapechar="\\"), dict(dialect="excel-tab"), dict(dialect="unix"), dict(dialect=csv.excel, delimiter="|")]:
    print(k)
    for t in ["a, b;c\td|e", "'a,b';'c''d'", 'x,"y\\"z",w\\,v', '"1",2,"x"', '1, 2 ,"3"', 'a,"b" c', '"a\\\nb"', 'a\\', '"a""b"', "1e5,,''"]:
        show(rd, t, **k)
for k in [dict(delimiter=""), dict(delimiter="ab"), dict(delimiter=None), dict(delimiter=5), dict(delimiter="\n"), dict(quotechar="ab"), dict(quotechar=""), dict(quotechar=5), dict(escapechar="xx"), dict(escapechar=5), dict(lineterminator=None), dict(lineterminator=5), dict(quoting=99), dict(quoting="x"), dict(quoting=None), dict(quotechar=None), dict(doublequote="x"), dict(skipinitialspace=2), dict(bogus=1), dict(dialect="nope"), dict(dialect=5), dict(delimiter=" ", skipinitialspace=True), dict(delimiter="'", quotechar="'"), dict(escapechar="\n"), dict(strict=1)]:
    print(k, end=" "); show(rd, 'a,"b"\n', **k)
r = csv.reader(["a,b\n", '"c\n', 'd",e\n', "f"]); print(r.line_num, next(r), r.line_num, next(r), r.line_num, next(r), r.line_num, list(r), r.dialect.delimiter, type(r), type(r.dialect))
show(next, csv.reader([b"a"])); show(next, csv.reader([5])); show(csv.reader, 5); show(csv.reader); show(next, csv.reader(["a\nb"])); show(next, csv.reader(["a\r\nb"])); show(next, csv.reader(["a\rb"])); show(next, csv.reader(['"a\nb"'])); show(next, csv.reader([])); show(csv.reader, [], "excel", 5)
print(csv.field_size_limit(), csv.field_size_limit(5), csv.field_size_limit()); show(next, csv.reader(["abcdef"])); show(next, csv.reader(["abcde,f"])); csv.field_size_limit(131072); show(csv.field_size_limit, "x"); show(csv.field_size_limit, 1, 2)
class D(csv.Dialect):
    delimiter = ";"; quotechar = "'"; lineterminator = "!"; quoting = csv.QUOTE_MINIMAL
csv.register_dialect("mine", D); print(sorted(csv.list_dialects())); show(rd, "'a;b';c", dialect="mine"); csv.register_dialect("mine2", delimiter="|", quoting=csv.QUOTE_ALL); d = csv.get_dialect("mine2"); print(d.delimiter, d.quoting, d.quotechar, d.escapechar, d.doublequote, d.skipinitialspace, repr(d.lineterminator), d.strict); csv.unregister_dialect("mine"); show(csv.get_dialect, "mine"); show(csv.unregister_dialect, "mine"); show(csv.register_dialect, 5); show(csv.register_dialect, "x", 5); show(csv.register_dialect, "x", delimiter="ab"); show(csv.get_dialect, []); show(setattr, d, "delimiter", "x")
class Bad(csv.Dialect): delimiter = "ab"; quotechar = '"'; quoting = 0; lineterminator = "\n"
show(Bad); show(csv.Dialect); show(rd, "x", dialect=Bad)
dr = csv.DictReader(io.StringIO("a,b\n1,2\n3\n4,5,6\n\n7,8"), restkey="rest", restval="-"); print(dr.fieldnames, list(dr), dr.line_num); print(list(csv.DictReader(["1,2"], fieldnames=["x", "y", "z"])), list(csv.DictReader([])), csv.DictReader([]).fieldnames)
s = csv.Sniffer(); d = s.sniff("a;b;c\n1;2;3\n4;5;6\n"); print(d.delimiter, d.quotechar, d.skipinitialspace, s.has_header("name,age\nx,1\ny,2\nz,3\n"), s.has_header("1,2\n3,4\n5,6\n")); show(s.sniff, "abc"); print(s.sniff("'a','b'\n'c','d'\n").quotechar, repr(s.sniff("a\tb\nc\td\n").delimiter))
