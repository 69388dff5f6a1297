//! Trees: `trees.txt` holds what CPython 3.12 makes of the same sources, positions included; and what is newer than 3.12.

use gilbert_parser::ast::{Constant, ExprKind, StmtKind, StrLit};
use gilbert_parser::{
    Interactive, LineIndex, WarningKind, decode_source, dump, dump_expression, dump_with_positions, parse_expression, parse_interactive, parse_module,
    parse_single,
};

/// Positions as `trees.txt` writes them.
fn short(dump: &str) -> String {
    let mut out = String::new();
    let mut rest = dump;
    while let Some(at) = rest.find("lineno=") {
        out.push_str(&rest[..at]);
        let end = at + rest[at..].find(')').expect("a closing parenthesis");
        let numbers: Vec<&str> = rest[at..end].split(", ").filter_map(|part| part.split('=').nth(1)).collect();
        out.push_str(&format!("@{}:{}-{}:{}", numbers[0], numbers[1], numbers[2], numbers[3]));
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

#[test]
fn trees_are_cpythons() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for block in include_str!("trees.txt").split("\n\n").skip(1) {
        let (mut src, mut want) = (Vec::new(), "");
        for line in block.lines() {
            match line.strip_prefix('>') {
                Some(text) => src.push(text.strip_prefix(' ').unwrap_or(text)),
                None => want = line,
            }
        }
        let src = src.join("\n");
        count += 1;
        match parse_module(&src) {
            Ok(module) => {
                let have = short(&dump_with_positions(&module, &LineIndex::new(&src)));
                let have = have.strip_prefix("Module(body=[").and_then(|have| have.strip_suffix("], type_ignores=[])"));
                if have != Some(want) {
                    wrong.push(format!("{src}\n  want {want}\n  have {}", have.unwrap_or("")));
                }
            }
            Err(error) => wrong.push(format!("{src}\n  {error}")),
        }
    }
    assert!(count > 100, "{count} trees");
    assert!(wrong.is_empty(), "{} of {count} trees:\n{}", wrong.len(), wrong.join("\n"));
}

fn body(src: &str) -> String {
    let module = parse_module(src).unwrap_or_else(|error| panic!("{src:?}: {error}"));
    let text = dump(&module);
    text["Module(body=[".len()..text.len() - "], type_ignores=[])".len()].to_owned()
}

#[test]
fn exception_types_need_no_parentheses() {
    let bare = body("try: a\nexcept B, C: d");
    assert_eq!(bare, body("try: a\nexcept (B, C): d"));
    let error = parse_module("try: a\nexcept B, C as d: e").expect_err("needs parentheses");
    assert_eq!(error.msg, "multiple exception types must be parenthesized when using 'as'");
}

#[test]
fn template_strings() {
    assert_eq!(
        body("t'a{b!r:>{c}}' t'd'"),
        "Expr(value=TemplateStr(values=[Constant(value='a'), Interpolation(value=Name(id='b', ctx=Load()), str='b', conversion=114, \
         format_spec=JoinedStr(values=[Constant(value='>'), FormattedValue(value=Name(id='c', ctx=Load()), conversion=-1)])), \
         Constant(value='d')]))"
    );
    assert!(parse_module("t'a' 'b'").is_err());
}

#[test]
fn type_parameters_have_defaults() {
    assert!(body("class A[T = int, *U = *V, **W = [X]]: pass").contains("default_value=Starred("));
}

#[test]
fn lone_surrogates_are_kept() {
    let module = parse_module(r"'\ud83d\ude00'").expect("parses");
    let StmtKind::Expr(value) = &module.body[0].kind else { panic!("an expression") };
    let ExprKind::Constant(Constant::Str(StrLit::Wtf8(bytes))) = &value.kind else { panic!("surrogates: {value:?}") };
    assert_eq!(&bytes[..], b"\xed\xa0\xbd\xed\xb8\x80");
}

#[test]
fn characters_have_names() {
    let names = ["BULLET", "bullet", "LINE FEED", "NULL", "HANGUL SYLLABLE GAG", "CJK UNIFIED IDEOGRAPH-4E00", "TIBETAN LETTER -A"];
    for name in names {
        assert!(parse_module(&format!("'\\N{{{name}}}'")).is_ok(), "{name}");
    }
    for name in ["", "-BULLET", "BUL LET", "BULLET ", "LATIN SMALL LETTER-A", "KEYCAP DIGIT ONE", "é", "_"] {
        assert!(parse_module(&format!("'\\N{{{name}}}'")).is_err(), "{name}");
    }
}

#[test]
fn doubtful_spots_are_told() {
    let module = parse_module("x = '\\d' + b'\\400'\n1if x else y\n").expect("parses");
    let told: Vec<(WarningKind, &str)> = module.warnings.iter().map(|w| (w.kind, w.msg.as_str())).collect();
    let want = ["invalid escape sequence '\\d'", "invalid octal escape sequence '\\400'", "invalid decimal literal"];
    assert_eq!(told, want.map(|msg| (WarningKind::Syntax, msg)));
}

#[test]
fn expressions_may_be_indented() {
    let value = parse_expression(" \t1 +\\\n 2\n\n").expect("parses");
    assert_eq!(dump_expression(&value), "Expression(body=BinOp(left=Constant(value=1), op=Add(), right=Constant(value=2)))");
    assert_eq!(value.body.span.start, 2);
    for wrong in ["", "1 2", "x = 1", "pass", "1\n2", "*a", "yield", "a:", "1;"] {
        assert!(parse_expression(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn the_prompt_knows_what_is_unfinished() {
    let complete = ["", "\n", "# c\n", "x = 1\n", "x; y\n", "if a: b\n\n", "def f():\n  pass\n\n", "@a\ndef f(): pass\n\n", "x = '''\n'''\n", "f(\n)\n"];
    for src in complete {
        assert!(matches!(parse_interactive(src), Ok(Interactive::Complete(_))), "{src:?}: {:?}", parse_interactive(src));
    }
    let incomplete = [
        "if a:",
        "if a:\n",
        "if a: b\n",
        "def f():\n  pass\n",
        "def f():\n  if x:\n",
        "@a\n",
        "f(\n",
        "[1,\n2",
        "'''a\n",
        "f'''{a}\n",
        "x = \\\n",
        "try:\n  a\n",
        "try:\n  a\nexcept B:\n",
        "class A:\n\n",
        "'abc\\\n",
        "match x:\n",
        "{'a': (1,\n",
        "f'{\n",
        "async def f():\n",
        "for x in y:\n  z\n",
    ];
    for src in incomplete {
        assert_eq!(parse_interactive(src), Ok(Interactive::Incomplete), "{src:?}");
    }
    for src in ["x = = 1\n", "1 +\n", "a b\n", "f)\n", "'abc\n", "if a\n", "x\ny\n", " x\n", "if a:\nb\n", "try:\n a\nb\n", "(]\n", "else:\n"] {
        assert!(parse_interactive(src).is_err(), "{src:?}");
    }
}

#[test]
fn single_statements_need_no_empty_line() {
    assert!(parse_single("if a: b\n").is_ok_and(|module| module.body.len() == 1));
    assert!(parse_single("a; b").is_ok_and(|module| module.body.len() == 2));
    let error = parse_single("a\nb\n").expect_err("two");
    assert_eq!(error.msg, "multiple statements found while compiling a single statement");
    assert!(parse_single("if a:\n").is_err_and(|error| error.incomplete));
    let error = parse_module("x = '\0'").expect_err("a null byte");
    assert_eq!(error.msg, "source code string cannot contain null bytes");
}

#[test]
fn sources_are_decoded() {
    let text = |bytes: &[u8]| decode_source(bytes).map_err(|error| error.msg);
    assert_eq!(text("é = 1".as_bytes()).as_deref(), Ok("é = 1"));
    assert_eq!(text(b"\xef\xbb\xbfx").as_deref(), Ok("x"));
    assert_eq!(text(b"# coding: latin-1\n'\xe9'").as_deref(), Ok("# coding: latin-1\n'é'"));
    assert_eq!(text(b"#!/bin/x\n# -*- coding: gbk -*-\n'\xd6\xd0'").as_deref(), Ok("#!/bin/x\n# -*- coding: gbk -*-\n'中'"));
    assert_eq!(text(b"\n# vim: set fileencoding=utf_8 :\n'\xc3\xa9'").as_deref(), Ok("\n# vim: set fileencoding=utf_8 :\n'é'"));
    assert_eq!(text(b"x\n# coding: nonsense\n").as_deref(), Ok("x\n# coding: nonsense\n"));
    assert_eq!(text(b"# coding: nonsense\n"), Err("unknown encoding: nonsense".to_owned()));
    assert_eq!(text(b"x\0"), Err("source code cannot contain null bytes".to_owned()));
    assert!(text(b"'\xff'").expect_err("no UTF-8").contains("can't decode byte 0xff in position 1: invalid start byte"));
}
