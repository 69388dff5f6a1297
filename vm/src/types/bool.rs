//! `bool`, a subclass of int with two instances, both immediate.

use crate::error::PyResult;
use crate::image::TypeDef;
use crate::object::layout_of;
use crate::op::BinOp;
use crate::types::T;
use crate::types::arith::{IntRef, int_op};
use crate::types::int::BigInt;
use crate::types::native::{NativeDef, method, static_method};
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;

/// `bool`
pub static DEF: TypeDef = TypeDef::new("bool", layout_of::<BigInt>())
    .base(Some(T::Int))
    .flags(flags::PLAIN_EQ | flags::MATCH_SELF)
    .doc("bool(x) -> bool\n\nReturns True when the argument x is true, False otherwise.")
    .methods(METHODS);

static METHODS: &[NativeDef] = &[
    static_method("__new__(cls, x=False, /)", |vm, args| Ok(Value::bool(vm.truthy(&args[1])?))),
    method("__repr__(self, /)", repr),
    method("__and__(self, value, /)", logic::<{ BinOp::And as u8 }>),
    method("__rand__(self, value, /)", logic::<{ BinOp::And as u8 }>),
    method("__or__(self, value, /)", logic::<{ BinOp::Or as u8 }>),
    method("__ror__(self, value, /)", logic::<{ BinOp::Or as u8 }>),
    method("__xor__(self, value, /)", logic::<{ BinOp::Xor as u8 }>),
    method("__rxor__(self, value, /)", logic::<{ BinOp::Xor as u8 }>),
];

fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.intern(if args[0].is_true() { "True" } else { "False" }))
}

/// `&`, `|`, `^`: a bool for two bools, else what ints give. All three are symmetric.
fn logic<const OP: u8>(vm: &mut Vm, args: &[Value]) -> PyResult {
    let op = BinOp::from_u8(OP);
    if args[0].is_bool() && args[1].is_bool() {
        let (a, b) = (args[0].is_true(), args[1].is_true());
        return Ok(Value::bool(match op {
            BinOp::And => a & b,
            BinOp::Or => a | b,
            _ => a ^ b,
        }));
    }
    match (IntRef::of(&args[0]), IntRef::of(&args[1])) {
        (Some(a), Some(b)) => int_op(vm, op, a, b),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}
