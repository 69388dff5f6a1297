//! `types.UnionType`: `int | None` (PEP 604; `Objects/unionobject.c`).

use crate::error::PyResult;
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Immutable, Payload, layout_of};
use crate::op::BinOp;
use crate::types::T;
use crate::types::generic_alias::{GenericAlias, collect_parameters, repr_item, substitute};
use crate::types::native::{class_method, getter, method};
use crate::types::tuple::Tuple;
use crate::types::type_::{TypeObj, flags};
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `types.UnionType`.
pub struct Union {
    /// The alternatives, a tuple.
    pub args: Value,
}

impl Payload for Union {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.args);
    }
    fn clone_in(&self, c: &mut Cloner) -> Union {
        Union { args: c.value(&self.args) }
    }
}
impl Immutable for Union {}

fn items(v: &Value) -> Vec<Value> {
    v.get::<Union>().and_then(|u| u.args.get::<Tuple>()).map(|t| t.items().to_vec()).unwrap_or_default()
}

fn is_unionable(vm: &Vm, v: &Value) -> bool {
    v.is_none() || v.is_a::<TypeObj>() || v.is_a::<GenericAlias>() || v.is_a::<Union>() || vm.type_name(v) == "TypeAliasType"
}

/// `a | b` for types; NotImplemented where one cannot be part of a union.
pub fn or(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !is_unionable(vm, &args[0]) || !is_unionable(vm, &args[1]) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    from_parts(vm, &args[..2])
}
/// `b | a`, reflected.
pub fn ror(vm: &mut Vm, args: &[Value]) -> PyResult {
    or(vm, &[args[1].clone(), args[0].clone()])
}

/// The union of these; nested unions are flattened, repeated members dropped.
pub fn from_parts(vm: &mut Vm, parts: &[Value]) -> PyResult {
    let mut flat: Vec<Value> = Vec::new();
    for p in parts {
        let none = p.is_none().then(|| vm.ty(T::NoneType).clone());
        let members = if p.is_a::<Union>() { items(p) } else { vec![none.unwrap_or_else(|| p.clone())] };
        for m in members {
            let mut seen = false;
            for f in &flat {
                seen = seen || (f.is_a::<GenericAlias>() == m.is_a::<GenericAlias>() && vm.eq(f, &m)?);
            }
            if !seen {
                flat.push(m);
            }
        }
    }
    if flat.len() == 1 {
        return Ok(flat.remove(0));
    }
    let args = vm.new_tuple(flat);
    Ok(vm.new_object(T::Union, Union { args }))
}

fn class_getitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    let parts = args[1].get::<Tuple>().map_or_else(|| vec![args[1].clone()], |t| t.items().to_vec());
    if parts.is_empty() {
        return Err(vm.type_error("Cannot take a Union of no types."));
    }
    let mut checked = Vec::new();
    for p in parts {
        checked.push(if is_unionable(vm, &p) { p } else { check_with_typing(vm, &p)? });
    }
    from_parts(vm, &checked)
}

/// What is no type may still be a forward reference or a type variable: `typing` knows.
fn check_with_typing(vm: &mut Vm, v: &Value) -> PyResult {
    let builtins = vm.iso().builtins.clone();
    let name = vm.intern("__import__");
    let import = vm.dict_get_str(&builtins, &name).unwrap_or_default();
    let typing = vm.new_str("typing");
    let typing = vm.call(&import, &[typing])?;
    let msg = vm.new_str("Union[arg, ...]: each arg must be a type.");
    vm.call_method(&typing, "_type_check", &[v.clone(), msg])
}

fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.enter_native()?;
    let mut parts = Vec::new();
    let mut failed = None;
    for i in items(&args[0]) {
        let text = if i.is(vm.ty(T::NoneType)) { Ok("None".to_string()) } else { repr_item(vm, &i) };
        match text {
            Ok(t) => parts.push(t),
            Err(e) => {
                failed = Some(e);
                break;
            }
        }
    }
    vm.leave_native();
    match failed {
        Some(e) => Err(e),
        None => Ok(vm.new_str(parts.join(" | "))),
    }
}

fn contains(vm: &mut Vm, all: &[Value], v: &Value) -> PyResult<bool> {
    for a in all {
        if vm.eq(a, v)? {
            return Ok(true);
        }
    }
    Ok(false)
}
fn eq(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[1].is_a::<Union>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (a, b) = (items(&args[0]), items(&args[1]));
    if a.len() != b.len() {
        return Ok(Value::FALSE);
    }
    for v in &a {
        if !contains(vm, &b, v)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}
fn hash(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mut h = 0x55_1234;
    for i in items(&args[0]) {
        // order does not count
        h ^= crate::hash::int(vm.hash(&i)?).wrapping_mul(3_644_798_167);
    }
    Ok(vm.new_int(h))
}
fn instancecheck(vm: &mut Vm, args: &[Value]) -> PyResult {
    let all = items(&args[0]);
    for t in all {
        if vm.isinstance(&args[1], &t)? {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}
fn subclasscheck(vm: &mut Vm, args: &[Value]) -> PyResult {
    let all = items(&args[0]);
    if !args[1].is_a::<TypeObj>() {
        return Err(vm.type_error("issubclass() arg 1 must be a class"));
    }
    for t in all {
        if vm.issubclass(&args[1], &t)? {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}
fn get_item(vm: &mut Vm, args: &[Value]) -> PyResult {
    let own = args[0].get::<Union>().map(|u| u.args.clone()).unwrap_or_default();
    let parameters = collect_parameters(vm, &own)?;
    let new = substitute(vm, &args[0], &own, &parameters, &args[1])?;
    let new = new.get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default();
    let mut all = new.first().cloned().unwrap_or_default();
    for n in new.iter().skip(1) {
        all = vm.binary(BinOp::Or, &all, n)?;
    }
    Ok(all)
}
fn mro_entries(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = vm.repr_text(&args[0])?;
    Err(vm.type_error(format!("Cannot subclass {text}")))
}
fn get_args(_: &mut Vm, v: &Value) -> PyResult {
    Ok(v.get::<Union>().map(|u| u.args.clone()).unwrap_or_default())
}
fn get_parameters(vm: &mut Vm, v: &Value) -> PyResult {
    let own = get_args(vm, v)?;
    collect_parameters(vm, &own)
}
fn get_origin(vm: &mut Vm, _: &Value) -> PyResult {
    Ok(vm.ty(T::Union).clone())
}

/// `types.UnionType`
pub static DEF: TypeDef = TypeDef::new("types.UnionType", layout_of::<Union>())
    .flags(flags::NO_NEW)
    .doc("Represent a PEP 604 union type\n\nE.g. for int | str")
    .methods(&[
        class_method("__class_getitem__(cls, item, /)", class_getitem),
        method("__repr__(self, /)", repr),
        method("__eq__(self, value, /)", eq),
        method("__hash__(self, /)", hash),
        method("__or__(self, value, /)", or),
        method("__ror__(self, value, /)", ror),
        method("__instancecheck__(self, instance, /)", instancecheck),
        method("__subclasscheck__(self, cls, /)", subclasscheck),
        method("__getitem__(self, key, /)", get_item),
        method("__mro_entries__(self, bases, /)", mro_entries),
    ])
    .getset(&[getter("__args__", get_args), getter("__parameters__", get_parameters), getter("__origin__", get_origin)]);
