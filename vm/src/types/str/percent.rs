//! `%` formatting of `str`, and of `bytes` and `bytearray`.

use super::{MAX_BYTES, Str, this};
use crate::error::{Exc, PyResult, Raised};
use crate::num::Int;
use crate::special::Special;
use crate::text::printf::{self, Amount, Conversion, Piece, Pieces};
use crate::types::bytes::{ByteArray, Bytes};
use crate::types::int::BigInt;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// `s % operand`
pub fn str_mod(vm: &mut Vm, a: &[Value]) -> PyResult {
    let text = format(vm, this(&a[0]).bytes(), &a[1], Kind::Str)?;
    Ok(vm.new_str_wtf8(text))
}

/// `operand % s` where only the right side is a str.
pub fn str_rmod(vm: &mut Vm, a: &[Value]) -> PyResult {
    if !a[1].is_a::<Str>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let text = format(vm, this(&a[1]).bytes(), &a[0], Kind::Str)?;
    Ok(vm.new_str_wtf8(text))
}

/// What is formatted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A str.
    Str,
    /// Bytes or a bytearray.
    Bytes,
}

/// The operands, handed out one by one (`getnextarg` of CPython's `unicodeobject.c`).
struct Operands {
    /// The right operand, or a mapping's value.
    value: Value,
    /// How many there are; -1 where the value itself is the only one.
    len: isize,
    /// The next one; -2 where the value itself is still to come.
    next: isize,
    /// Where `%(key)s` looks; absent where the operand is no mapping.
    mapping: Value,
}

impl Operands {
    fn new(vm: &Vm, value: &Value, kind: Kind) -> Operands {
        let tuple = value.get::<Tuple>();
        let text = value.is_a::<Str>() || (kind == Kind::Bytes && (value.is_a::<Bytes>() || value.is_a::<ByteArray>()));
        let mapping = tuple.is_none() && !text && !value.class(vm).special(Special::GetItem).is_null();
        Operands {
            value: value.clone(),
            len: tuple.map_or(-1, |t| t.items().len() as isize),
            next: if tuple.is_some() { 0 } else { -2 },
            mapping: if mapping { value.clone() } else { Value::NULL },
        }
    }
    fn take(&mut self, vm: &mut Vm) -> PyResult {
        if self.next >= self.len {
            return Err(vm.num_err(printf::not_enough()));
        }
        self.next += 1;
        match self.value.get::<Tuple>() {
            Some(t) if self.len >= 0 => Ok(t.items()[self.next as usize - 1].clone()),
            _ => Ok(self.value.clone()),
        }
    }
    fn take_key(&mut self, vm: &mut Vm, key: &[u8], kind: Kind) -> PyResult<()> {
        if self.mapping.is_null() {
            return Err(vm.num_err(printf::needs_mapping()));
        }
        let key = match kind {
            Kind::Str => vm.new_str_piece(key),
            Kind::Bytes => vm.new_bytes(key.to_vec()),
        };
        let mapping = self.mapping.clone();
        self.value = vm.get_item(&mapping, &key)?;
        (self.len, self.next) = (-1, -2);
        Ok(())
    }
}

/// The formatted text of a template.
pub fn format(vm: &mut Vm, template: &[u8], operand: &Value, kind: Kind) -> PyResult<Vec<u8>> {
    let mut operands = Operands::new(vm, operand, kind);
    let mut pieces = Pieces::new(template, kind == Kind::Bytes);
    let mut out = Vec::with_capacity(template.len() + 16);
    while let Some(piece) = pieces.next_piece().map_err(|e| vm.num_err(e))? {
        match piece {
            Piece::Literal(t) => out.extend_from_slice(t),
            Piece::Conversion(mut conv) => one(vm, &mut conv, &mut operands, kind, &mut out)?,
        }
        if out.len() > MAX_BYTES {
            return Err(vm.memory_error());
        }
    }
    if operands.next < operands.len && operands.mapping.is_null() {
        let e = if kind == Kind::Str { printf::not_all_str() } else { printf::not_all_bytes() };
        return Err(vm.num_err(e));
    }
    Ok(out)
}

