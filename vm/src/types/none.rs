//! The types of the singletons None, NotImplemented and Ellipsis.

use crate::error::PyResult;
use crate::image::TypeDef;
use crate::object::{Bare, layout_of};
use crate::types::native::{NativeDef, method, static_method};
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// `NoneType`
pub static NONE_TYPE: TypeDef = TypeDef::new("NoneType", layout_of::<Bare>()).methods(NONE);
/// `NotImplementedType`
pub static NOT_IMPLEMENTED_TYPE: TypeDef = TypeDef::new("NotImplementedType", layout_of::<Bare>()).methods(NOT_IMPLEMENTED);
/// `ellipsis`
pub static ELLIPSIS_TYPE: TypeDef = TypeDef::new("ellipsis", layout_of::<Bare>()).methods(ELLIPSIS);

static NONE: &[NativeDef] = &[
    static_method("__new__(*args, **kwargs)", |vm, args| singleton(vm, args, Value::NONE, "NoneType")),
    method("__repr__(self, /)", none_repr),
    method("__bool__(self, /)", |_, _| Ok(Value::FALSE)),
    method("__hash__(self, /)", |_, _| Ok(Value::small_wrap(NONE_HASH))),
];

/// `hash(None)` on 64-bit CPython 3.12.
const NONE_HASH: i64 = 0xFCA8_6420;

static NOT_IMPLEMENTED: &[NativeDef] = &[
    static_method("__new__(*args, **kwargs)", |vm, args| singleton(vm, args, Value::NOT_IMPLEMENTED, "NotImplementedType")),
    method("__repr__(self, /)", not_implemented_repr),
    method("__reduce__(self, /)", not_implemented_repr),
    method("__bool__(self, /)", |_, _| Ok(Value::TRUE)),
];

static ELLIPSIS: &[NativeDef] = &[
    static_method("__new__(*args, **kwargs)", |vm, args| singleton(vm, args, Value::ELLIPSIS, "EllipsisType")),
    method("__repr__(self, /)", ellipsis_repr),
    method("__reduce__(self, /)", ellipsis_repr),
];

/// The one instance; its type takes no arguments.
fn singleton(vm: &mut Vm, args: &[Value], instance: Value, name: &str) -> PyResult {
    let none_given = args[0].get::<Tuple>().is_some_and(|t| t.items().len() == 1) && vm.len(&args[1])? == 0;
    if none_given { Ok(instance) } else { Err(vm.type_error(format!("{name} takes no arguments"))) }
}
fn none_repr(vm: &mut Vm, _: &[Value]) -> PyResult {
    Ok(vm.intern("None"))
}
fn not_implemented_repr(vm: &mut Vm, _: &[Value]) -> PyResult {
    Ok(vm.intern("NotImplemented"))
}
fn ellipsis_repr(vm: &mut Vm, _: &[Value]) -> PyResult {
    Ok(vm.intern("Ellipsis"))
}
