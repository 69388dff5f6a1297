//! For tests: calls a function of `num` or `text` by name on arguments given as text, so that tables made by
//! `gen/cases.py` under CPython can be compared line by line.
//!
//! A line is `op <tab> arg <tab> .. <tab> expected`; bytes outside printable ASCII and backslashes stand as `\xHH`.
//! `expected` is the result's text, or `!Kind: message`.

use crate::num::err::{self, PyErr, PyResult};
use crate::num::*;
use crate::text::split::Kind;
use crate::text::*;

/// Undoes the escaping of a field.
pub fn unescape(field: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = field.as_bytes();
    while let Some((b, tail)) = rest.split_first() {
        if *b == b'\\' && tail.first() == Some(&b'x') {
            let digits = std::str::from_utf8(&tail[1..3]).expect("hex");
            out.push(u8::from_str_radix(digits, 16).expect("hex"));
            rest = &tail[3..];
        } else {
            out.push(*b);
            rest = tail;
        }
    }
    out
}

/// Escapes a result for comparison.
pub fn escape(bytes: &[u8]) -> String {
    let mut out = String::new();
    for b in bytes {
        match b {
            0x20..=0x7e if *b != b'\\' => out.push(*b as char),
            _ => out.push_str(&format!("\\x{b:02x}")),
        }
    }
    out
}

fn show_err(e: &PyErr) -> String {
    use err::Kind;
    let kind = match &e.kind {
        Kind::Value => "ValueError",
        Kind::Overflow => "OverflowError",
        Kind::Type => "TypeError",
        Kind::ZeroDivision => "ZeroDivisionError",
        Kind::Memory => "MemoryError",
        Kind::Index => "IndexError",
        Kind::Lookup => "LookupError",
        Kind::UnicodeDecode { .. } => "UnicodeDecodeError",
        Kind::UnicodeEncode { .. } => "UnicodeEncodeError",
    };
    format!("!{kind}: {}", e.msg)
}

/// Arguments of one call.
pub struct Args(pub Vec<Vec<u8>>);

impl Args {
    pub fn bytes(&self, i: usize) -> &[u8] {
        &self.0[i]
    }
    pub fn str(&self, i: usize) -> &str {
        std::str::from_utf8(&self.0[i]).expect("utf-8 argument")
    }
    pub fn int(&self, i: usize) -> Int {
        Int::parse(self.str(i), 10, 0).expect("int argument")
    }
    pub fn i64(&self, i: usize) -> i64 {
        self.int(i).to_i64().expect("i64 argument")
    }
    pub fn float(&self, i: usize) -> f64 {
        float::fromhex(self.str(i)).expect("float argument")
    }
}

/// Runs one operation and gives what the table should say.
pub fn call(op: &str, args: &Args) -> String {
    match dispatch(op, args) {
        Ok(bytes) => escape(&bytes),
        Err(e) => escape(show_err(&e).as_bytes()),
    }
}

fn text(x: impl ToString) -> PyResult<Vec<u8>> {
    Ok(x.to_string().into_bytes())
}

fn int(x: Int) -> PyResult<Vec<u8>> {
    text(x.to_decimal(0)?)
}

fn flt(x: f64) -> PyResult<Vec<u8>> {
    text(float::hex(x))
}

const MAX: usize = 1 << 24;

