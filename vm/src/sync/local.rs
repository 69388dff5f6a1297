//! `threading.local`: an object whose attributes each thread has for itself.

use crate::error::{PyResult, Raised};
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Payload, layout_of};
use crate::special::Special;
use crate::types::T;
use crate::types::native::{NativeDef, method, static_method};
use crate::types::object_::call_packed;
use crate::types::tuple::Tuple;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::Tid;

/// The payload.
pub struct Local {
    /// The arguments, with which `__init__` runs again in each thread.
    args: Value,
    kwargs: Value,
    /// Each thread's attributes, a dict.
    dicts: Vec<(Tid, Value)>,
}

impl Local {
    /// Takes a thread's attributes out.
    pub fn forget(&mut self, tid: Tid) -> Option<Value> {
        let at = self.dicts.iter().position(|d| d.0 == tid)?;
        Some(self.dicts.swap_remove(at).1)
    }
}

impl Payload for Local {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.args);
        visit(&self.kwargs);
        self.dicts.iter().for_each(|d| visit(&d.1));
    }
    fn clear(&mut self) {
        self.args = Value::NULL;
        self.kwargs = Value::NULL;
        self.dicts.clear();
    }
    fn clone_in(&self, c: &mut Cloner) -> Local {
        let dicts = self.dicts.iter().filter(|d| c.lives_on(d.0)).cloned().collect::<Vec<_>>();
        let dicts = dicts.iter().map(|d| (c.thread(d.0), c.value(&d.1))).collect();
        Local { args: c.value(&self.args), kwargs: c.value(&self.kwargs), dicts }
    }
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let given = args[1].get::<Tuple>().is_some_and(|t| !t.items().is_empty()) || vm.len(&args[2])? > 0;
    if given && !has_own_init(vm, &args[0]) {
        return Err(vm.type_error("Initialization arguments are not supported"));
    }
    let local = vm.new_of(&args[0], Local { args: args[1].clone(), kwargs: args[2].clone(), dicts: Vec::new() });
    enter_thread(vm, &local)?;
    Ok(local)
}
fn has_own_init(vm: &Vm, ty: &Value) -> bool {
    let object = vm.ty(T::Object).clone();
    let init = |t: &Value| t.borrow::<crate::types::type_::TypeObj>(vm).map(|t| t.special(Special::Init).bits());
    init(ty) != init(&object)
}
/// A fresh dict for this thread.
fn enter_thread(vm: &mut Vm, local: &Value) -> PyResult {
    let (dict, me, weak) = (vm.new_dict(), vm.tid(), vm.weak_ref(local)?);
    if let Some(l) = local.borrow_mut::<Local>(vm) {
        l.dicts.push((me, dict.clone()));
    }
    let full = vm.iso().threads.get(me).is_some_and(|t| t.locals.len() >= 64 && t.locals.len().is_power_of_two());
    if full {
        let all = vm.iso_mut().threads.get_mut(me).map(|t| std::mem::take(&mut t.locals)).unwrap_or_default();
        let live: Vec<Value> = all.into_iter().filter(|w| vm.weak_target(w).is_some()).collect();
        if let Some(t) = vm.iso_mut().threads.get_mut(me) {
            t.locals = live;
        }
    }
    if let Some(t) = vm.iso_mut().threads.get_mut(me) {
        t.locals.push(weak);
    }
    Ok(dict)
}
/// This thread's attributes; in a thread that comes for the first time `__init__` runs again.
fn own_dict(vm: &mut Vm, local: &Value) -> PyResult {
    let me = vm.tid();
    let l = local.borrow::<Local>(vm).expect("a native's own instance");
    if let Some(d) = l.dicts.iter().find(|d| d.0 == me) {
        return Ok(d.1.clone());
    }
    let (args, kwargs) = (l.args.clone(), l.kwargs.clone());
    let dict = enter_thread(vm, local)?;
    let ty = local.type_of(vm).clone();
    if has_own_init(vm, &ty) {
        let init = vm.attr(local, "__init__")?;
        if let Err(e) = call_packed(vm, &init, &args, &kwargs) {
            let half = local.borrow_mut::<Local>(vm).and_then(|l| l.forget(me));
            drop(half);
            return Err(e);
        }
    }
    Ok(dict)
}
fn getattribute(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (local, name) = (&args[0], &args[1]);
    let dict = own_dict(vm, local)?;
    if vm.text(name) == "__dict__" {
        return Ok(dict);
    }
    let ty = local.type_of(vm).clone();
    let found = vm.type_lookup(&ty, name);
    if let Some(d) = &found
        && vm.is_data_descriptor(d)
    {
        return vm.descriptor_get(d, local, &ty);
    }
    if let Some(v) = vm.dict_get(&dict, name)? {
        return Ok(v);
    }
    match found {
        Some(d) => vm.descriptor_get(&d, local, &ty),
        None => Err(missing(vm, local, name)),
    }
}
fn setattr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (local, name) = (&args[0], &args[1]);
    let dict = own_dict(vm, local)?;
    if refuses(vm, local, name)? {
        return Ok(Value::NONE);
    }
    if data_descriptor(vm, local, name) {
        vm.generic_set_attr(local, name, args[2].clone())?;
        return Ok(Value::NONE);
    }
    vm.dict_set(&dict, name, args[2].clone())?;
    Ok(Value::NONE)
}
fn delattr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (local, name) = (&args[0], &args[1]);
    let dict = own_dict(vm, local)?;
    if refuses(vm, local, name)? {
        return Ok(Value::NONE);
    }
    if data_descriptor(vm, local, name) {
        vm.generic_set_attr(local, name, Value::NULL)?;
        return Ok(Value::NONE);
    }
    match vm.dict_remove(&dict, name)? {
        Some(_) => Ok(Value::NONE),
        None => Err(missing(vm, local, name)),
    }
}
/// The AttributeError of CPython, which names the plain type with its module.
fn missing(vm: &mut Vm, local: &Value, name: &Value) -> Raised {
    if local.class(vm).has(flags::HEAP) {
        return vm.no_attr(local, name);
    }
    let text = format!("'_thread._local' object has no attribute '{}'", vm.text(name));
    vm.attribute_error(local, name, text)
}
fn data_descriptor(vm: &mut Vm, local: &Value, name: &Value) -> bool {
    let ty = local.type_of(vm).clone();
    vm.type_lookup(&ty, name).is_some_and(|d| vm.is_data_descriptor(&d))
}
fn refuses(vm: &mut Vm, local: &Value, name: &Value) -> PyResult<bool> {
    if vm.text(name) != "__dict__" {
        return Ok(false);
    }
    let ty = vm.type_name(local);
    let text = format!("'{ty}' object attribute '__dict__' is read-only");
    Err(vm.attribute_error(local, name, text))
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, /, *args, **kwargs)", new),
    method("__getattribute__(self, name, /)", getattribute),
    method("__setattr__(self, name, value, /)", setattr),
    method("__delattr__(self, name, /)", delattr),
];

/// `_thread._local`
pub static DEF: TypeDef = TypeDef::new("_thread._local", layout_of::<Local>()).flags(flags::BASE).methods(METHODS).doc("Thread-local data");
