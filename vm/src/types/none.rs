//! The types of the singletons None, NotImplemented and Ellipsis.

use crate::error::PyResult;
use crate::image::TypeDef;
use crate::object::{Bare, layout_of};
use crate::types::native::{NativeDef, method, static_method};
use crate::value::Value;
use crate::vm::Vm;

/// `NoneType`
pub static NONE_TYPE: TypeDef = TypeDef::new("NoneType", layout_of::<Bare>).methods(NONE);
/// `NotImplementedType`
pub static NOT_IMPLEMENTED_TYPE: TypeDef = TypeDef::new("NotImplementedType", layout_of::<Bare>).methods(NOT_IMPLEMENTED);
/// `ellipsis`
pub static ELLIPSIS_TYPE: TypeDef = TypeDef::new("ellipsis", layout_of::<Bare>).methods(ELLIPSIS);

static NONE: &[NativeDef] = &[
    static_method("__new__(cls, /)", |_, _| Ok(Value::NONE)),
    method("__repr__(self, /)", none_repr),
    method("__bool__(self, /)", |_, _| Ok(Value::FALSE)),
    method("__hash__(self, /)", |_, _| Ok(Value::small_wrap(NONE_HASH))),
];

/// `hash(None)` on 64-bit CPython 3.12.
const NONE_HASH: i64 = 0xFCA8_6420;

static NOT_IMPLEMENTED: &[NativeDef] = &[
    static_method("__new__(cls, /)", |_, _| Ok(Value::NOT_IMPLEMENTED)),
    method("__repr__(self, /)", not_implemented_repr),
    method("__reduce__(self, /)", not_implemented_repr),
    method("__bool__(self, /)", |_, _| Ok(Value::TRUE)),
];

static ELLIPSIS: &[NativeDef] = &[
    static_method("__new__(cls, /)", |_, _| Ok(Value::ELLIPSIS)),
    method("__repr__(self, /)", ellipsis_repr),
    method("__reduce__(self, /)", ellipsis_repr),
];

fn none_repr(vm: &mut Vm, _: &[Value]) -> PyResult {
    Ok(vm.intern("None"))
}
fn not_implemented_repr(vm: &mut Vm, _: &[Value]) -> PyResult {
    Ok(vm.intern("NotImplemented"))
}
fn ellipsis_repr(vm: &mut Vm, _: &[Value]) -> PyResult {
    Ok(vm.intern("Ellipsis"))
}