fn dispatch(op: &str, a: &Args) -> PyResult<Vec<u8>> {
    if let Some(name) = op.strip_prefix("int.") {
        return int_op(name, a);
    }
    if let Some(name) = op.strip_prefix("str.") {
        return text_op(name, a, Kind::Str);
    }
    if let Some(name) = op.strip_prefix("bytes.") {
        return text_op(name, a, Kind::Bytes);
    }
    match op {
        "float.floordiv" => flt(float_ops::floor_div(a.float(0), a.float(1))?),
        "float.mod" => flt(float_ops::modulo(a.float(0), a.float(1))?),
        "float.divmod" => {
            let (q, r) = float_ops::divmod(a.float(0), a.float(1))?;
            text(format!("{} {}", float::hex(q), float::hex(r)))
        }
        "float.pow" => match float_ops::pow(a.float(0), a.float(1), &math::NATIVE)? {
            float_ops::Power::Real(x) => flt(x),
            float_ops::Power::Complex(re, im) => text(complex::repr(re, im)),
        },
        "float.round" => flt(float_ops::round_digits(a.float(0), a.i64(1))?),
        "float.round_int" => int(float_ops::round_to_int(a.float(0))?),
        "float.ratio" => {
            let (n, d) = float_ops::as_integer_ratio(a.float(0))?;
            text(format!("{}/{}", n.to_decimal(0)?, d.to_decimal(0)?))
        }
        "hash.float" => text(crate::num::hash::hash_f64(a.float(0)).unwrap_or(0)),
        "hash.int" => text(crate::num::hash::hash_int(&a.int(0))),
        "hash.complex" => text(crate::num::hash::hash_complex(a.float(0), a.float(1), 0)),
        "hash.tuple" => text(crate::num::hash::hash_tuple(a.0.iter().enumerate().map(|(i, _)| a.i64(i)))),
        "complex.repr" => text(complex::repr(a.float(0), a.float(1))),
        "complex.parse" => complex_text(complex::parse(a.str(0))?),
        "complex.mul" => complex_text(complex::mul((a.float(0), a.float(1)), (a.float(2), a.float(3)))),
        "complex.div" => complex_text(complex::div((a.float(0), a.float(1)), (a.float(2), a.float(3)))?),
        "complex.pow" => complex_text(complex::pow((a.float(0), a.float(1)), (a.float(2), a.float(3)), &math::NATIVE)?),
        "encode" => find_codec(a.str(1))?.encode(a.bytes(0), &mut policy(a.str(2))?),
        "decode" => find_codec(a.str(1))?.decode(a.bytes(0), &mut policy(a.str(2))?),
        "decode_pieces" => {
            let mut decoder = codec::Decoder::new(find_codec(a.str(1))?);
            let mut out = Vec::new();
            for b in a.bytes(0) {
                out.extend(decoder.feed(&[*b], false, &mut codec::Policy::Replace)?);
            }
            out.extend(decoder.feed(b"", true, &mut codec::Policy::Replace)?);
            Ok(out)
        }
        "random" => {
            let mut mt = mt19937::Mt19937::from_int(&a.int(0));
            let floats: Vec<String> = (0..3).map(|_| float::hex(mt.random())).collect();
            let bits: PyResult<Vec<String>> = (1..a.0.len()).map(|i| mt.getrandbits(a.i64(i))?.to_decimal(0)).collect();
            let last = (0..700).fold(0, |_, _| mt.next_u32());
            text(format!("{} {} {last}", floats.join(" "), bits?.join(" ")))
        }
        "pack" => Ok(match a.str(0) {
            "e" => pack::pack_f16(a.float(1), Order::Big)?.to_vec(),
            "f" => pack::pack_f32(a.float(1), Order::Little)?.to_vec(),
            _ => pack::pack_f64(a.float(1), Order::Big).to_vec(),
        }),
        "unpack_e" => {
            let raw = a.bytes(0).try_into().expect("2 bytes");
            flt(pack::unpack_f16(raw, Order::Little))
        }
        "char" => {
            let c = wtf8::first(a.bytes(0)).map_or(0, |(c, _)| c);
            let mut out = is_flags(a.bytes(0), Kind::Str)?;
            out.push(b'0' + u8::from(unicode::is_id_continue(c)));
            for change in [case::upper, case::lower, case::title, case::casefold, case::swapcase] {
                out.push(b' ');
                out.extend(change(a.bytes(0)));
            }
            out.extend(format!(" {:?} {:?}", unicode::decimal_digit(c), unicode::digit_value(c)).into_bytes());
            Ok(out)
        }
        "codec" => text(find_codec(a.str(0))?.name()),
        "printf" => printf(a, false),
        "printf.bytes" => printf(a, true),
        "template" => template(a.bytes(0)),
        "template.name" => template_name(a.bytes(0)),
        "float.repr" => text(float::repr(a.float(0))),
        "float.parse" => flt(float::parse(a.str(0))?),
        "float.hex" => text(float::hex(a.float(0))),
        "float.fromhex" => flt(float::fromhex(a.str(0))?),
        "format.int" => format_num::format_int(&a.int(0), a.bytes(1), 4300),
        "format.float" => format_num::format_float(a.float(0), a.bytes(1)),
        "format.complex" => format_num::format_complex(a.float(0), a.float(1), a.bytes(2)),
        "format.str" => format_num::format_str(a.bytes(0), a.bytes(1)),
        "repr.str" => text(repr::repr_wtf8(a.bytes(0))),
        "ascii.str" => text(repr::ascii_wtf8(a.bytes(0))),
        "repr.bytes" => text(repr::repr_bytes(a.bytes(0))),
        _ => panic!("unknown operation {op}"),
    }
}

