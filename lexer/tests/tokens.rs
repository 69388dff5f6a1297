//! Tokens of well-formed and broken sources.

use gilbert_lexer::{TokenKind as K, decode_source, normalize_identifier, tokenize, tokenize_expression};
use proptest::prelude::*;

/// Kinds and texts of all tokens.
fn lex(src: &str) -> Vec<(K, &str)> {
    let lexed = tokenize(src);
    assert!(lexed.error.is_none(), "{src:?}: {:?}", lexed.error);
    lexed.tokens.iter().map(|token| (token.kind, token.span().text(src))).collect()
}

fn kinds(src: &str) -> Vec<K> {
    lex(src).into_iter().map(|(kind, _)| kind).collect()
}

fn error(src: &str) -> String {
    tokenize(src).error.unwrap_or_else(|| panic!("{src:?} has no error")).error.msg
}

#[test]
fn lines_and_indentation() {
    assert_eq!(kinds(""), [K::Eof]);
    assert_eq!(kinds("# c\n\n  # d\n"), [K::Eof]);
    assert_eq!(kinds("x"), [K::Name, K::Newline, K::Eof]);
    let block = [K::If, K::Name, K::Colon, K::Newline, K::Indent, K::Name, K::Newline, K::Dedent, K::Name, K::Newline, K::Eof];
    for src in ["if a:\n  b\nc\n", "if a:\r\n  b\r\nc", "if a:\r\tb\rc", "if a:\n\n  # x\n  b\n # y\n\nc", "if a: # x\n  b\\\n\nc"] {
        assert_eq!(kinds(src), block, "{src:?}");
    }
    assert_eq!(kinds("(a\n  b\n)"), [K::LPar, K::Name, K::Name, K::RPar, K::Newline, K::Eof]);
    assert_eq!(kinds("a \\\n  b"), [K::Name, K::Name, K::Newline, K::Eof]);
    assert_eq!(error("if a:\n\tb\n        c"), "inconsistent use of tabs and spaces in indentation");
    assert_eq!(error("if a:\n    b\n  c"), "unindent does not match any outer indentation level");
    let lexed = tokenize_expression("  a");
    assert_eq!(lexed.tokens.iter().map(|t| t.kind).collect::<Vec<_>>(), [K::Name, K::Newline, K::Eof]);
}

#[test]
fn names_and_keywords() {
    assert_eq!(lex("if ifx é 中文 matché _1")[..6], [(K::If, "if"), (K::Name, "ifx"), (K::Name, "é"), (K::Name, "中文"), (K::Name, "matché"), (K::Name, "_1")]);
    assert_eq!(normalize_identifier("ℌﬁ").as_deref(), Some("Hfi"));
    assert_eq!(normalize_identifier("中文"), None);
    assert_eq!(error("a，b"), "invalid character '，' (U+FF0C)");
    assert_eq!(error("a\u{200b}"), "invalid non-printable character U+200B");
}

#[test]
fn numbers() {
    for (src, kind) in [
        ("0", K::Int),
        ("00_0", K::Int),
        ("1_000", K::Int),
        ("0xFF_f", K::Int),
        ("0b1_0", K::Int),
        ("0o17", K::Int),
        ("1.", K::Float),
        (".5", K::Float),
        ("1e5", K::Float),
        ("1_0.0_1E-1_0", K::Float),
        ("007.5", K::Float),
        ("1j", K::Imag),
        ("0J", K::Imag),
        ("1.5e3j", K::Imag),
    ] {
        assert_eq!(lex(src)[0], (kind, src));
    }
    assert_eq!(kinds("1..real")[..3], [K::Float, K::Dot, K::Name]);
    assert_eq!(kinds("1if x")[..2], [K::Int, K::If]);
    assert_eq!(tokenize("1if x").warnings.len(), 1);
    assert_eq!(error("1_"), "invalid decimal literal");
    assert_eq!(error("0b2"), "invalid digit '2' in binary literal");
}

#[test]
fn strings() {
    for src in ["'a'", "\"\"", "'''a\n'b'''", "rb'\\''", "Rb\"\"", "u'x'", "'a\\\nb'", "'a\\\r\nb'"] {
        assert_eq!(lex(src)[0], (K::String, src));
    }
    assert_eq!(error("'a\nb"), "unterminated string literal (detected at line 1)");
    assert_eq!(error("\n'''a\nb\n"), "unterminated triple-quoted string literal (detected at line 3)");
}

#[test]
fn f_strings_are_lexed_inside() {
    let want = [
        (K::FStringStart, "f'"),
        (K::FStringMiddle, "a{{"),
        (K::LBrace, "{"),
        (K::Name, "b"),
        (K::LSqb, "["),
        (K::String, "'c'"),
        (K::Colon, ":"),
        (K::RSqb, "]"),
        (K::Exclamation, "!"),
        (K::Name, "r"),
        (K::SpecColon, ":"),
        (K::FStringMiddle, ">"),
        (K::LBrace, "{"),
        (K::Name, "d"),
        (K::RBrace, "}"),
        (K::FStringMiddle, "="),
        (K::RBrace, "}"),
        (K::FStringEnd, "'"),
        (K::Newline, ""),
        (K::Eof, ""),
    ];
    assert_eq!(lex("f'a{{{b['c':]!r:>{d}=}'"), want);
    assert_eq!(kinds("f'{f'{f'{x}'}'}'").len(), 15);
    assert_eq!(kinds("f'\\N{BULLET}{x}'")[1], K::FStringMiddle);
    assert_eq!(error("f'}'"), "f-string: single '}' is not allowed");
    assert_eq!(error("t'{)}'"), "t-string: unmatched ')'");
    assert_eq!(error("f'{a"), "'{' was never closed");
}

#[test]
fn brackets() {
    assert_eq!(error(")"), "unmatched ')'");
    assert_eq!(error("(]"), "closing parenthesis ']' does not match opening parenthesis '('");
    assert_eq!(error("(\n\n]"), "closing parenthesis ']' does not match opening parenthesis '(' on line 1");
    assert_eq!(error("a(\n["), "'[' was never closed");
    assert_eq!(error(&"(".repeat(201)), "too many nested parentheses");
}

proptest! {
    /// Tokens follow one another, inside the source and on character boundaries; the list has an end.
    #[test]
    fn tokens_are_in_order(src in "[a-z0-9'\"(){}:\\\\ \t\n\rf#.é，!=]{0,60}") {
        let lexed = tokenize(&src);
        let mut at = 0;
        for token in &lexed.tokens {
            prop_assert!(token.start <= token.end && token.end as usize <= src.len());
            prop_assert!(src.is_char_boundary(token.start as usize) && src.is_char_boundary(token.end as usize));
            if !matches!(token.kind, K::Indent) {
                prop_assert!(token.start >= at);
            }
            at = token.end;
        }
        let last = lexed.tokens.last().map(|token| token.kind);
        prop_assert_eq!(last, Some(if lexed.error.is_some() { K::Error } else { K::Eof }));
    }

    #[test]
    fn utf8_decodes_to_itself(src in "[^\0]*") {
        prop_assume!(!src.starts_with('\u{feff}') && !src.contains("coding"));
        prop_assert_eq!(decode_source(src.as_bytes()), Ok(src));
    }
}
