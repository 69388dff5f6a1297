//! Tables made by `gen/cases.py` under CPython 3.12, and properties.

use super::table_call::check_table;

fn check(table: &str) {
    let failures = check_table(table);
    assert!(
        failures.is_empty(),
        "{} failures, first:\n{}",
        failures.len(),
        failures[0]
    );
}

#[test]
fn int_table() {
    check(include_str!("testdata/int.txt"));
    check(include_str!("testdata/int_text.txt"));
}

#[test]
fn float_table() {
    check(include_str!("testdata/float.txt"));
}

#[test]
fn format_table() {
    check(include_str!("testdata/format.txt"));
}

#[test]
fn repr_table() {
    check(include_str!("testdata/repr.txt"));
}
