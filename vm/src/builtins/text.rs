//! `ascii`, `chr`, `format`, `ord`, `repr`.

use crate::error::{Exc, PyResult};
use crate::text::wtf8;
use crate::types::arith::bytes_like;
use crate::types::native::{NativeDef, function};
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;

pub const FUNCTIONS: &[NativeDef] = &[
    function("ascii(obj, /)", |vm, args| vm.ascii(&args[0])).doc("Return an ASCII-only representation of an object."),
    function("chr(i, /)", chr).doc("Return a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff."),
    function("format(value, format_spec='', /)", format).doc("Return type(value).__format__(value, format_spec)"),
    function("ord(c, /)", ord).doc("Return the Unicode code point for a one-character string."),
    function("repr(obj, /)", |vm, args| vm.repr(&args[0])).doc("Return the canonical string representation of the object."),
];

fn chr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let i = vm.to_int(&args[0])?;
    let Some(c) = super::numbers::code_point(&i) else {
        if i.to_i64().is_none_or(|i| i32::try_from(i).is_err()) {
            return Err(vm.err(Exc::OverflowError, "Python int too large to convert to C int"));
        }
        return Err(vm.value_error("chr() arg not in range(0x110000)"));
    };
    Ok(vm.new_char(c))
}

fn ord(vm: &mut Vm, args: &[Value]) -> PyResult {
    if let Some(s) = args[0].get::<Str>() {
        return match s.char_len() {
            1 => Ok(Value::small_wrap(wtf8::first(s.bytes()).map_or(0, |(c, _)| c as i64))),
            n => Err(vm.type_error(format!("ord() expected a character, but string of length {n} found"))),
        };
    }
    match bytes_like(vm, &args[0]) {
        Some(b) if b.len() == 1 => Ok(Value::small_wrap(b[0] as i64)),
        Some(b) => Err(vm.type_error(format!("ord() expected a character, but string of length {} found", b.len()))),
        None => {
            let name = vm.type_name(&args[0]);
            Err(vm.type_error(format!("ord() expected string of length 1, but {name} found")))
        }
    }
}

fn format(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[1].is_a::<Str>() {
        let name = vm.type_name(&args[1]);
        return Err(vm.type_error(format!("format() argument 2 must be str, not {name}")));
    }
    vm.format(&args[0], &args[1])
}