fn find_codec(name: &str) -> PyResult<codec::Codec> {
    codec::Codec::find(name).ok_or_else(|| codec::unknown_encoding(name))
}

fn policy(name: &str) -> PyResult<codec::Policy> {
    codec::Policy::by_name(name).ok_or_else(|| codec::unknown_handler(name))
}

fn complex_text((re, im): (f64, f64)) -> PyResult<Vec<u8>> {
    text(format!("{} {}", float::hex(re), float::hex(im)))
}

/// Slices as `repr` of each, joined.
fn parts(list: &[&[u8]], kind: Kind) -> PyResult<Vec<u8>> {
    let shown = |p: &&[u8]| match kind {
        Kind::Str => repr::repr_wtf8(p),
        Kind::Bytes => repr::repr_bytes(p),
    };
    text(format!("[{}]", list.iter().map(shown).collect::<Vec<_>>().join(", ")))
}

fn most(n: i64) -> Option<usize> {
    usize::try_from(n).ok()
}

fn text_op(op: &str, a: &Args, kind: Kind) -> PyResult<Vec<u8>> {
    let s = a.bytes(0);
    let unit = if kind == Kind::Str { search::Unit::Chars } else { search::Unit::Bytes };
    let place = |at: Option<usize>| match (at, unit) {
        (None, _) => -1,
        (Some(at), search::Unit::Chars) => wtf8::char_of(s, at) as i64,
        (Some(at), search::Unit::Bytes) => at as i64,
    };
    match op {
        "find" => text(place(search::find(s, a.bytes(1)))),
        "rfind" => text(place(search::rfind(s, a.bytes(1)))),
        "count" => text(search::count(s, a.bytes(1), unit)),
        "replace" => {
            let new = search::replace(s, a.bytes(1), a.bytes(2), most(a.i64(3)), unit, MAX)?;
            Ok(new.unwrap_or_else(|| s.to_vec()))
        }
        "split" => parts(&split::split(s, a.bytes(1), most(a.i64(2))), kind),
        "rsplit" => parts(&split::rsplit(s, a.bytes(1), most(a.i64(2))), kind),
        "split_space" => parts(&split::split_space(s, most(a.i64(1)), kind), kind),
        "rsplit_space" => parts(&split::rsplit_space(s, most(a.i64(1)), kind), kind),
        "splitlines" => parts(&split::split_lines(s, a.i64(1) == 1, kind), kind),
        "strip" => Ok(split::strip_space(s, true, true, kind).to_vec()),
        "lstrip" => Ok(split::strip_space(s, true, false, kind).to_vec()),
        "rstrip" => Ok(split::strip_space(s, false, true, kind).to_vec()),
        "strip_chars" => Ok(split::strip_chars(s, a.bytes(1), true, true, kind).to_vec()),
        "expandtabs" => split::expand_tabs(s, a.i64(1) as usize, kind, MAX),
        "zfill" => split::zfill(s, unit.len(s), a.i64(1) as usize, MAX),
        "center" => split::justify(s, unit.len(s), a.i64(1) as usize, a.bytes(2), split::Side::Center, MAX),
        "partition" => match split::partition(s, a.bytes(1)) {
            Some((x, y)) => parts(&[x, a.bytes(1), y], kind),
            None => parts(&[s, b"", b""], kind),
        },
        "rpartition" => match split::rpartition(s, a.bytes(1)) {
            Some((x, y)) => parts(&[x, a.bytes(1), y], kind),
            None => parts(&[b"", b"", s], kind),
        },
        "slice" => {
            let (start, stop) = (a.i64(1) as usize, a.i64(2) as usize);
            let walked = wtf8::slice(s, start, stop);
            assert_eq!(walked, wtf8::Crumbs::new(s).slice(s, start, stop));
            Ok(walked.to_vec())
        }
        "slice_step" => Ok(wtf8::slice_step(s, a.i64(1) as usize, a.i64(2) as isize, a.i64(3) as usize)),
        "len" => text(wtf8::len(s)),
        "lower" => Ok(case::lower(s)),
        "upper" => Ok(case::upper(s)),
        "title" if kind == Kind::Str => Ok(case::title(s)),
        "title" => Ok(case::ascii_title(s)),
        "capitalize" if kind == Kind::Str => Ok(case::capitalize(s)),
        "capitalize" => Ok(case::ascii_capitalize(s)),
        "swapcase" if kind == Kind::Str => Ok(case::swapcase(s)),
        "swapcase" => Ok(case::ascii_swapcase(s)),
        "casefold" => Ok(case::casefold(s)),
        "is" => is_flags(s, kind),
        _ => panic!("unknown operation str.{op}"),
    }
}