fn star(vm: &mut Vm, operands: &mut Operands) -> PyResult<Int> {
    let v = operands.take(vm)?;
    match vm.int_value(&v) {
        Some(i) => Ok(i),
        None => Err(vm.num_err(printf::star_wants_int())),
    }
}

/// `%d` of a small int and `%s`, with no flags, width or precision: appended as they are. False: not one of these.
fn unpadded(vm: &mut Vm, letter: char, v: &Value, out: &mut Vec<u8>) -> PyResult<bool> {
    match (letter, v.as_small()) {
        ('d' | 'i' | 's', Some(i)) => out.extend_from_slice(itoa::Buffer::new().format(i).as_bytes()),
        ('s', None) => {
            let s = vm.str(v)?;
            out.extend_from_slice(this(&s).bytes());
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Formats one conversion and appends it.
fn one(vm: &mut Vm, conv: &mut Conversion, operands: &mut Operands, kind: Kind, out: &mut Vec<u8>) -> PyResult<()> {
    if let Some(key) = conv.key {
        operands.take_key(vm, key, kind)?;
    }
    if conv.width == Amount::Operand {
        let width = star(vm, operands)?;
        conv.set_width(&width).map_err(|e| vm.num_err(e))?;
    }
    if conv.precision == Amount::Operand {
        let precision = star(vm, operands)?;
        conv.set_precision(&precision).map_err(|e| vm.num_err(e))?;
    }
    let v = operands.take(vm)?;
    if kind == Kind::Str && conv.is_bare() && unpadded(vm, conv.letter(), &v, out)? {
        return Ok(());
    }
    let text = match conv.letter() {
        's' | 'b' if kind == Kind::Bytes => bytes_operand(vm, conv, &v)?,
        's' => {
            let s = vm.str(&v)?;
            plain(vm, conv, this(&s).bytes())?
        }
        'r' if kind == Kind::Str => {
            let s = vm.repr(&v)?;
            plain(vm, conv, this(&s).bytes())?
        }
        'r' | 'a' => {
            let s = vm.ascii(&v)?;
            plain(vm, conv, this(&s).bytes())?
        }
        'd' | 'i' | 'u' | 'o' | 'x' | 'X' => integer(vm, conv, &v)?,
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => float(vm, conv, &v, kind)?,
        'c' if kind == Kind::Str => character(vm, conv, &v)?,
        'c' => byte(vm, conv, &v)?,
        // CPython's message has the byte as a signed character, which its own formatting then refuses
        _ if kind == Kind::Bytes && conv.code >= 0x80 => return Err(vm.err(Exc::OverflowError, "character argument not in range(0x110000)")),
        _ => return Err(vm.num_err(printf::unsupported(conv))),
    };
    out.extend_from_slice(&text);
    Ok(())
}

fn plain(vm: &mut Vm, conv: &Conversion, text: &[u8]) -> PyResult<Vec<u8>> {
    printf::format_text(conv, text).map_err(|e| vm.num_err(e))
}

fn integer(vm: &mut Vm, conv: &Conversion, v: &Value) -> PyResult<Vec<u8>> {
    let i = match vm.int_value(v) {
        Some(i) => i,
        None => match to_integer(vm, conv, v)? {
            Some(i) => i,
            None => {
                let name = vm.type_name(v);
                let radix = matches!(conv.letter(), 'o' | 'x' | 'X');
                let e = if radix { printf::needs_integer(conv, &name) } else { printf::needs_number(conv, &name) };
                return Err(vm.num_err(e));
            }
        },
    };
    let limit = vm.iso().int_max_str_digits;
    printf::format_int(conv, &i, limit).map_err(|e| vm.num_err(e))
}

/// The int that a number stands for: by `__index__` for `%x` and `%o`, by `int()` otherwise; `None` where it has none.
fn to_integer(vm: &mut Vm, conv: &Conversion, v: &Value) -> PyResult<Option<Int>> {
    let class = v.class(vm);
    let has = |s: Special| !class.special(s).is_null();
    let is_number = v.is_float() || has(Special::Index) || has(Special::Int) || has(Special::Float);
    if !is_number {
        return Ok(None);
    }
    let result = if matches!(conv.letter(), 'o' | 'x' | 'X') {
        vm.to_int(v)
    } else if let Some(f) = crate::proto::compare::float_value(v).filter(|_| !has(Special::Int)) {
        Int::from_f64(f).map_err(|e| vm.num_err(e))
    } else {
        let int = vm.ty(crate::types::T::Int).clone();
        vm.call(&int, std::slice::from_ref(v)).and_then(|i| vm.to_int(&i))
    };
    match result {
        Ok(i) => Ok(Some(i)),
        Err(e) if vm.is_exc(&e, Exc::TypeError) => Ok(None),
        Err(e) => Err(e),
    }
}

fn float(vm: &mut Vm, conv: &Conversion, v: &Value, kind: Kind) -> PyResult<Vec<u8>> {
    let f = match vm.to_f64(v) {
        Ok(f) => f,
        Err(e) if kind == Kind::Bytes && vm.is_exc(&e, Exc::TypeError) => {
            let name = vm.type_name(v);
            return Err(vm.type_error(format!("float argument required, not {name}")));
        }
        Err(e) => return Err(e),
    };
    printf::format_float(conv, f).map_err(|e| vm.num_err(e))
}

fn character(vm: &mut Vm, conv: &mut Conversion, v: &Value) -> PyResult<Vec<u8>> {
    let needs = |vm: &mut Vm| vm.type_error("%c requires int or char");
    if let Some(s) = v.get::<Str>() {
        if s.char_len() != 1 {
            return Err(needs(vm));
        }
        conv.precision = Amount::None;
        return plain(vm, conv, s.bytes());
    }
    let code = match vm.to_int(v) {
        Ok(i) => i,
        Err(e) if vm.is_exc(&e, Exc::TypeError) => return Err(needs(vm)),
        Err(e) => return Err(e),
    };
    printf::format_char(conv, &code).map_err(|e| vm.num_err(e))
}

fn byte(vm: &mut Vm, conv: &mut Conversion, v: &Value) -> PyResult<Vec<u8>> {
    let needs = |vm: &mut Vm| vm.type_error("%c requires an integer in range(256) or a single byte");
    if v.is_a::<Bytes>() || v.is_a::<ByteArray>() {
        let bytes = vm.buffer_bytes(v)?;
        if bytes.len() != 1 {
            return Err(needs(vm));
        }
        conv.precision = Amount::None;
        return printf::format_bytes(conv, &bytes).map_err(|e| vm.num_err(e));
    }
    if !(v.is_small() || v.is_bool() || v.is_a::<BigInt>()) {
        return match vm.index(v) {
            Ok(i) => byte(vm, conv, &i),
            Err(e) if vm.is_exc(&e, Exc::TypeError) => Err(needs(vm)),
            Err(e) => Err(e),
        };
    }
    let code = vm.to_int(v)?;
    printf::format_byte(conv, &code).map_err(|e| vm.num_err(e))
}

/// `%s` and `%b` in a bytes template: the buffer protocol or `__bytes__`.
fn bytes_operand(vm: &mut Vm, conv: &Conversion, v: &Value) -> PyResult<Vec<u8>> {
    let bytes = if v.is_a::<Bytes>() || v.is_a::<ByteArray>() {
        vm.buffer_bytes(v)?
    } else if let Some(f) = vm.special(v, Special::Bytes) {
        let r = vm.call_special(&f, std::slice::from_ref(v))?;
        match r.get::<Bytes>() {
            Some(b) => b.bytes().to_vec(),
            None => {
                let name = vm.type_name(&r);
                return Err(vm.type_error(format!("__bytes__ returned non-bytes (type {name})")));
            }
        }
    } else if vm.is_buffer(v) {
        vm.buffer_bytes(v)?
    } else {
        return Err(not_bytes(vm, v));
    };
    printf::format_bytes(conv, &bytes).map_err(|e| vm.num_err(e))
}

fn not_bytes(vm: &mut Vm, v: &Value) -> Raised {
    let name = vm.type_name(v);
    vm.type_error(format!("%b requires a bytes-like object, or an object that implements __bytes__, not '{name}'"))
}
