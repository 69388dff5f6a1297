//! `_typing`: type parameters, type aliases and `Generic` (PEP 484, 612, 646, 695, 696; `Objects/typevarobject.c`).
//!
//! Bounds, constraints, defaults and the values of aliases are evaluated when first asked for. What needs the rules of `typing`
//! (substitution, subscripts of `Generic`) is handed to that module, which is written in Python.

mod alias;
mod param;

use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Bare, Immutable, layout_of};
use gilbert_vm::types::T;
use gilbert_vm::types::native::{Kwargs, NativeDef, class_method, function, method};
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

use crate::payload::payload;

static FUNCTIONS: &[NativeDef] = &[
    function("_idfunc(x, /)", |_, a| Ok(a[0].clone())),
    function("_make_typevar(name, /)", |vm, a| param::make(vm, param::Kind::TypeVar, &a[0], Value::NULL, false)),
    function("_make_typevar_with_bound(name, evaluate, /)", |vm, a| param::make(vm, param::Kind::TypeVar, &a[0], a[1].clone(), false)),
    function("_make_typevar_with_constraints(name, evaluate, /)", |vm, a| param::make(vm, param::Kind::TypeVar, &a[0], a[1].clone(), true)),
    function("_make_paramspec(name, /)", |vm, a| param::make(vm, param::Kind::ParamSpec, &a[0], Value::NULL, false)),
    function("_make_typevartuple(name, /)", |vm, a| param::make(vm, param::Kind::TypeVarTuple, &a[0], Value::NULL, false)),
    function("_set_typeparam_default(param, evaluate, /)", param::set_default),
    function("_subscript_generic(params, /)", subscript_generic),
    function("_make_typealias(parts, /)", alias::make),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_typing", "Primitives and accelerators for the typing module.\n", FUNCTIONS);
    for def in [&param::TYPE_VAR, &param::PARAM_SPEC, &param::TYPE_VAR_TUPLE, &param::PARAM_SPEC_ARGS, &param::PARAM_SPEC_KWARGS, &alias::TYPE_ALIAS, &GENERIC]
    {
        vm.module_add_type(&m, def);
    }
    let union = vm.ty(T::Union).clone();
    vm.module_set(&m, "Union", union);
    let none = no_default(vm);
    vm.module_set(&m, "NoDefault", none);
    Ok(m)
}

/// A function of `typing`, called.
pub(crate) fn call_typing(vm: &mut Vm, name: &str, args: &[Value]) -> PyResult {
    let typing = vm.import("typing")?;
    let f = vm.attr(&typing, name)?;
    vm.call(&f, args)
}

/// Evaluates what was left lazy, in the ordinary format (`annotationlib.Format.VALUE`).
fn evaluate(vm: &mut Vm, f: &Value) -> PyResult {
    vm.call(f, &[Value::i32(1)])
}

/// The module that the running code belongs to, by its `__name__`; None where there is none.
fn caller_module(vm: &mut Vm) -> Value {
    let Some(globals) = vm.current_globals() else { return Value::NONE };
    let key = vm.intern("__name__");
    vm.dict_get_str(&globals, &key).unwrap_or(Value::NONE)
}

/// `left | right` where one may be a forward reference.
fn union_of(vm: &mut Vm, left: &Value, right: &Value) -> PyResult {
    let union = vm.ty(T::Union).clone();
    let both = vm.new_tuple(vec![left.clone(), right.clone()]);
    vm.get_item(&union, &both)
}

/// `*Ts` within a tuple of type parameters stands unpacked, as in `Generic[T, *Ts]`.
fn unpack_type_var_tuples(vm: &mut Vm, params: &Value) -> PyResult {
    let items = params.get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default();
    let mut out = Vec::with_capacity(items.len());
    for item in items {
        let tuple = vm.native_type(&param::TYPE_VAR_TUPLE);
        if vm.isinstance_plain(&item, &tuple)? {
            let typing = vm.import("typing")?;
            let unpack = vm.attr(&typing, "Unpack")?;
            out.push(vm.get_item(&unpack, &item)?);
        } else {
            out.push(item);
        }
    }
    Ok(vm.new_tuple(out))
}

