//! `mappingproxy`: a mapping that can only be read; what `cls.__dict__` gives.
//!
//! A class keeps its namespace inside its type object, so a proxy refers either to a type or to any other mapping.

use crate::error::PyResult;
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Immutable, Payload, layout_of};
use crate::op::{BinOp, CmpOp};
use crate::probe::Part;
use crate::types::T;
use crate::types::dict::Dict;
use crate::types::native::{class_method, method, static_method};
use crate::types::str::Str;
use crate::types::type_::{TypeObj, flags};
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `mappingproxy`.
pub struct MappingProxy {
    /// A type (its namespace is meant) or a mapping.
    pub target: Value,
}

impl Payload for MappingProxy {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.target);
    }
    fn clone_in(&self, c: &mut Cloner) -> MappingProxy {
        MappingProxy { target: c.value(&self.target) }
    }
}
impl Immutable for MappingProxy {}

fn target(v: &Value) -> Value {
    v.get::<MappingProxy>().map(|p| p.target.clone()).unwrap_or_default()
}

/// The mapping itself; for a class a copy of its namespace.
fn mapping(vm: &mut Vm, v: &Value) -> Value {
    let t = target(v);
    if !t.is_a::<TypeObj>() {
        return t;
    }
    vm.touch_read(&t, Part::Whole);
    let copy = t.borrow::<TypeObj>(vm).map(|t| t.dict.copy()).unwrap_or_default();
    vm.new_object(T::Dict, copy)
}

/// An entry of a class's namespace; `None` where the target is no class.
fn class_entry(vm: &mut Vm, v: &Value, key: &Value) -> Option<Option<Value>> {
    let t = target(v);
    if !t.is_a::<TypeObj>() || !key.is_a::<Str>() {
        return None;
    }
    let key = vm.iso_mut().intern_value(key);
    vm.touch_read(&t, Part::Name(key.bits()));
    Some(t.borrow::<TypeObj>(vm).and_then(|t| t.dict.get_str(&key).cloned()))
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let m = &args[1];
    let class = m.class(vm);
    let sequence = m.is_a::<crate::types::list::List>() || m.is_a::<crate::types::tuple::Tuple>() || m.is_a::<Str>();
    if sequence || class.special(crate::special::Special::GetItem).is_null() {
        let name = vm.type_name(m);
        return Err(vm.type_error(format!("mappingproxy() argument must be a mapping, not {name}")));
    }
    Ok(vm.new_of(&args[0], MappingProxy { target: m.clone() }))
}

fn get_item(vm: &mut Vm, args: &[Value]) -> PyResult {
    match class_entry(vm, &args[0], &args[1]) {
        Some(Some(v)) => Ok(v),
        Some(None) => Err(vm.key_error(&args[1])),
        None => {
            let m = mapping(vm, &args[0]);
            vm.get_item(&m, &args[1])
        }
    }
}

fn contains(vm: &mut Vm, args: &[Value]) -> PyResult {
    match class_entry(vm, &args[0], &args[1]) {
        Some(found) => Ok(Value::bool(found.is_some())),
        None => {
            let m = mapping(vm, &args[0]);
            Ok(Value::bool(vm.contains(&m, &args[1])?))
        }
    }
}

fn get(vm: &mut Vm, args: &[Value]) -> PyResult {
    match class_entry(vm, &args[0], &args[1]) {
        Some(found) => Ok(found.unwrap_or_else(|| args[2].clone())),
        None => {
            let m = mapping(vm, &args[0]);
            if m.is_a::<Dict>() && m.type_of(vm).is(vm.ty(T::Dict)) {
                return Ok(vm.dict_get(&m, &args[1])?.unwrap_or_else(|| args[2].clone()));
            }
            vm.call_method(&m, "get", &args[1..3])
        }
    }
}

fn len(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = target(&args[0]);
    vm.touch_read(&t, Part::Whole);
    let n = match t.borrow::<TypeObj>(vm).map(|t| t.dict.len()) {
        Some(n) => n,
        None => vm.len(&t)?,
    };
    Ok(vm.new_int(n as i64))
}

