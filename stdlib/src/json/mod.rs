//! `_json`: the quick halves of `json` (`Modules/_json.c`).

mod encode;
mod escape;
mod scan;
mod strings;

use gilbert_vm::error::PyResult;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::vm::Vm;

const FUNCTIONS: &[NativeDef] = &[
    function("encode_basestring_ascii(string, /)", escape::encode_ascii).doc("Return an ASCII-only JSON representation of a Python string"),
    function("encode_basestring(string, /)", escape::encode_plain).doc("Return a JSON representation of a Python string"),
    function("scanstring(string, end, strict=True, /)", strings::scanstring).doc("Scan the string s for a JSON string."),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_json", "json speedups\n", FUNCTIONS);
    for (name, def) in [("make_encoder", &encode::ENCODER), ("make_scanner", &scan::SCANNER)] {
        let ty = vm.native_type(def);
        vm.module_set(&m, name, ty);
    }
    Ok(m)
}
