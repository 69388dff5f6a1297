//! `TypeAliasType`: what `type X = ..` makes.

use super::{caller_module, const_evaluator, evaluate, set_module, union_of, unpack_type_var_tuples};
use crate::payload::payload;
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::attr_layout;
use gilbert_vm::types::generic_alias;
use gilbert_vm::types::native::{getter, method, static_method};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

struct TypeAlias {
    name: Value,
    /// A tuple.
    type_params: Value,
    /// Absent until evaluated.
    value: Value,
    /// Absent where the value was given.
    evaluate: Value,
}
payload!(TypeAlias { one: [name, type_params, value, evaluate], many: [], plain: [] });

fn alias<'a>(vm: &'a Vm, v: &'a Value) -> &'a TypeAlias {
    v.borrow::<TypeAlias>(vm).expect("a type alias")
}

/// From the instruction's tuple: name, type parameters or None, the function that evaluates the value.
pub(super) fn make(vm: &mut Vm, args: &[Value]) -> PyResult {
    let parts = args[0].get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default();
    let [name, params, f] = parts.as_slice() else { return Err(vm.type_error("a type alias has three parts")) };
    let type_params = if params.is_none() { vm.new_tuple(vec![]) } else { params.clone() };
    let v = vm.new_native(&TYPE_ALIAS, TypeAlias { name: name.clone(), type_params, value: Value::NULL, evaluate: f.clone() });
    let module = caller_module(vm);
    set_module(vm, &v, module);
    Ok(v)
}
fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[1].is_a::<Str>() {
        let got = vm.type_name(&args[1]);
        return Err(vm.type_error(format!("typealias() argument 'name' must be str, not {got}")));
    }
    let type_params = match &args[3] {
        t if t.is_null() => vm.new_tuple(vec![]),
        t if t.is_a::<Tuple>() => t.clone(),
        _ => return Err(vm.type_error("type_params must be a tuple")),
    };
    let v = vm.new_of(&args[0], TypeAlias { name: args[1].clone(), type_params, value: args[2].clone(), evaluate: Value::NULL });
    let module = caller_module(vm);
    set_module(vm, &v, module);
    Ok(v)
}
fn get_value(vm: &mut Vm, v: &Value) -> PyResult {
    let a = alias(vm, v);
    if !a.value.is_null() {
        return Ok(a.value.clone());
    }
    let f = a.evaluate.clone();
    let made = evaluate(vm, &f)?;
    if let Some(a) = v.borrow_mut::<TypeAlias>(vm) {
        a.value = made.clone();
    }
    Ok(made)
}
fn get_evaluate(vm: &mut Vm, v: &Value) -> PyResult {
    let a = alias(vm, v);
    let (f, value) = (a.evaluate.clone(), a.value.clone());
    Ok(if f.is_null() { const_evaluator(vm, &value) } else { f })
}
fn get_parameters(vm: &mut Vm, v: &Value) -> PyResult {
    let params = alias(vm, v).type_params.clone();
    unpack_type_var_tuples(vm, &params)
}
fn subscript(vm: &mut Vm, args: &[Value]) -> PyResult {
    let params = alias(vm, &args[0]).type_params.clone();
    if params.get::<Tuple>().is_none_or(|t| t.items().is_empty()) {
        return Err(vm.type_error("Only generic type aliases are subscriptable"));
    }
    generic_alias::new_alias(vm, &args[0], &args[1])
}
fn name(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(alias(vm, &args[0]).name.clone())
}

/// `typing.TypeAliasType`
pub(super) static TYPE_ALIAS: TypeDef = TypeDef::new("typing.TypeAliasType", attr_layout::<TypeAlias>())
    .flags(flags::HAS_DICT)
    .doc("Type alias.")
    .methods(&[
        static_method("__new__(cls, name, value, *, type_params=NULL)", new),
        method("__repr__(self, /)", name),
        method("__reduce__(self, /)", name),
        method("__getitem__(self, key, /)", subscript),
        method("__or__(self, value, /)", |vm, a| union_of(vm, &a[0], &a[1])),
        method("__ror__(self, value, /)", |vm, a| union_of(vm, &a[1], &a[0])),
    ])
    .getset(&[
        getter("__name__", |vm, v| Ok(alias(vm, v).name.clone())),
        getter("__value__", get_value),
        getter("evaluate_value", get_evaluate),
        getter("__type_params__", |vm, v| Ok(alias(vm, v).type_params.clone())),
        getter("__parameters__", get_parameters),
    ]);
