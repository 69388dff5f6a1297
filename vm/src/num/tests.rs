//! Tables made by `gen/cases.py` under CPython 3.12, and properties.

use super::table_call::check_table;

fn check(table: &str) {
    let failures = check_table(table);
    assert!(failures.is_empty(), "{} failures, first:\n{}", failures.len(), failures[0]);
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

#[test]
fn random_and_pack_tables() {
    check(include_str!("testdata/random.txt"));
    check(include_str!("testdata/pack.txt"));
}

/// Every character of Unicode 15.0, by digests of blocks of 4096.
#[test]
fn unicode_digests() {
    let table = include_str!("testdata/unicode.txt");
    let hex = |s: &str| u32::from_str_radix(s, 16).expect("hex");
    let mut gaps = Vec::new();
    for line in table.lines().filter(|l| !l.starts_with('#')) {
        let fields: Vec<&str> = line.split(' ').collect();
        if fields[0] == "-" {
            gaps.push(hex(fields[1])..=hex(fields[2]));
            continue;
        }
        let block = hex(fields[0]);
        let (mut count, mut digest) = (0, 0xcbf2_9ce4_8422_2325u64);
        for c in (block..block + 0x1000).filter(|c| !gaps.iter().any(|g| g.contains(c))) {
            let text = crate::text::wtf8::from_code_points([c]);
            let line = super::table_call::call("char", &super::table_call::Args(vec![text]));
            for b in line.bytes().chain([b'\n']) {
                digest = (digest ^ u64::from(b)).wrapping_mul(0x100_0000_01b3);
            }
            count += 1;
        }
        assert_eq!(format!("{block:x} {count} {digest:016x}"), line, "in block {block:x}");
    }
}
