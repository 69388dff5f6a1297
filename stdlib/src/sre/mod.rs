//! `_sre`: compiled patterns upon the engine of the crate rustpython-sre_engine; `re` itself (parser and compiler) is CPython's.

mod engine;
mod matches;
mod pattern;
mod scanner;
mod substitute;
mod validate;

use gilbert_vm::error::PyResult;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use rustpython_sre_engine::string::{lower_ascii, lower_unicode, upper_unicode};
use rustpython_sre_engine::{CODESIZE, MAXGROUPS, MAXREPEAT, SRE_MAGIC};

const FUNCTIONS: &[NativeDef] = &[
    function("compile(pattern, flags, code, groups, groupindex, indexgroup)", pattern::compile),
    function("template(pattern, template, /)", substitute::template),
    function("getcodesize()", |_, _| Ok(Value::small_wrap(CODESIZE as i64))),
    function("getlower(character, flags, /)", lower_by_flags),
    function("ascii_iscased(character, /)", |vm, a| Ok(Value::bool(char_arg(vm, &a[0])?.is_some_and(|c| c.is_ascii_alphabetic())))),
    function("unicode_iscased(character, /)", unicode_is_cased),
    function("ascii_tolower(character, /)", |vm, a| lower(vm, &a[0], lower_ascii)),
    function("unicode_tolower(character, /)", |vm, a| lower(vm, &a[0], lower_unicode)),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_sre", "", FUNCTIONS);
    for (name, value) in [("MAGIC", SRE_MAGIC), ("CODESIZE", CODESIZE), ("MAXREPEAT", MAXREPEAT), ("MAXGROUPS", MAXGROUPS)] {
        let value = vm.new_int(value as i64);
        vm.module_set(&m, name, value);
    }
    for def in [&pattern::PATTERN, &matches::MATCH, &scanner::SCANNER, &substitute::TEMPLATE] {
        vm.native_type(def);
    }
    Ok(m)
}

fn char_arg(vm: &mut Vm, v: &Value) -> PyResult<Option<char>> {
    Ok(u32::try_from(vm.to_i32(v)?).ok().and_then(char::from_u32))
}
fn lower(vm: &mut Vm, v: &Value, to_lower: fn(u32) -> u32) -> PyResult {
    let c = vm.to_i32(v)?;
    Ok(u32::try_from(c).map_or(v.clone(), |c| Value::small_wrap(i64::from(to_lower(c)))))
}
fn unicode_is_cased(vm: &mut Vm, a: &[Value]) -> PyResult {
    let c = char_arg(vm, &a[0])?.map_or(0, u32::from);
    Ok(Value::bool(c != lower_unicode(c) || c != upper_unicode(c)))
}
fn lower_by_flags(vm: &mut Vm, a: &[Value]) -> PyResult {
    let unicode = vm.to_i32(&a[1])? & pattern::flag::UNICODE != 0;
    lower(vm, &a[0], if unicode { lower_unicode } else { lower_ascii })
}
