//! `types.SimpleNamespace`: an object with attributes and a repr.

use crate::error::PyResult;
use crate::image::TypeDef;
use crate::object::{Instance, layout_of};
use crate::op::CmpOp;
use crate::types::T;
use crate::types::native::{getter, method, static_method};
use crate::types::str::Str;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_of(&args[0], Instance::default()))
}

fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[1].is_null() {
        let items = if args[1].is_a::<crate::types::dict::Dict>() {
            args[1].clone()
        } else {
            let d = vm.new_dict();
            vm.dict_update(&d, &args[1])?;
            d
        };
        set_all(vm, &args[0], &items)?;
    }
    set_all(vm, &args[0], &args[2])?;
    Ok(Value::NONE)
}

fn set_all(vm: &mut Vm, this: &Value, items: &Value) -> PyResult<()> {
    for (k, v) in vm.dict_items(items) {
        if !k.is_a::<Str>() {
            return Err(vm.type_error("keywords must be strings"));
        }
        let k = vm.iso_mut().intern_value(&k);
        vm.put_attr(this, &k, v);
    }
    Ok(())
}

fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let this = &args[0];
    let name = if this.type_of(vm).is(vm.ty(T::SimpleNamespace)) { "namespace".to_string() } else { vm.type_name(this) };
    let Some(_guard) = super::object_::enter_repr(this) else { return Ok(vm.new_str(format!("{name}(...)"))) };
    let mut parts = Vec::new();
    for (k, v) in vm.own_attrs(this) {
        parts.push(format!("{}={}", vm.text(&k), vm.repr_text(&v)?));
    }
    Ok(vm.new_str(format!("{name}({})", parts.join(", "))))
}

fn eq(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[1].is_a::<Instance>() || !args[1].class(vm).is_subtype_of(vm.ty(T::SimpleNamespace)) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (a, b) = (vm.instance_dict(&args[0]), vm.instance_dict(&args[1]));
    match (a, b) {
        (Some(a), Some(b)) => vm.compare(CmpOp::Eq, &a, &b),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let dict = vm.instance_dict(&args[0]).unwrap_or(Value::NONE);
    let ty = args[0].type_of(vm).clone();
    let empty = vm.new_tuple(vec![]);
    Ok(vm.new_tuple(vec![ty, empty, dict]))
}

fn replace(vm: &mut Vm, args: &[Value]) -> PyResult {
    let ty = args[0].type_of(vm).clone();
    let copy = vm.call(&ty, &[])?;
    for (k, v) in vm.own_attrs(&args[0]) {
        vm.put_attr(&copy, &k, v);
    }
    set_all(vm, &copy, &args[1])?;
    Ok(copy)
}

/// `types.SimpleNamespace`
pub static DEF: TypeDef = TypeDef::new("types.SimpleNamespace", layout_of::<Instance>())
    .flags(flags::BASE | flags::HAS_DICT)
    .doc("A simple attribute-based namespace.")
    .methods(&[
        static_method("__new__(cls, *args, **kwargs)", new),
        method("__init__(self, mapping_or_iterable=NULL, /, **kwargs)", init),
        method("__repr__(self, /)", repr),
        method("__eq__(self, value, /)", eq),
        method("__reduce__(self, /)", reduce),
        method("__replace__(self, /, **changes)", replace),
    ])
    .getset(&[getter("__dict__", super::object_::get_dict)]);
