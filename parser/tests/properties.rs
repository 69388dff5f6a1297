//! Whatever the source: no panic, and errors lie inside it.

use gilbert_parser::{Interactive, LineIndex, SyntaxError, decode_source, dump, parse_expression, parse_interactive, parse_module};
use proptest::prelude::*;

/// Programs whose mutations are tried; together they use the whole grammar.
const SEEDS: &[&str] = &[
    "def f(a, /, b: int = 1, *args, c, d=2, **kw) -> x:\n    '''doc'''\n    return [i async for i in y if z], *q\n",
    "class A[T: int, *Ts, **P](B, metaclass=M):\n    x: int = 1\n    @dec(1)\n    async def g(self):\n        await x; yield\n",
    "if a < b <= c: pass\nelif not x in y is not z: a.b[1:2, ::3] += -x ** -y\nelse:\n\tx = y = z, = 1\n",
    "with (open(a) as b, c): pass\nwith a as (b, *c), d: pass\nasync with (x): pass\n",
    "match x:\n  case {'a': [1, *_], **r} | P(x=1) if y: pass\n  case -1+2j | 'a' 'b' | None | a.b: pass\n  case (a, b) as c: pass\n",
    "try:\n  x\nexcept A as e:\n  raise B from e\nexcept (C, D):\n  pass\nelse: pass\nfinally:\n  del x, y[0], (z,)\n",
    "try: x\nexcept* A: y\n",
    "x = f\"a{b!r:>{w}}{{}}{c=}\" 'z' rf\"\\d{x:%Y}{f'{y}'}\"\ny = t'{a}{b:c}' \nz = b'\\x00' br'\\x'\n",
    "from . import a as b, c\nfrom ..x.y import (z, w,)\nimport a.b.c as d, e\nfrom m import *\n",
    "global a, b\nnonlocal c\nassert a, b\nlambda a, *b, c=1, **d: (yield a)\n",
    "x = {**a, 1: 2, 'b': [*c, d]} or {1, *e} and {k: v for k, v in z} if (y := 1) else {i for i in j}\n",
    "for i, *j in a, b:\n    while True: break\n    else: continue\nelse:\n    pass\n",
    "type X[T = int] = list[T]\nx: int\n(y): str = 'a'\na.b: c = yield\n",
    "print(0xFF, 0o17, 0b11, 1_000, 1.5e-3, 2j, ..., 99999999999999999999)\nx @= y; z //= w >> 1\n",
    "名 = '中文'\nℌello = \"\\N{BULLET}\\u4e2d\\ud800\"\n# 注释\n\\\nx\n",
];

const PIECES: &[&str] = &[
    "(", ")", "[", "]", "{", "}", ",", ":", "=", "==", ":=", "*", "**", "+", "-", ".", "...", "if ", "else ", "elif ", "for ", "in ", "lambda ", "x", "1",
    "0x", "1_", "'s'", "b'", "f'", "f'{", "}'", "t\"{", "\"\"\"", "'", "\"", "\\", "\n", "\r\n", "\r", "\n    ", "\t", " ", "not ", "and ", "is ", "None",
    "print ", "def ", "class ", "return ", "yield ", "from ", "import ", "as ", "with ", "try:", "except ", "except*", "finally:", "async ", "await ",
    "match ", "case ", "type ", "_", "@", "->", "!", "!r", ";", "%=", "del ", "global ", "assert ", "raise ", "while ", "$", "?", "é", "，", "\u{feff}",
    "\u{200b}", "\u{0}", "🐍", "#", "\\N{", "\\x", "<>", "~", "\u{c}",
];

fn check_error(src: &str, error: &SyntaxError) {
    let (start, end) = (error.span.start as usize, error.span.end as usize);
    assert!(start <= end && end <= src.len(), "{error:?} in {src:?}");
    assert!(src.is_char_boundary(start) && src.is_char_boundary(end), "{error:?} in {src:?}");
    assert!(!error.msg.is_empty());
    let details = error.details(&LineIndex::new(src), src);
    assert!(details.lineno >= 1 && details.end_lineno >= details.lineno, "{details:?} in {src:?}");
}

fn check(src: &str) {
    match parse_module(src) {
        Ok(module) => assert!(dump(&module).starts_with("Module(")),
        Err(error) => check_error(src, &error),
    }
    if let Err(error) = parse_expression(src) {
        check_error(src, &error);
    }
    match parse_interactive(src) {
        Ok(Interactive::Complete(_) | Interactive::Incomplete) => {}
        Err(error) => check_error(src, &error),
    }
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => proptest::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ]
}

/// A seed with some of its characters replaced, and pieces put in.
fn mutated() -> impl Strategy<Value = String> {
    let edits = proptest::collection::vec((any::<prop::sample::Index>(), 0usize..6, piece()), 1..6);
    (proptest::sample::select(SEEDS), proptest::sample::select(SEEDS), edits).prop_map(|(a, b, edits)| {
        let mut chars: Vec<char> = a.chars().chain(b.chars()).collect();
        for (at, remove, insert) in edits {
            let at = at.index(chars.len() + 1);
            let end = (at + remove).min(chars.len());
            chars.splice(at..end, insert.chars());
        }
        chars.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text_never_panics(src in any::<String>()) {
        check(&src);
    }

    #[test]
    fn soups_of_tokens_never_panic(pieces in proptest::collection::vec(piece(), 0..40)) {
        check(&pieces.concat());
    }

    #[test]
    fn mutated_programs_never_panic(src in mutated()) {
        check(&src);
    }

    #[test]
    fn prefixes_never_panic(seed in proptest::sample::select(SEEDS), at in any::<prop::sample::Index>()) {
        let ends: Vec<usize> = seed.char_indices().map(|(i, _)| i).collect();
        check(&seed[..ends[at.index(ends.len())]]);
    }

    #[test]
    fn arbitrary_bytes_decode_or_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        match decode_source(&bytes) {
            Ok(src) => check(&src),
            Err(error) => assert!(!error.msg.is_empty()),
        }
    }

    /// Line endings do not change the tree.
    #[test]
    fn line_endings_do_not_matter(seed in proptest::sample::select(SEEDS)) {
        let unix = parse_module(seed).map(|module| dump(&module));
        let dos = parse_module(&seed.replace('\n', "\r\n")).map(|module| dump(&module));
        let mac = parse_module(&seed.replace('\n', "\r")).map(|module| dump(&module));
        prop_assert!(unix.is_ok());
        prop_assert_eq!(&unix, &dos);
        prop_assert_eq!(&unix, &mac);
    }
}