fn iter(vm: &mut Vm, args: &[Value]) -> PyResult {
    let m = mapping(vm, &args[0]);
    vm.iter(&m)
}

fn keys(vm: &mut Vm, args: &[Value]) -> PyResult {
    let m = mapping(vm, &args[0]);
    vm.call_method(&m, "keys", &[])
}
fn values(vm: &mut Vm, args: &[Value]) -> PyResult {
    let m = mapping(vm, &args[0]);
    vm.call_method(&m, "values", &[])
}
fn items(vm: &mut Vm, args: &[Value]) -> PyResult {
    let m = mapping(vm, &args[0]);
    vm.call_method(&m, "items", &[])
}
fn copy(vm: &mut Vm, args: &[Value]) -> PyResult {
    let m = mapping(vm, &args[0]);
    vm.call_method(&m, "copy", &[])
}
fn reversed(vm: &mut Vm, args: &[Value]) -> PyResult {
    let m = mapping(vm, &args[0]);
    match vm.special(&m, crate::special::Special::Reversed) {
        Some(f) => vm.call_special(&f, &[m]),
        None => {
            let name = vm.type_name(&m);
            Err(vm.type_error(format!("'{name}' object is not reversible")))
        }
    }
}
fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let m = mapping(vm, &args[0]);
    let inner = vm.repr_text(&m)?;
    Ok(vm.new_str(format!("mappingproxy({inner})")))
}
fn str(vm: &mut Vm, args: &[Value]) -> PyResult {
    let m = mapping(vm, &args[0]);
    vm.str(&m)
}
fn hash(vm: &mut Vm, args: &[Value]) -> PyResult {
    let m = mapping(vm, &args[0]);
    let h = vm.hash(&m)?;
    Ok(vm.new_int(h))
}
fn unwrap(vm: &mut Vm, v: &Value) -> Value {
    if v.is_a::<MappingProxy>() { mapping(vm, v) } else { v.clone() }
}
fn compare(vm: &mut Vm, args: &[Value], op: CmpOp) -> PyResult {
    let (a, b) = (unwrap(vm, &args[0]), unwrap(vm, &args[1]));
    vm.compare(op, &a, &b)
}
fn eq(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, args, CmpOp::Eq)
}
fn ne(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, args, CmpOp::Ne)
}
fn or(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (a, b) = (unwrap(vm, &args[0]), unwrap(vm, &args[1]));
    vm.binary(BinOp::Or, &a, &b)
}
fn ror(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (a, b) = (unwrap(vm, &args[0]), unwrap(vm, &args[1]));
    vm.binary(BinOp::Or, &b, &a)
}
fn ior(vm: &mut Vm, args: &[Value]) -> PyResult {
    let _ = args;
    Err(vm.type_error("'|=' is not supported by mappingproxy; use '|' instead"))
}

/// `mappingproxy`
pub static DEF: TypeDef = TypeDef::new("mappingproxy", layout_of::<MappingProxy>()).flags(flags::MAPPING).doc("Read-only proxy of a mapping.").methods(&[
    static_method("__new__(cls, mapping)", new),
    method("__getitem__(self, key, /)", get_item),
    method("__contains__(self, key, /)", contains),
    method("__len__(self, /)", len),
    method("__iter__(self, /)", iter),
    method("__reversed__(self, /)", reversed),
    method("__repr__(self, /)", repr),
    method("__str__(self, /)", str),
    method("__hash__(self, /)", hash),
    method("__eq__(self, value, /)", eq),
    method("__ne__(self, value, /)", ne),
    method("__or__(self, value, /)", or),
    method("__ror__(self, value, /)", ror),
    method("__ior__(self, value, /)", ior),
    method("get(self, key, default=None, /)", get),
    method("keys(self, /)", keys),
    method("values(self, /)", values),
    method("items(self, /)", items),
    method("copy(self, /)", copy),
    class_method("__class_getitem__(cls, item, /)", crate::types::generic_alias::class_getitem),
]);
