//! `unicodedata`: the Unicode character database, from the crate `rustpython-unicode` (ICU4X's data, Unicode 16 or later: newer than
//! CPython 3.12's 15.0, so characters assigned since then are known here). `ucd_3_2_0` is the old version that `stringprep` asks.

use crate::payload::payload;
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::layout_of;
use gilbert_vm::types::native::{NativeDef, function, getter, method};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use rustpython_unicode::{LookupResult, NormalizeForm, Ucd, character_name, is_normalized, normalize};
use rustpython_wtf8::{CodePoint, Wtf8};

/// The payload of `unicodedata.UCD`.
struct Database;
payload!(Database { one: [], many: [], plain: [] });

static NOW: Ucd = Ucd::new(true);
static OLD: Ucd = Ucd::new(false);

/// Declares each function twice: for the module and as a method of the old database.
macro_rules! functions {
    ($($name:literal $params:literal $fun:ident $doc:literal;)*) => {
        const FUNCTIONS: &[NativeDef] = &[$(function(concat!($name, "(", $params, ", /)"), |vm, a| $fun(vm, &NOW, a)).doc($doc)),*];
        const METHODS: &[NativeDef] = &[$(method(concat!($name, "(self, ", $params, ", /)"), |vm, a| $fun(vm, &OLD, &a[1..])).doc($doc)),*];
    };
}
functions! {
    "category" "chr" category "Returns the general category assigned to the character chr as string.";
    "bidirectional" "chr" bidirectional "Returns the bidirectional class assigned to the character chr as string.";
    "combining" "chr" combining "Returns the canonical combining class assigned to the character chr as integer.";
    "mirrored" "chr" mirrored "Returns the mirrored property assigned to the character chr as integer.";
    "east_asian_width" "chr" east_asian_width "Returns the east asian width assigned to the character chr as string.";
    "decomposition" "chr" decomposition "Returns the character decomposition mapping assigned to the character chr as string.";
    "decimal" "chr, default=NULL" decimal "Converts a Unicode character into its equivalent decimal value.";
    "digit" "chr, default=NULL" digit "Converts a Unicode character into its equivalent digit value.";
    "numeric" "chr, default=NULL" numeric "Converts a Unicode character into its equivalent numeric value.";
    "name" "chr, default=NULL" name "Returns the name assigned to the character chr as a string.";
    "lookup" "name" lookup "Look up character by name.";
    "normalize" "form, unistr" normal_form "Return the normal form 'form' for the Unicode string unistr.";
    "is_normalized" "form, unistr" has_normal_form "Return whether the Unicode string unistr is in the normal form 'form'.";
}

static UCD: TypeDef =
    TypeDef::new("unicodedata.UCD", layout_of::<Database>()).flags(flags::NO_NEW).methods(METHODS).getset(&[getter("unidata_version", |vm, _| {
        let version = OLD.unidata_version();
        Ok(vm.new_str(version))
    })]);

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let doc = "This module provides access to the Unicode Character Database which\ndefines character properties for all Unicode characters.";
    let m = vm.new_module("unicodedata", doc, FUNCTIONS);
    let version = vm.new_str(NOW.unidata_version());
    vm.module_set(&m, "unidata_version", version);
    vm.module_add_type(&m, &UCD);
    let old = vm.new_native(&UCD, Database);
    vm.module_set(&m, "ucd_3_2_0", old);
    Ok(m)
}

/// A character argument; `position` as the error text names it.
fn char_arg(vm: &mut Vm, v: &Value, function: &str, position: &str) -> PyResult<CodePoint> {
    if let Some(s) = v.get::<Str>()
        && s.char_len() == 1
        && let Some(c) = s.char_at(0).and_then(CodePoint::from_u32)
    {
        return Ok(c);
    }
    let ty = vm.type_name(v);
    Err(vm.type_error(format!("{function}() argument{position} must be a unicode character, not {ty}")))
}

