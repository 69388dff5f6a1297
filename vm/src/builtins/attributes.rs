//! Functions that ask an object what it is: `callable`, `dir`, `getattr`, `hash`, `id`, `isinstance` ..

use crate::error::{Exc, PyResult};
use crate::object::Kind;
use crate::special::Special;
use crate::types::native::{NativeDef, function};
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;

pub const FUNCTIONS: &[NativeDef] = &[
    function("callable(obj, /)", |vm, args| Ok(Value::bool(is_callable(vm, &args[0]))))
        .doc("Return whether the object is callable (i.e., some kind of function)."),
    function("delattr(obj, name, /)", delattr).doc("Deletes the named attribute from the given object."),
    function("dir(object=NULL, /)", dir).doc("Show attributes of an object."),
    function("getattr(object, name, default=NULL, /)", getattr).doc("Get a named attribute from an object."),
    function("hasattr(obj, name, /)", hasattr).doc("Return whether the object has an attribute with the given name."),
    function("hash(obj, /)", hash).doc("Return the hash value for the given object."),
    function("id(obj, /)", |vm, args| {
        let id = vm.address_of(&args[0]);
        Ok(vm.new_uint(id))
    })
    .doc("Return the identity of an object."),
    function("isinstance(obj, class_or_tuple, /)", |vm, args| Ok(Value::bool(vm.isinstance(&args[0], &args[1])?)))
        .doc("Return whether an object is an instance of a class or of a subclass thereof."),
    function("issubclass(cls, class_or_tuple, /)", |vm, args| Ok(Value::bool(vm.issubclass(&args[0], &args[1])?)))
        .doc("Return whether 'cls' is derived from another class or is the same class."),
    function("setattr(obj, name, value, /)", setattr).doc("Sets the named attribute on the given object to the specified value."),
    function("vars(object=NULL, /)", vars).doc("Show vars: without arguments, equivalent to locals(); with an argument, equivalent to object.__dict__."),
];

/// `callable(v)`
pub fn is_callable(vm: &Vm, v: &Value) -> bool {
    const KINDS: [Kind; 4] = [Kind::Function, Kind::Native, Kind::BoundMethod, Kind::Type];
    v.kind().is_some_and(|k| KINDS.iter().any(|c| *c as u8 == k)) || !v.class(vm).special(Special::Call).is_null()
}

fn attr_name(vm: &mut Vm, name: &Value) -> PyResult<()> {
    if name.is_a::<Str>() {
        return Ok(());
    }
    let t = vm.type_name(name);
    Err(vm.type_error(format!("attribute name must be string, not '{t}'")))
}

fn getattr(vm: &mut Vm, args: &[Value]) -> PyResult {
    attr_name(vm, &args[1])?;
    if args[2].is_null() {
        return vm.get_attr(&args[0], &args[1]);
    }
    Ok(vm.get_attr_opt(&args[0], &args[1])?.unwrap_or_else(|| args[2].clone()))
}
fn hasattr(vm: &mut Vm, args: &[Value]) -> PyResult {
    attr_name(vm, &args[1])?;
    Ok(Value::bool(vm.get_attr_opt(&args[0], &args[1])?.is_some()))
}
fn setattr(vm: &mut Vm, args: &[Value]) -> PyResult {
    attr_name(vm, &args[1])?;
    vm.set_attr(&args[0], &args[1], args[2].clone())?;
    Ok(Value::NONE)
}
fn delattr(vm: &mut Vm, args: &[Value]) -> PyResult {
    attr_name(vm, &args[1])?;
    vm.set_attr(&args[0], &args[1], Value::NULL)?;
    Ok(Value::NONE)
}
fn hash(vm: &mut Vm, args: &[Value]) -> PyResult {
    let h = vm.hash(&args[0])?;
    Ok(vm.new_int(h))
}
fn dir(vm: &mut Vm, args: &[Value]) -> PyResult {
    let names = if args[0].is_null() {
        let locals = vm.builtin("locals")?;
        let locals = vm.call(&locals, &[])?;
        vm.call_method(&locals, "keys", &[])?
    } else {
        match vm.special(&args[0], Special::Dir) {
            Some(f) => vm.call_special(&f, &[args[0].clone()])?,
            None => return Err(vm.type_error("object does not provide __dir__")),
        }
    };
    let names = vm.collect(&names)?;
    let list = vm.new_list(names);
    vm.call_method(&list, "sort", &[])?;
    Ok(list)
}
fn vars(vm: &mut Vm, args: &[Value]) -> PyResult {
    if args[0].is_null() {
        let locals = vm.builtin("locals")?;
        return vm.call(&locals, &[]);
    }
    match vm.attr(&args[0], "__dict__") {
        Err(e) if vm.is_exc(&e, Exc::AttributeError) => Err(vm.type_error("vars() argument must have __dict__ attribute")),
        r => r,
    }
}
