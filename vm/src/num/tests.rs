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

#[test]
fn float_ops_table() {
    check(include_str!("testdata/float_ops.txt"));
}

#[test]
fn printf_table() {
    check(include_str!("testdata/printf.txt"));
}

#[test]
fn template_table() {
    check(include_str!("testdata/template.txt"));
}

#[test]
fn text_table() {
    check(include_str!("testdata/text.txt"));
}

#[test]
fn codec_table() {
    check(include_str!("testdata/codec.txt"));
    check(include_str!("testdata/codec_names.txt"));
}
