//! `cmp_to_key`: objects that compare by a function of two arguments.

use crate::payload::payload;
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Immutable, layout_of};
use gilbert_vm::op::CmpOp;
use gilbert_vm::types::native::{getset, method};
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

struct Key {
    cmp: Value,
    /// The object; absent in what `cmp_to_key` returns, which makes the others.
    object: Value,
}
payload!(Key { one: [cmp, object], many: [], plain: [] });
impl Immutable for Key {}

static KEY: TypeDef = TypeDef::new("functools.KeyWrapper", layout_of::<Key>())
    .flags(flags::NO_NEW)
    .methods(&[
        method("__call__(self, obj)", |vm, args| Ok(new_key(vm, this(&args[0]).cmp.clone(), args[1].clone()))),
        method("__lt__(self, value, /)", compare::<{ CmpOp::Lt as u8 }>),
        method("__le__(self, value, /)", compare::<{ CmpOp::Le as u8 }>),
        method("__eq__(self, value, /)", compare::<{ CmpOp::Eq as u8 }>),
        method("__ne__(self, value, /)", compare::<{ CmpOp::Ne as u8 }>),
        method("__gt__(self, value, /)", compare::<{ CmpOp::Gt as u8 }>),
        method("__ge__(self, value, /)", compare::<{ CmpOp::Ge as u8 }>),
        method("__hash__(self, /)", |vm, _| Err(vm.type_error("unhashable type: 'functools.KeyWrapper'"))),
    ])
    .getset(&[getset("obj", |_, v| Ok(this(v).object.clone().opt().unwrap_or(Value::NONE)), |vm, _, _| Err(vm.type_error("readonly attribute")))]);

fn this(v: &Value) -> &Key {
    v.get::<Key>().expect("a key")
}
fn new_key(vm: &mut Vm, cmp: Value, object: Value) -> Value {
    vm.new_native(&KEY, Key { cmp, object })
}
/// `functools.cmp_to_key(mycmp)`
pub fn cmp_to_key(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(new_key(vm, args[0].clone(), Value::NULL))
}
fn compare<const OP: u8>(vm: &mut Vm, args: &[Value]) -> PyResult {
    let Some(other) = args[1].get::<Key>() else { return Err(vm.type_error("other argument must be K instance")) };
    let this = this(&args[0]);
    if this.object.is_null() || other.object.is_null() {
        let name = vm.intern("object");
        return Err(vm.no_attr(&args[0], &name));
    }
    let order = vm.call(&this.cmp, &[this.object.clone(), other.object.clone()])?;
    vm.compare(CmpOp::from_u8(OP), &order, &Value::small_wrap(0))
}
