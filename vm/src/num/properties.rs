//! Properties: round trips, identities, and that no input panics.

use super::err::Kind;
use super::{Int, Order, float, float_ops, format_num, hash, mt19937, pack};
use crate::text::codec::{Codec, Decoder, Policy};
use crate::text::{case, printf, repr, search, split, template, wtf8};
use proptest::prelude::*;

const POLICIES: [Policy; 8] = [
    Policy::Strict,
    Policy::Ignore,
    Policy::Replace,
    Policy::BackslashReplace,
    Policy::XmlCharRefReplace,
    Policy::NameReplace,
    Policy::SurrogateEscape,
    Policy::SurrogatePass,
];

const ENCODINGS: [&str; 24] = [
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-32-le",
    "utf-32-be",
    "latin-1",
    "ascii",
    "cp1252",
    "cp437",
    "koi8-r",
    "mac-roman",
    "unicode_escape",
    "raw_unicode_escape",
    "gbk",
    "gb2312",
    "gb18030",
    "big5",
    "shift_jis",
    "euc-jp",
    "euc-kr",
    "iso8859-15",
];

fn any_int() -> impl Strategy<Value = Int> {
    let raw = proptest::collection::vec(any::<u8>(), 0..80);
    prop_oneof![any::<i64>().prop_map(Int::from), (-5i64..5).prop_map(Int::from), raw.prop_map(|bytes| Int::from_bytes(&bytes, Order::Little, true)),]
}

/// Texts with lone surrogates.
fn any_text() -> impl Strategy<Value = Vec<u8>> {
    let point = prop_oneof![
        4 => 0u32..0x80,
        2 => 0x80u32..0x3000,
        2 => 0x4e00u32..0x9fff,
        1 => 0xd800u32..0xe000,
        1 => 0x1_0000u32..0x11_0000,
    ];
    proptest::collection::vec(point, 0..40).prop_map(wtf8::from_code_points)
}

fn any_float() -> impl Strategy<Value = f64> {
    prop_oneof![any::<f64>(), any::<u64>().prop_map(f64::from_bits), (-1000i32..1000).prop_map(|x| f64::from(x) / 8.0)]
}

