//! The `builtins` module: the built-in types, exceptions and functions.

mod attributes;
mod code;
mod input;
mod iteration;
mod numbers;
mod output;
mod site;
mod text;

pub use attributes::is_callable;
pub use output::{Output, WriteText};

use crate::error::Exc;
use crate::types::ALL;
use crate::types::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

/// Types that stand in the namespace under their own names.
const TYPES: &[&str] = &[
    "bool",
    "bytearray",
    "bytes",
    "classmethod",
    "complex",
    "dict",
    "enumerate",
    "filter",
    "float",
    "frozenset",
    "int",
    "list",
    "map",
    "memoryview",
    "object",
    "property",
    "range",
    "reversed",
    "set",
    "slice",
    "staticmethod",
    "str",
    "super",
    "tuple",
    "type",
    "zip",
];

const FUNCTIONS: &[&[NativeDef]] = &[
    attributes::FUNCTIONS,
    code::FUNCTIONS,
    input::FUNCTIONS,
    iteration::FUNCTIONS,
    numbers::FUNCTIONS,
    output::FUNCTIONS,
    text::FUNCTIONS,
    crate::types::class_build::FUNCTIONS,
];

/// Whether the value is an int, bool or instance of a subclass.
pub fn is_int(v: &Value) -> bool {
    crate::types::arith::IntRef::of(v).is_some()
}

/// Fills the namespace of builtins.
pub fn init(vm: &mut Vm) {
    let dict = vm.iso().builtins.clone();
    let name = vm.intern("builtins");
    vm.dict_set_text(&dict, "__name__", name);
    let doc = vm.new_str("Built-in functions, types, exceptions, and other objects.\n\nThis module provides direct access to all 'built-in'\nidentifiers of Python; for example, builtins.len is\nthe full name for the built-in function len().");
    vm.dict_set_text(&dict, "__doc__", doc);
    let package = vm.new_str("");
    vm.dict_set_text(&dict, "__package__", package);
    for key in ["__loader__", "__spec__"] {
        vm.dict_set_text(&dict, key, Value::NONE);
    }
    site::add(vm, &dict);
    for functions in FUNCTIONS {
        vm.add_functions(&dict, "builtins", functions);
    }
    for (name, value) in
        [("None", Value::NONE), ("True", Value::TRUE), ("False", Value::FALSE), ("NotImplemented", Value::NOT_IMPLEMENTED), ("Ellipsis", Value::ELLIPSIS)]
    {
        vm.dict_set_text(&dict, name, value);
    }
    let debug = Value::bool(vm.iso().settings.optimize == 0);
    vm.dict_set_text(&dict, "__debug__", debug);
    add_types(vm, &dict);
    let module = vm.new_object(crate::types::T::Module, crate::types::module::Module::new(dict));
    let (modules, key) = (vm.iso().modules.clone(), vm.intern("builtins"));
    vm.dict_set_str(&modules, &key, module);
}

fn add_types(vm: &mut Vm, dict: &Value) {
    for (i, def) in ALL.iter().enumerate() {
        if TYPES.contains(&def.name) {
            let ty = vm.iso().image.types()[i].clone();
            vm.dict_set_text(dict, def.name, ty);
        }
    }
    for &e in Exc::ALL {
        let ty = vm.exc_type(e).clone();
        vm.dict_set_text(dict, e.name(), ty);
    }
    for alias in ["EnvironmentError", "IOError"] {
        let ty = vm.exc_type(Exc::OSError).clone();
        vm.dict_set_text(dict, alias, ty);
    }
}