fn category(vm: &mut Vm, ucd: &Ucd, a: &[Value]) -> PyResult {
    let c = char_arg(vm, &a[0], "category", "")?;
    Ok(vm.intern(ucd.category(c)))
}
fn bidirectional(vm: &mut Vm, ucd: &Ucd, a: &[Value]) -> PyResult {
    let c = char_arg(vm, &a[0], "bidirectional", "")?;
    // what is not assigned has a class by its block in the data, and none in Python
    let text = match ucd.category(c) {
        "Cn" => "",
        "Cs" => "L",
        _ => ucd.bidirectional(c),
    };
    Ok(vm.intern(text))
}
fn combining(vm: &mut Vm, ucd: &Ucd, a: &[Value]) -> PyResult {
    let c = char_arg(vm, &a[0], "combining", "")?;
    Ok(Value::i32(i32::from(ucd.combining(c))))
}
fn mirrored(vm: &mut Vm, ucd: &Ucd, a: &[Value]) -> PyResult {
    let c = char_arg(vm, &a[0], "mirrored", "")?;
    Ok(Value::i32(ucd.mirrored(c)))
}
fn east_asian_width(vm: &mut Vm, ucd: &Ucd, a: &[Value]) -> PyResult {
    let c = char_arg(vm, &a[0], "east_asian_width", "")?;
    Ok(vm.intern(ucd.east_asian_width(c)))
}
fn decomposition(vm: &mut Vm, ucd: &Ucd, a: &[Value]) -> PyResult {
    let c = char_arg(vm, &a[0], "decomposition", "")?;
    // the syllables of Hangul are composed by rule and have no entry
    let hangul = (0xac00..=0xd7a3).contains(&c.to_u32());
    let text = if hangul { String::new() } else { ucd.decomposition(c) };
    Ok(vm.new_str(text))
}
/// A value, or the default, or ValueError.
fn or_default(vm: &mut Vm, found: Option<Value>, default: &Value, text: &str) -> PyResult {
    match found {
        Some(v) => Ok(v),
        None if default.is_null() => Err(vm.value_error(text)),
        None => Ok(default.clone()),
    }
}
fn decimal(vm: &mut Vm, ucd: &Ucd, a: &[Value]) -> PyResult {
    let c = char_arg(vm, &a[0], "decimal", " 1")?;
    let found = ucd.decimal(c).map(|n| Value::small_wrap(n as i64));
    or_default(vm, found, &a[1], "not a decimal")
}
fn digit(vm: &mut Vm, ucd: &Ucd, a: &[Value]) -> PyResult {
    let c = char_arg(vm, &a[0], "digit", " 1")?;
    let found = ucd.digit(c).map(|n| Value::small_wrap(n as i64));
    or_default(vm, found, &a[1], "not a digit")
}
fn numeric(vm: &mut Vm, ucd: &Ucd, a: &[Value]) -> PyResult {
    let c = char_arg(vm, &a[0], "numeric", " 1")?;
    let found = ucd.numeric(c).map(Value::float);
    or_default(vm, found, &a[1], "not a numeric character")
}
fn name(vm: &mut Vm, ucd: &Ucd, a: &[Value]) -> PyResult {
    let c = char_arg(vm, &a[0], "name", " 1")?;
    let found = c.to_char().filter(|c| ucd.membership(*c)).and_then(character_name).map(|n| vm.new_str(n));
    or_default(vm, found, &a[1], "no such name")
}
fn lookup(vm: &mut Vm, ucd: &Ucd, a: &[Value]) -> PyResult {
    let name = match a[0].get::<Str>() {
        Some(s) => s.lossy().into_owned(),
        None => String::from_utf8_lossy(&vm.simple_buffer(&a[0])?).into_owned(),
    };
    match ucd.lookup(&name) {
        Some(LookupResult::Character(c)) => Ok(vm.new_char(c as u32)),
        Some(LookupResult::Sequence(s)) => Ok(vm.new_str(s)),
        None => {
            let text = vm.new_str(format!("undefined character name '{name}'"));
            Err(vm.err_args(Exc::KeyError, vec![text]))
        }
    }
}

/// The form and the text of a normalisation.
fn normal_args<'a>(vm: &mut Vm, a: &'a [Value], function: &str) -> PyResult<(NormalizeForm, &'a Str)> {
    let mut text = |i: usize| match a[i].get::<Str>() {
        Some(s) => Ok(s),
        None => {
            let ty = vm.type_name(&a[i]);
            Err(vm.type_error(format!("{function}() argument {} must be str, not {ty}", i + 1)))
        }
    };
    let (form, text) = (text(0)?, text(1)?);
    match form.as_str().and_then(|f| f.parse().ok()) {
        Some(form) => Ok((form, text)),
        None => Err(vm.value_error("invalid normalization form")),
    }
}
fn normal_form(vm: &mut Vm, _: &Ucd, a: &[Value]) -> PyResult {
    let (form, s) = normal_args(vm, a, "normalize")?;
    match Wtf8::from_bytes(s.bytes()) {
        Some(text) if !s.is_ascii() => Ok(vm.new_str_wtf8(normalize(form, text).into_bytes())),
        _ => Ok(vm.exact_str(&a[1])),
    }
}
fn has_normal_form(vm: &mut Vm, _: &Ucd, a: &[Value]) -> PyResult {
    let (form, s) = normal_args(vm, a, "is_normalized")?;
    Ok(Value::bool(s.is_ascii() || Wtf8::from_bytes(s.bytes()).is_none_or(|text| is_normalized(form, text))))
}
