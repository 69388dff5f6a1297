//! Dialects: how fields are told apart and quoted.

use super::{ERROR, Registry};
use gilbert_vm::error::{PyResult, Raised};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Immutable, layout_of};
use gilbert_vm::types::int::BigInt;
use gilbert_vm::types::native::{getter, static_method};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// Quote what needs it.
pub const QUOTE_MINIMAL: i32 = 0;
/// Quote every field.
pub const QUOTE_ALL: i32 = 1;
/// Quote all but numbers.
pub const QUOTE_NONNUMERIC: i32 = 2;
/// Quote nothing.
pub const QUOTE_NONE: i32 = 3;
/// Quote every str.
pub const QUOTE_STRINGS: i32 = 4;
/// Quote all but None.
pub const QUOTE_NOTNULL: i32 = 5;

/// The payload of `_csv.Dialect`. Characters are code points.
#[derive(Clone)]
pub struct Dialect {
    pub delimiter: u32,
    pub quote: Option<u32>,
    pub escape: Option<u32>,
    pub terminator: Vec<u8>,
    pub quoting: i32,
    pub double_quote: bool,
    pub skip_initial_space: bool,
    pub strict: bool,
}
crate::payload::payload!(Dialect { one: [], many: [], plain: [delimiter, quote, escape, terminator, quoting, double_quote, skip_initial_space, strict] });
impl Immutable for Dialect {}

/// `_csv.Dialect`
pub static DIALECT: TypeDef = TypeDef::new("_csv.Dialect", layout_of::<Dialect>())
    .flags(flags::BASE)
    .doc("CSV dialect\n\nThe Dialect type records CSV dialect options.")
    .methods(&[static_method(
        "__new__(cls, dialect=NULL, delimiter=NULL, doublequote=NULL, escapechar=NULL, lineterminator=NULL, quotechar=NULL, quoting=NULL, skipinitialspace=NULL, strict=NULL)",
        new,
    )])
    .getset(&[
        getter("delimiter", |vm, v| Ok(vm.new_char(this(v).delimiter))),
        getter("quotechar", |vm, v| Ok(this(v).quote.map_or(Value::NONE, |c| vm.new_char(c)))),
        getter("escapechar", |vm, v| Ok(this(v).escape.map_or(Value::NONE, |c| vm.new_char(c)))),
        getter("lineterminator", |vm, v| Ok(vm.new_str_wtf8(this(v).terminator.clone()))),
        getter("quoting", |_, v| Ok(Value::i32(this(v).quoting))),
        getter("doublequote", |_, v| Ok(Value::bool(this(v).double_quote))),
        getter("skipinitialspace", |_, v| Ok(Value::bool(this(v).skip_initial_space))),
        getter("strict", |_, v| Ok(Value::bool(this(v).strict))),
    ]);

/// The dialect that a value is.
pub fn this(v: &Value) -> &Dialect {
    v.get::<Dialect>().expect("a dialect")
}

const NAMES: [&str; 8] = ["delimiter", "doublequote", "escapechar", "lineterminator", "quotechar", "quoting", "skipinitialspace", "strict"];

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let mut base = a[1].clone();
    if base.is_a::<Str>() {
        base = Registry::get(vm, &base)?;
    }
    let mut given: Vec<Value> = a[2..].to_vec();
    if base.is_a::<Dialect>() && given.iter().all(Value::is_null) && base.type_of(vm).is(&a[0]) {
        return Ok(base);
    }
    if !base.is_null() {
        for (slot, name) in given.iter_mut().zip(NAMES) {
            if slot.is_null() {
                *slot = match vm.attr_opt(&base, name) {
                    Ok(v) => v.unwrap_or(Value::NULL),
                    Err(e) if e.is_killed() => return Err(e),
                    Err(_) => Value::NULL,
                };
            }
        }
    }
    let dialect = build(vm, &given)?;
    Ok(vm.new_of(&a[0], dialect))
}

fn build(vm: &mut Vm, given: &[Value]) -> PyResult<Dialect> {
    let [delimiter, double_quote, escape, terminator, quote, quoting, skip, strict] = given else { unreachable!("eight options") };
    let delimiter = char_arg(vm, delimiter, "delimiter", Some(u32::from(b',')), false)?;
    let double_quote = bool_arg(vm, double_quote, true)?;
    let escape = char_arg(vm, escape, "escapechar", None, true)?;
    let terminator = text_arg(vm, terminator)?;
    let mark = char_arg(vm, quote, "quotechar", Some(u32::from(b'"')), true)?;
    let mut kind = quoting_arg(vm, quoting)?;
    let skip_initial_space = bool_arg(vm, skip, false)?;
    let strict = bool_arg(vm, strict, false)?;
    if !(QUOTE_MINIMAL..=QUOTE_NOTNULL).contains(&kind) {
        return Err(vm.type_error("bad \"quoting\" value"));
    }
    if quote.is_none() && quoting.is_null() {
        kind = QUOTE_NONE;
    }
    if kind != QUOTE_NONE && mark.is_none() {
        return Err(vm.type_error("quotechar must be set if quoting enabled"));
    }
    let Some(terminator) = terminator else { return Err(vm.type_error("lineterminator must be set")) };
    let delimiter = delimiter.unwrap_or(u32::from(b','));
    Ok(Dialect { delimiter, quote: mark, escape, terminator, quoting: kind, double_quote, skip_initial_space, strict })
}

fn bool_arg(vm: &mut Vm, v: &Value, default: bool) -> PyResult<bool> {
    if v.is_null() { Ok(default) } else { vm.truthy(v) }
}
fn char_arg(vm: &mut Vm, v: &Value, name: &str, default: Option<u32>, or_none: bool) -> PyResult<Option<u32>> {
    if v.is_null() {
        return Ok(default);
    }
    if v.is_none() && or_none {
        return Ok(None);
    }
    let Some(s) = v.get::<Str>() else {
        let (ty, or) = (vm.type_name(v), if or_none { " or None" } else { "" });
        return Err(vm.type_error(format!("\"{name}\" must be string{or}, not {ty}")));
    };
    if s.char_len() != 1 {
        return Err(vm.type_error(format!("\"{name}\" must be a 1-character string")));
    }
    Ok(s.char_at(0))
}
fn text_arg(vm: &mut Vm, v: &Value) -> PyResult<Option<Vec<u8>>> {
    if v.is_null() {
        return Ok(Some(b"\r\n".to_vec()));
    }
    if v.is_none() {
        return Ok(None);
    }
    match v.get::<Str>() {
        Some(s) => Ok(Some(s.bytes().to_vec())),
        None => Err(vm.type_error("\"lineterminator\" must be a string")),
    }
}
fn quoting_arg(vm: &mut Vm, v: &Value) -> PyResult<i32> {
    if v.is_null() {
        return Ok(QUOTE_MINIMAL);
    }
    let exact = v.is_small() || (v.is_a::<BigInt>() && v.type_of(vm).is(vm.ty(gilbert_vm::types::T::Int)));
    if exact { vm.arg_int(v) } else { Err(vm.type_error("\"quoting\" must be an integer")) }
}

/// "unknown dialect"
#[cold]
pub fn unknown(vm: &mut Vm) -> Raised {
    ERROR.raise(vm, "unknown dialect")
}
