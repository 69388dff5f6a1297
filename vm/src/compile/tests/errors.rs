//! Error texts and positions against CPython's.

use crate::compile::{Mode, Options, compile_source};
use gilbert_parser::LineIndex;

/// Message and position of the error in `src`, as `errors.txt` has them.
fn outcome(src: &str) -> String {
    match compile_source(src, "test.py", Mode::Exec, &Options::default()) {
        Ok(_) => "ok".to_owned(),
        Err(error) => {
            let d = error.details(&LineIndex::new(src), src);
            let at = format!("{} {} {} {}", d.lineno, d.offset, d.end_lineno, d.end_offset);
            format!("{} @ {at}", error.msg)
        }
    }
}

#[test]
fn messages_and_positions_are_cpythons() {
    let table = include_str!("errors.txt");
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in table.split("\n=== ").skip(1) {
        let (head, src) = entry.split_once('\n').expect("a head line");
        let expected = head.strip_suffix(" 3.14").unwrap_or(head);
        let src = format!("{}\n", src.trim_end_matches('\n'));
        let found = outcome(&src);
        count += 1;
        if found != expected {
            wrong.push(format!("{src}  expected {expected}\n  found    {found}"));
        }
    }
    assert!(count > 140);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn warnings() {
    let warned = |src: &str| {
        let done = compile_source(src, "test.py", Mode::Exec, &Options::default());
        let warnings = done.expect("a right program").warnings;
        warnings.into_iter().map(|w| w.msg).collect::<Vec<_>>()
    };
    assert_eq!(warned("x is 1"), ["\"is\" with 'int' literal. Did you mean \"==\"?"]);
    assert_eq!(warned("x is not ()"), ["\"is not\" with 'tuple' literal. Did you mean \"!=\"?"]);
    assert_eq!(warned("assert (x, 'm')"), ["assertion is always true, perhaps remove parentheses?"]);
    assert_eq!(warned("[(1, 2) (3, 4)]"), ["'tuple' object is not callable; perhaps you missed a comma?"]);
    assert_eq!(warned("[[1, 2] [3, 4]]"), ["list indices must be integers or slices, not tuple; perhaps you missed a comma?"]);
    assert_eq!(warned("1[0]"), ["'int' object is not subscriptable; perhaps you missed a comma?"]);
    assert!(warned("x is None; f(1)[2]; 'a'[1:]").is_empty());
}