/// The answers of all predicates as a row of 0 and 1.
fn is_flags(s: &[u8], kind: Kind) -> PyResult<Vec<u8>> {
    let flags = match kind {
        Kind::Bytes => vec![case::ascii_is_case(s, true), case::ascii_is_case(s, false), case::ascii_is_title(s)],
        Kind::Str => vec![
            case::is_lower(s),
            case::is_upper(s),
            case::is_title(s),
            case::all(s, unicode::is_alpha),
            case::all(s, unicode::is_alnum),
            case::all(s, unicode::is_decimal),
            case::all(s, unicode::is_digit),
            case::all(s, unicode::is_numeric),
            case::all(s, unicode::is_space),
            wtf8::code_points(s).all(unicode::is_printable),
            case::is_identifier(s),
        ],
    };
    text(flags.iter().map(|f| if *f { '1' } else { '0' }).collect::<String>())
}

/// `%` formatting as the interpreter would drive it; operands are tagged `i`, `f` or `s`.
fn printf(a: &Args, bytes: bool) -> PyResult<Vec<u8>> {
    let mut out = Vec::new();
    let mut operands = a.0[1..].iter();
    let mut pieces = printf::Pieces::new(a.bytes(0), bytes);
    let as_int = |o: &[u8]| Int::parse(std::str::from_utf8(&o[1..]).unwrap_or(""), 10, 0);
    while let Some(piece) = pieces.next_piece()? {
        let mut conv = match piece {
            printf::Piece::Literal(text) => {
                out.extend_from_slice(text);
                continue;
            }
            printf::Piece::Conversion(conv) => conv,
        };
        if conv.key.is_some() {
            return Err(printf::needs_mapping());
        }
        if conv.width == printf::Amount::Operand {
            let o = operands.next().ok_or_else(printf::not_enough)?;
            conv.set_width(&as_int(o).ok().filter(|_| o[0] == b'i').ok_or_else(printf::star_wants_int)?)?;
        }
        if conv.precision == printf::Amount::Operand {
            let o = operands.next().ok_or_else(printf::not_enough)?;
            conv.set_precision(&as_int(o).ok().filter(|_| o[0] == b'i').ok_or_else(printf::star_wants_int)?)?;
        }
        let o = operands.next().ok_or_else(printf::not_enough)?;
        let body = std::str::from_utf8(&o[1..]).unwrap_or("");
        let type_name = match o[0] {
            b'i' => "int",
            b'f' => "float",
            _ if bytes => "bytes",
            _ => "str",
        };
        let piece = match (conv.letter(), o[0]) {
            ('d' | 'i' | 'u' | 'o' | 'x' | 'X', b'i') => printf::format_int(&conv, &as_int(o)?, 4300)?,
            ('d' | 'i' | 'u', b'f') => printf::format_int(&conv, &Int::from_f64(float::fromhex(body)?)?, 4300)?,
            ('d' | 'i' | 'u', _) => return Err(printf::needs_number(&conv, type_name)),
            ('o' | 'x' | 'X', _) => return Err(printf::needs_integer(&conv, type_name)),
            ('e' | 'E' | 'f' | 'F' | 'g' | 'G', b'i') => printf::format_float(&conv, as_int(o)?.to_f64()?)?,
            ('e' | 'E' | 'f' | 'F' | 'g' | 'G', b'f') => printf::format_float(&conv, float::fromhex(body)?)?,
            ('s', b's') if bytes => printf::format_bytes(&conv, &o[1..])?,
            ('s', b's') => printf::format_text(&conv, &o[1..])?,
            ('r', b's') if !bytes => printf::format_text(&conv, repr::repr_wtf8(&o[1..]).as_bytes())?,
            ('c', b'i') if bytes => printf::format_byte(&conv, &as_int(o)?)?,
            ('c', b'i') => printf::format_char(&conv, &as_int(o)?)?,
            ('s' | 'r' | 'a' | 'b' | 'c' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G', _) => {
                return Err(err::type_error("skip"));
            }
            _ => return Err(printf::unsupported(&conv)),
        };
        out.extend_from_slice(&piece);
    }
    if operands.next().is_some() {
        return Err(if bytes { printf::not_all_bytes() } else { printf::not_all_str() });
    }
    Ok(out)
}