proptest! {
    #[test]
    fn int_text_round_trip(x in any_int(), base in 2u32..=36) {
        prop_assert_eq!(&Int::parse(&x.to_radix(base), base, 0).unwrap(), &x);
        prop_assert_eq!(&Int::parse(&x.to_decimal(0).unwrap(), 10, 0).unwrap(), &x);
    }

    #[test]
    fn int_bytes_round_trip(x in any_int(), big in any::<bool>()) {
        let order = if big { Order::Big } else { Order::Little };
        let size = x.bit_length() as usize / 8 + 1;
        let bytes = x.to_bytes(size, order, true).unwrap();
        prop_assert_eq!(Int::from_bytes(&bytes, order, true), x);
    }

    #[test]
    fn divmod_identity(a in any_int(), b in any_int()) {
        prop_assume!(!b.is_zero());
        let (q, r) = a.divmod(&b).unwrap();
        prop_assert_eq!(q.mul(&b, 1 << 20).unwrap().add(&r), a.clone());
        prop_assert!(r.is_zero() || r.is_negative() == b.is_negative());
        prop_assert!(r.abs() < b.abs());
        prop_assert_eq!(a.modulo(&b).unwrap(), r);
    }

    #[test]
    fn shifts_and_bits(a in any_int(), b in any_int(), n in 0u32..300) {
        let n = Int::from(n);
        let up = a.shl(&n, 1 << 20).unwrap();
        prop_assert_eq!(up.shr(&n).unwrap(), a.clone());
        prop_assert_eq!(a.and(&b).add(&a.or(&b)), a.add(&b));
        prop_assert_eq!(a.xor(&b).xor(&b), a.clone());
        prop_assert_eq!(a.invert().neg(), a.add(&Int::ONE));
    }

    #[test]
    fn isqrt_is_floor(a in any_int()) {
        let a = a.abs();
        let r = a.isqrt().unwrap();
        let square = |x: &Int| x.mul(x, 1 << 20).unwrap();
        prop_assert!(square(&r) <= a && square(&r.add(&Int::ONE)) > a);
    }

    #[test]
    fn equal_numbers_hash_equally(x in any_float()) {
        prop_assume!(x.is_finite());
        let x = x.trunc();
        let same = hash::hash_int(&Int::from_f64(x).unwrap());
        prop_assert_eq!(hash::hash_f64(x).unwrap(), same);
    }

    #[test]
    fn float_text_round_trip(x in any_float()) {
        prop_assume!(!x.is_nan());
        prop_assert_eq!(float::parse(&float::repr(x)).unwrap().to_bits(), x.to_bits());
        prop_assert_eq!(float::fromhex(&float::hex(x)).unwrap().to_bits(), x.to_bits());
    }

    #[test]
    fn float_ratio_is_exact(x in any_float()) {
        prop_assume!(x.is_finite());
        let (n, d) = float_ops::as_integer_ratio(x).unwrap();
        prop_assert_eq!(n.true_div(&d).unwrap(), x);
    }

    #[test]
    fn half_floats_round_trip(bits in any::<u16>()) {
        let x = pack::unpack_f16(bits.to_le_bytes(), Order::Little);
        prop_assume!(!x.is_nan());
        prop_assert_eq!(pack::pack_f16(x, Order::Little).unwrap(), bits.to_le_bytes());
    }

    #[test]
    fn random_is_below_one_and_state_restores(seed in any_int(), k in 0i64..200) {
        let mut mt = mt19937::Mt19937::from_int(&seed);
        prop_assert!((0.0..1.0).contains(&mt.random()));
        let (words, index) = mt.state();
        let mut copy = mt19937::Mt19937::from_state(*words, index).unwrap();
        let bits = mt.getrandbits(k).unwrap();
        prop_assert!(bits.bit_length() <= k as u64);
        prop_assert_eq!(copy.getrandbits(k).unwrap(), bits);
    }

    #[test]
    fn any_specification_formats_or_fails(spec in "[<>=^*0 -~]{0,8}", x in any_int(), f in any_float()) {
        let spec = spec.as_bytes();
        for result in [
            format_num::format_int(&x, spec, 4300),
            format_num::format_float(f, spec),
            format_num::format_complex(f, 1.5, spec),
            format_num::format_str(b"text", spec),
        ] {
            if let Err(e) = result {
                prop_assert!(matches!(e.kind, Kind::Value | Kind::Overflow | Kind::Memory));
            }
        }
    }

    #[test]
    fn any_template_parses_or_fails(text in any_text(), ascii in "[%(){}a-z.0-9*!:\\[\\]]{0,20}") {
        for t in [text.as_slice(), ascii.as_bytes()] {
            let mut pieces = template::Pieces::new(t);
            while let Ok(Some(piece)) = pieces.next_piece() {
                if let template::Piece::Field(field) = piece
                    && let Ok((_, mut path)) = template::parse_name(field.name)
                {
                    while let Ok(Some(_)) = path.next_step() {}
                }
            }
            for bytes in [false, true] {
                let mut pieces = printf::Pieces::new(t, bytes);
                while let Ok(Some(piece)) = pieces.next_piece() {
                    if let printf::Piece::Conversion(conv) = piece
                        && !matches!(conv.width, printf::Amount::Fixed(1_000_000..))
                        && !matches!(conv.precision, printf::Amount::Fixed(1_000_000..))
                    {
                        let _ = printf::format_float(&conv, 1.5);
                        let _ = printf::format_int(&conv, &Int::ONE, 0);
                    }
                }
            }
        }
    }

    #[test]
    fn codecs_never_panic_and_utf_round_trips(
        text in any_text(),
        bytes in proptest::collection::vec(any::<u8>(), 0..40),
        encoding in proptest::sample::select(&ENCODINGS[..]),
        policy in proptest::sample::select(&POLICIES[..]),
    ) {
        let codec = Codec::find(encoding).unwrap();
        let _ = codec.decode(&bytes, &mut policy.clone());
        let _ = codec.encode(&text, &mut policy.clone());
        if encoding.starts_with("utf") {
            let coded = codec.encode(&text, &mut Policy::SurrogatePass).unwrap();
            let back = codec.decode(&coded, &mut Policy::SurrogatePass);
            // Neighbouring surrogates become one character in UTF-16, as in CPython.
            let neighbours = wtf8::code_points(&text).zip(wtf8::code_points(&text).skip(1))
                .any(|(a, b)| (0xd800..0xdc00).contains(&a) && (0xdc00..0xe000).contains(&b));
            let marked = text.starts_with("\u{feff}".as_bytes());
            if !(neighbours && encoding.starts_with("utf-16") || marked) {
                prop_assert_eq!(back.unwrap(), text.clone());
            }
        }
        if let Ok(coded) = codec.encode(&text, &mut Policy::Strict) && encoding.starts_with("gb") {
            prop_assert_eq!(codec.decode(&coded, &mut Policy::Strict).unwrap(), text);
        }
    }

    #[test]
    fn pieces_decode_as_the_whole(
        bytes in proptest::collection::vec(any::<u8>(), 0..30),
        cut in 0usize..30,
        encoding in proptest::sample::select(&ENCODINGS[..14]),
    ) {
        let codec = Codec::find(encoding).unwrap();
        let whole = codec.decode(&bytes, &mut Policy::Replace).unwrap();
        let (a, b) = bytes.split_at(cut.min(bytes.len()));
        let mut decoder = Decoder::new(codec);
        let mut text = decoder.feed(a, false, &mut Policy::Replace).unwrap();
        text.extend(decoder.feed(b, true, &mut Policy::Replace).unwrap());
        prop_assert_eq!(text, whole);
    }

    #[test]
    fn crumbs_agree_with_walking(text in any_text(), repeat in 1usize..30, i in 0usize..1300) {
        let text = text.repeat(repeat);
        let crumbs = wtf8::Crumbs::new(&text);
        prop_assert_eq!(crumbs.len(), wtf8::len(&text));
        let at = wtf8::byte_of(&text, i);
        prop_assert_eq!(crumbs.byte_of(&text, i), at);
        prop_assert_eq!(crumbs.char_of(&text, at), wtf8::char_of(&text, at));
        prop_assert_eq!(wtf8::char_at(&text, i), wtf8::code_points(&text).nth(i));
        prop_assert_eq!(wtf8::reverse(&wtf8::reverse(&text)), text);
    }

    #[test]
    fn split_joins_back(text in any_text(), sep in "[a-c \u{4e2d}]{1,2}", most in 0usize..4) {
        let sep = sep.as_bytes();
        for parts in [split::split(&text, sep, Some(most)), split::rsplit(&text, sep, Some(most))] {
            prop_assert!(parts.len() <= most + 1);
            prop_assert_eq!(parts.join(sep), text.clone());
        }
        let lines = split::split_lines(&text, true, split::Kind::Str);
        prop_assert_eq!(lines.concat(), text.clone());
        let unit = search::Unit::Chars;
        let doubled = search::replace(&text, b"", b"x", None, unit, 1 << 20).unwrap().unwrap();
        prop_assert_eq!(wtf8::len(&doubled), 2 * wtf8::len(&text) + 1);
    }

    #[test]
    fn repr_reads_back_by_unicode_escape(text in any_text()) {
        let ascii = repr::ascii_wtf8(&text);
        let body = &ascii.as_bytes()[1..ascii.len() - 1];
        prop_assert_eq!(Codec::UnicodeEscape.decode(body, &mut Policy::Strict).unwrap(), text.clone());
        prop_assert!(std::str::from_utf8(repr::repr_wtf8(&text).as_bytes()).is_ok());
    }

    #[test]
    fn case_is_stable(text in any_text()) {
        prop_assert_eq!(case::casefold(&case::casefold(&text)), case::casefold(&text));
        prop_assert_eq!(case::upper(&case::upper(&text)), case::upper(&text));
    }
}