/// The implicit base `Generic[T, ..]` of a class with type parameters.
fn subscript_generic(vm: &mut Vm, args: &[Value]) -> PyResult {
    let params = unpack_type_var_tuples(vm, &args[0])?;
    let generic = vm.native_type(&GENERIC);
    call_typing(vm, "_GenericAlias", &[generic, params])
}

fn generic_hook(vm: &mut Vm, args: &[Value], name: &str) -> PyResult {
    let typing = vm.import("typing")?;
    let f = vm.attr(&typing, name)?;
    let mut all = vec![args[0].clone()];
    all.extend(args[1].get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default());
    let (names, values): (Vec<Value>, Vec<Value>) = vm.dict_items(&args[2]).into_iter().unzip();
    vm.call_kw(&f, &all, Kwargs { names: &names, values: &values })
}

/// `typing.Generic`
pub static GENERIC: TypeDef = TypeDef::new("typing.Generic", layout_of::<Bare>()).flags(flags::BASE).doc("Abstract base class for generic types.").methods(&[
    class_method("__class_getitem__(cls, /, *args, **kwargs)", |vm, a| generic_hook(vm, a, "_generic_class_getitem")),
    class_method("__init_subclass__(cls, /, *args, **kwargs)", |vm, a| generic_hook(vm, a, "_generic_init_subclass")),
]);

/// The payload of `NoDefault`.
struct NoDefault;
payload!(NoDefault { one: [], many: [], plain: [] });
impl Immutable for NoDefault {}

/// `typing.NoDefault`: the type parameter has no default.
pub(crate) fn no_default(vm: &mut Vm) -> Value {
    if let Some(v) = vm.iso().state.get("typing.NoDefault") {
        return v.clone();
    }
    let v = vm.new_native(&NO_DEFAULT, NoDefault);
    vm.iso_mut().state.insert("typing.NoDefault", v.clone());
    v
}
static NO_DEFAULT: TypeDef = TypeDef::new("typing.NoDefaultType", layout_of::<NoDefault>())
    .flags(flags::NO_NEW)
    .methods(&[method("__repr__(self, /)", |vm, _| Ok(vm.new_str("typing.NoDefault"))), method("__reduce__(self, /)", |vm, _| Ok(vm.new_str("NoDefault")))]);

/// A value dressed as the function that would evaluate it.
struct ConstEvaluator {
    value: Value,
}
payload!(ConstEvaluator { one: [value], many: [], plain: [] });
impl Immutable for ConstEvaluator {}

fn const_evaluator(vm: &mut Vm, value: &Value) -> Value {
    vm.new_native(&CONST_EVALUATOR, ConstEvaluator { value: value.clone() })
}
fn const_value(v: &Value) -> Value {
    v.get::<ConstEvaluator>().map(|c| c.value.clone()).unwrap_or_default()
}
fn const_call(vm: &mut Vm, args: &[Value]) -> PyResult {
    let value = const_value(&args[0]);
    if vm.to_i64(&args[1])? != 4 {
        return Ok(value);
    }
    // the format STRING: as it would be written
    let lib = vm.import("annotationlib")?;
    let f = vm.attr(&lib, "type_repr")?;
    match value.get::<Tuple>().map(|t| t.items().to_vec()) {
        None => vm.call(&f, &[value]),
        Some(items) => {
            let mut texts = Vec::new();
            for i in items {
                let t = vm.call(&f, &[i])?;
                texts.push(vm.text(&t));
            }
            let tail = if texts.len() == 1 { "," } else { "" };
            Ok(vm.new_str(format!("({}{tail})", texts.join(", "))))
        }
    }
}
static CONST_EVALUATOR: TypeDef = TypeDef::new("_typing._ConstEvaluator", layout_of::<ConstEvaluator>()).flags(flags::NO_NEW).methods(&[
    method("__call__(self, format, /)", const_call),
    method("__repr__(self, /)", |vm, a| {
        let value = const_value(&a[0]);
        let text = vm.repr_text(&value)?;
        Ok(vm.new_str(format!("<constevaluator {text}>")))
    }),
]);

/// Sets `__module__` of an object with attributes.
fn set_module(vm: &mut Vm, obj: &Value, module: Value) {
    if !module.is_none() {
        let key = vm.intern("__module__");
        vm.put_attr(obj, &key, module);
    }
}