/// What `_string.formatter_parser` gives, merged into one line.
fn template(text: &[u8]) -> PyResult<Vec<u8>> {
    let mut pieces = template::Pieces::new(text);
    let mut out = String::new();
    while let Some(piece) = pieces.next_piece()? {
        match piece {
            template::Piece::Literal(t) => out.push_str(&repr::repr_wtf8(t)),
            template::Piece::Field(f) => out.push_str(&format!(
                "<{}|{}|{}>",
                repr::repr_wtf8(f.name),
                repr::repr_wtf8(f.spec),
                f.conversion.map_or("None".to_owned(), |c| repr::repr_wtf8(&wtf8::from_code_points([c])))
            )),
        }
    }
    Ok(out.into_bytes())
}

/// What `_string.formatter_field_name_split` gives.
fn template_name(name: &[u8]) -> PyResult<Vec<u8>> {
    let (root, mut path) = template::parse_name(name)?;
    let mut out = match root {
        template::Root::Auto => "''".to_owned(),
        template::Root::Index(i) => i.to_string(),
        template::Root::Key(k) => repr::repr_wtf8(k),
    };
    while let Some(step) = path.next_step()? {
        out.push_str(&match step {
            template::Step::Attribute(k) => format!(" .{}", repr::repr_wtf8(k)),
            template::Step::Index(i) => format!(" [{i}]"),
            template::Step::Key(k) => format!(" [{}]", repr::repr_wtf8(k)),
        });
    }
    Ok(out.into_bytes())
}

fn int_op(op: &str, a: &Args) -> PyResult<Vec<u8>> {
    match op {
        "parse" => int(Int::parse(a.str(0), a.i64(1) as u32, 4300)?),
        "str" => text(a.int(0).to_decimal(4300)?),
        "radix" => text(a.int(0).to_radix(a.i64(1) as u32)),
        "add" => int(a.int(0).add(&a.int(1))),
        "sub" => int(a.int(0).sub(&a.int(1))),
        "mul" => int(a.int(0).mul(&a.int(1), MAX)?),
        "divmod" => {
            let (q, r) = a.int(0).divmod(&a.int(1))?;
            text(format!("{} {}", q.to_decimal(0)?, r.to_decimal(0)?))
        }
        "mod" => int(a.int(0).modulo(&a.int(1))?),
        "truediv" => flt(a.int(0).true_div(&a.int(1))?),
        "pow" => int(a.int(0).pow(&a.int(1), MAX)?),
        "powmod" => int(a.int(0).pow_mod(&a.int(1), &a.int(2))?),
        "shl" => int(a.int(0).shl(&a.int(1), MAX)?),
        "shr" => int(a.int(0).shr(&a.int(1))?),
        "and" => int(a.int(0).and(&a.int(1))),
        "or" => int(a.int(0).or(&a.int(1))),
        "xor" => int(a.int(0).xor(&a.int(1))),
        "invert" => int(a.int(0).invert()),
        "bits" => text(format!("{} {}", a.int(0).bit_length(), a.int(0).bit_count())),
        "gcd" => int(a.int(0).gcd(&a.int(1))),
        "lcm" => int(a.int(0).lcm(&a.int(1), MAX)?),
        "round" => int(a.int(0).round_digits(a.i64(1))?),
        "isqrt" => int(a.int(0).isqrt()?),
        "float" => flt(a.int(0).to_f64()?),
        "from_float" => int(Int::from_f64(a.float(0))?),
        "cmp_float" => text(match a.int(0).cmp_f64(a.float(1)) {
            None => "none",
            Some(std::cmp::Ordering::Less) => "<",
            Some(std::cmp::Ordering::Equal) => "=",
            Some(std::cmp::Ordering::Greater) => ">",
        }),
        "to_bytes" => a.int(0).to_bytes(a.i64(1) as usize, order(a.str(2)), a.str(3) == "1"),
        "from_bytes" => int(Int::from_bytes(a.bytes(0), order(a.str(1)), a.str(2) == "1")),
        _ => panic!("unknown operation int.{op}"),
    }
}

fn order(name: &str) -> Order {
    if name == "little" { Order::Little } else { Order::Big }
}

/// Checks all lines of a table; gives the failures.
pub fn check_table(table: &str) -> Vec<String> {
    let mut failures = Vec::new();
    for line in table.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (op, expected) = (fields[0], fields[fields.len() - 1]);
        let args = Args(fields[1..fields.len() - 1].iter().map(|f| unescape(f)).collect());
        let got = call(op, &args);
        if got != expected {
            failures.push(format!("{line}\n    got: {got}"));
        }
    }
    failures
}