/// Sizes are checked before anything is computed.
#[test]
fn sizes_are_bounded() {
    let huge = Int::from(10i64.pow(12));
    let most = 1 << 20;
    assert_eq!(Int::from(2).pow(&huge, most).unwrap_err().kind, Kind::Memory);
    assert_eq!(Int::from(3).pow(&huge.mul(&huge, most).unwrap(), most).unwrap_err().kind, Kind::Memory);
    assert_eq!(Int::ONE.shl(&huge, most).unwrap_err().kind, Kind::Memory);
    assert_eq!(Int::ONE.pow(&huge, most).unwrap(), Int::ONE);
    assert_eq!(Int::ZERO.shl(&huge, most).unwrap(), Int::ZERO);
    assert_eq!(format_num::format_small(1, b"999999999999").unwrap_err().kind, Kind::Memory);
    assert_eq!(format_num::format_float(1.0, b".99999999999").unwrap_err().kind, Kind::Value);
    assert_eq!(Int::ONE.to_bytes(1 << 50, Order::Big, false).unwrap_err().kind, Kind::Memory);
    assert!(search::replace(b"aaaa", b"a", &[b'x'; 1000], None, search::Unit::Bytes, 100).is_err());
}

/// A hundred thousand digits take milliseconds, not seconds.
#[test]
fn long_decimals_convert() {
    let digits = "123456789".repeat(12_000);
    let x = Int::parse(&digits, 10, 0).unwrap();
    assert_eq!(x.to_decimal(0).unwrap(), digits);
}

/// The hash depends on every byte and on the seed.
#[test]
fn hashes_differ() {
    use crate::text::hash::hash_bytes;
    let mut seen = std::collections::HashSet::new();
    for len in 0..200 {
        assert!(seen.insert(hash_bytes(&vec![b'a'; len], 1)) || len == 0);
        assert!(len == 0 || seen.insert(hash_bytes(&vec![b'a'; len], 2)));
    }
    assert_eq!(hash_bytes(b"", 5), 0);
}

/// The software functions have the same bits everywhere, and both makes agree closely.
#[test]
fn elementary_functions() {
    use super::math::{MathLib, NATIVE, SOFT};
    type Pick = fn(&MathLib) -> f64;
    let picks: [(Pick, u64); 5] = [
        (|m| (m.sin)(1.0), 0x3fea_ed54_8f09_0cee),
        (|m| (m.exp)(1.0), 0x4005_bf0a_8b14_5769),
        (|m| (m.log)(10.0), 0x4002_6bb1_bbb5_5516),
        (|m| (m.pow)(2.0, 0.5), 0x3ff6_a09e_667f_3bcd),
        (|m| (m.gamma)(5.5), 0x404a_2be0_2477_39f2),
    ];
    for (i, (f, bits)) in picks.iter().enumerate() {
        assert_eq!(f(&SOFT).to_bits() >> 3, bits >> 3, "software function {i}: {:#x}", f(&SOFT).to_bits());
        assert!((f(&SOFT) - f(&NATIVE)).abs() <= f(&NATIVE).abs() * 1e-14);
    }
    assert_eq!((NATIVE.gamma)(23.0), 1_124_000_727_777_607_680_000.0);
    assert_eq!((SOFT.lgamma)(2.0), 0.0);
}
