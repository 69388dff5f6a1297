//! For tests: calls a function of `num` or `text` by name on arguments given as text, so that tables made by
//! `gen/cases.py` under CPython can be compared line by line.
//!
//! A line is `op <tab> arg <tab> .. <tab> expected`; bytes outside printable ASCII and backslashes stand as `\xHH`.
//! `expected` is the result's text, or `!Kind: message`.

use crate::num::err::{Kind, PyErr, PyResult};
use crate::num::*;
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
    match op {
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
        "bits" => text(format!(
            "{} {}",
            a.int(0).bit_length(),
            a.int(0).bit_count()
        )),
        "gcd" => int(a.int(0).gcd(&a.int(1))),
        "lcm" => int(a.int(0).lcm(&a.int(1), MAX)?),
        "isqrt" => int(a.int(0).isqrt()?),
        "float" => flt(a.int(0).to_f64()?),
        "from_float" => int(Int::from_f64(a.float(0))?),
        "cmp_float" => text(match a.int(0).cmp_f64(a.float(1)) {
            None => "none",
            Some(std::cmp::Ordering::Less) => "<",
            Some(std::cmp::Ordering::Equal) => "=",
            Some(std::cmp::Ordering::Greater) => ">",
        }),
        "to_bytes" => a
            .int(0)
            .to_bytes(a.i64(1) as usize, order(a.str(2)), a.str(3) == "1"),
        "from_bytes" => int(Int::from_bytes(
            a.bytes(0),
            order(a.str(1)),
            a.str(2) == "1",
        )),
        _ => panic!("unknown operation int.{op}"),
    }
}

fn order(name: &str) -> Order {
    if name == "little" {
        Order::Little
    } else {
        Order::Big
    }
}

/// Checks all lines of a table; gives the failures.
pub fn check_table(table: &str) -> Vec<String> {
    let mut failures = Vec::new();
    for line in table
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
    {
        let fields: Vec<&str> = line.split('\t').collect();
        let (op, expected) = (fields[0], fields[fields.len() - 1]);
        let args = Args(
            fields[1..fields.len() - 1]
                .iter()
                .map(|f| unescape(f))
                .collect(),
        );
        let got = call(op, &args);
        if got != expected {
            failures.push(format!("{line}\n    got: {got}"));
        }
    }
    failures
}
