//! Deep and long sources: the native stack holds, and what is accepted can be dropped.

#![allow(clippy::disallowed_methods)] // runs outside any isolate

use gilbert_parser::ast::StmtKind;
use gilbert_parser::{ErrorKind, Module, SyntaxError, parse_expression, parse_interactive, parse_module};

/// What a thread has to get along with, also in debug builds.
const STACK: usize = 6 << 20;

fn on_small_stack<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(job);
    thread.expect("a thread").join().expect("no panic")
}

fn parse(src: String) -> Result<Module, SyntaxError> {
    on_small_stack(move || parse_module(&src))
}

/// The source parses or is refused for its depth, on a small stack, and is dropped there.
fn survives(src: String) {
    on_small_stack(move || {
        let _ = parse_interactive(&src);
        let _ = parse_expression(&src);
        match parse_module(&src) {
            Ok(module) => drop(module),
            Err(error) => assert!(!error.msg.is_empty()),
        }
    });
}

#[test]
fn two_hundred_brackets_are_the_limit() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{", "}"), ("f(", ")"), ("a[", "]"), ("{1:", "}"), ("(lambda: ", ")")] {
        let nested = |n: usize| format!("{}1{}", open.repeat(n), close.repeat(n));
        assert!(parse(nested(100)).is_ok(), "{open}");
        assert!(parse(nested(200)).is_ok(), "{open}");
        let error = parse(nested(201)).expect_err("too deep");
        assert_eq!(error.msg, "too many nested parentheses");
    }
}

#[test]
fn deep_nesting_is_an_error_and_never_a_crash() {
    for n in [500, 5_000, 200_000] {
        for piece in ["-", "not ", "~", "lambda: ", "lambda x=", "a if b else ", "2 ** ", "*", "await ", "yield ", "(", "[", "{", "f(", "a."] {
            survives(format!("{}1", piece.repeat(n)));
            survives(piece.repeat(n));
        }
        survives("if x:".repeat(n));
        survives("print ".repeat(n));
        survives("_ ".repeat(n));
        survives("x = ".repeat(n));
        survives("f'{".repeat(n));
        survives("f'{a:".repeat(n));
        survives("match ".repeat(n));
        survives("@".repeat(n));
        survives("a b ".repeat(n));
        survives("(a b,".repeat(n));
        survives("f(a=1, b c,".repeat(n));
        survives("{a: b c,".repeat(n));
    }
}

#[test]
fn unary_chains_beyond_the_limit_are_a_memory_error() {
    let error = parse(format!("{}1", "-".repeat(5_000))).expect_err("too deep");
    assert_eq!(error.kind, ErrorKind::TooDeep);
}

#[test]
fn a_hundred_indentations_are_the_limit() {
    let nested = |n: usize| {
        let lines = (0..n).map(|i| format!("{}if x:\n", " ".repeat(i)));
        lines.collect::<String>() + &" ".repeat(n) + "pass\n"
    };
    assert!(parse(nested(99)).is_ok());
    assert_eq!(parse(nested(100)).expect_err("too deep").msg, "too many levels of indentation");
}

#[test]
fn long_chains_parse_and_drop_without_recursion() {
    survives(format!("x = 1{}", " + 1".repeat(100_000)));
    assert!(parse(format!("x = 1{}", " + a * b".repeat(20_000))).is_ok());
    assert!(parse(format!("x = 1{}", " and 1".repeat(100_000))).is_ok());
    assert!(parse(format!("x = 1{}", " < 1".repeat(100_000))).is_ok());
    let chain = parse(format!("if a: pass\n{}else: pass\n", "elif b: pass\n".repeat(10_000))).expect("parses");
    assert!(matches!(chain.body[0].kind, StmtKind::If(_)));
    on_small_stack(move || drop(chain));
}

#[test]
fn method_chains_are_bounded() {
    assert!(parse(format!("x{}", ".a(1)".repeat(400))).is_ok());
    assert_eq!(parse(format!("x{}", ".a(1)".repeat(2_000))).expect_err("too deep").kind, ErrorKind::TooHigh);
}

/// Looking for mistakes must not take exponential time.
#[test]
fn diagnosing_nested_mistakes_is_fast() {
    let begun = std::time::Instant::now();
    for (open, close) in [("(", ")"), ("[", "]"), ("{", "}"), ("f(", ")"), ("f(a, b=", ")"), ("[x for x in (", ")]"), ("f'{", "}'")] {
        let n = 66;
        survives(format!("{}1 +{}", open.repeat(n), close.repeat(n)));
        survives(format!("{}a b c{}", open.repeat(n), close.repeat(n)));
        survives(format!("{}a = $ 1{}", open.repeat(n), close.repeat(n)));
    }
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}
