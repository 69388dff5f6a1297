//! `_string`: what `string.Formatter` needs of the parser of format strings.

use gilbert_vm::error::PyResult;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::types::str::format::{formatter_field_name_split, formatter_parser};
use gilbert_vm::vm::Vm;

const FUNCTIONS: &[NativeDef] = &[
    function("formatter_parser(string, /)", |vm, a| formatter_parser(vm, &a[0])).doc("Parse the argument as a format string."),
    function("formatter_field_name_split(string, /)", |vm, a| formatter_field_name_split(vm, &a[0])).doc("Split the argument as a field name."),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    Ok(vm.new_module("_string", "string helper module", FUNCTIONS))
}
