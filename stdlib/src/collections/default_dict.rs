//! `defaultdict`.

use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::attr_layout;
use gilbert_vm::types::T;
use gilbert_vm::types::dict::Dict;
use gilbert_vm::types::native::{Kwargs, class_method, getset, method};
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// `collections.defaultdict`. The factory is kept where instance attributes are.
pub static DEFAULT_DICT: TypeDef = TypeDef::new("collections.defaultdict", attr_layout::<Dict>())
    .base(Some(T::Dict))
    .flags(flags::BASE | flags::MAPPING)
    .doc("defaultdict(default_factory=None, /, [...]) --> dict with default factory")
    .methods(&[
        method("__init__(self, /, *args, **kwargs)", init),
        method("__missing__(self, key, /)", missing).doc("__missing__(key) # Called by __getitem__ for missing key; pseudo-code:\n  if self.default_factory is None: raise KeyError((key,))\n  self[key] = value = self.default_factory()\n  return value\n"),
        method("__repr__(self, /)", repr),
        method("__or__(self, value, /)", or),
        method("__ror__(self, value, /)", ror),
        method("__reduce__(self, /)", reduce),
        method("copy(self, /)", copy).doc("D.copy() -> a shallow copy of D."),
        method("__copy__(self, /)", copy).doc("D.copy() -> a shallow copy of D."),
        class_method("__class_getitem__(cls, item, /)", crate::functools::class_getitem),
    ])
    .getset(&[getset("default_factory", |vm, v| Ok(factory(vm, v)), |vm, v, f| {
        set_factory(vm, v, if f.is_null() { Value::NONE } else { f });
        Ok(())
    })]);

const SLOT: &str = "default_factory";

fn factory(vm: &mut Vm, v: &Value) -> Value {
    let name = vm.intern(SLOT);
    vm.instance_attr(v, &name).unwrap_or(Value::NONE)
}
fn set_factory(vm: &mut Vm, v: &Value, f: Value) {
    let name = vm.intern(SLOT);
    vm.put_attr(v, &name, f);
}

fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let given = args[1].get::<Tuple>().expect("bound").items();
    let f = given.first().cloned().unwrap_or(Value::NONE);
    if !f.is_none() && !gilbert_vm::builtins::is_callable(vm, &f) {
        return Err(vm.type_error("first argument must be callable or None"));
    }
    set_factory(vm, &args[0], f);
    let rest: Vec<Value> = std::iter::once(&args[0]).chain(given.iter().skip(1)).cloned().collect();
    let (names, values): (Vec<Value>, Vec<Value>) = vm.dict_items(&args[2]).into_iter().unzip();
    let dict = vm.ty(T::Dict).clone();
    let init = vm.attr(&dict, "__init__")?;
    vm.call_kw(&init, &rest, Kwargs { names: &names, values: &values })
}
fn missing(vm: &mut Vm, args: &[Value]) -> PyResult {
    let f = factory(vm, &args[0]);
    if f.is_none() {
        return Err(vm.key_error(&args[1]));
    }
    let value = vm.call(&f, &[])?;
    vm.set_item(&args[0], &args[1], value.clone())?;
    Ok(value)
}
fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let f = factory(vm, &args[0]);
    vm.enter_native()?;
    let inner = vm.repr_text(&f);
    vm.leave_native();
    let dict = vm.ty(T::Dict).clone();
    let plain = vm.attr(&dict, "__repr__")?;
    let items = vm.call(&plain, &[args[0].clone()])?;
    let text = format!("{}({}, {})", vm.short_type_name(&args[0]), inner?, vm.text(&items));
    Ok(vm.new_str(text))
}
fn copy(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (ty, f) = (args[0].type_of(vm).clone(), factory(vm, &args[0]));
    vm.call(&ty, &[f, args[0].clone()])
}
fn or(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[1].is_a::<Dict>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let new = copy(vm, &args[..1])?;
    vm.dict_update(&new, &args[1])?;
    Ok(new)
}
fn ror(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[1].is_a::<Dict>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (ty, f) = (args[0].type_of(vm).clone(), factory(vm, &args[0]));
    let new = vm.call(&ty, &[f, args[1].clone()])?;
    vm.dict_update(&new, &args[0])?;
    Ok(new)
}
fn reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (ty, f) = (args[0].type_of(vm).clone(), factory(vm, &args[0]));
    let given = if f.is_none() { vm.new_tuple(Vec::new()) } else { vm.new_tuple(vec![f]) };
    let items = vm.call_method(&args[0], "items", &[])?;
    let items = vm.iter(&items)?;
    Ok(vm.new_tuple(vec![ty, given, Value::NONE, Value::NONE, items]))
}
