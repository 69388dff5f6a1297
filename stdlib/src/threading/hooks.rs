//! `threading.excepthook` and its arguments.

use super::thread::{Thread, this};
use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Changes, Cloner, Payload, layout_of};
use gilbert_vm::types::native::{GetSet, NativeDef, getter, method, static_method};
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// The payload of `ExceptHookArgs`: exc_type, exc_value, exc_traceback, thread.
pub struct HookArgs([Value; 4]);

const FIELDS: [&str; 4] = ["exc_type", "exc_value", "exc_traceback", "thread"];

impl Payload for HookArgs {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.0.iter().for_each(visit);
    }
    fn clone_in(&self, c: &mut Cloner) -> HookArgs {
        HookArgs([c.value(&self.0[0]), c.value(&self.0[1]), c.value(&self.0[2]), c.value(&self.0[3])])
    }
}

fn fields(vm: &Vm, v: &Value) -> Option<[Value; 4]> {
    v.borrow::<HookArgs>(vm).map(|a| a.0.clone())
}
fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let items = vm.collect(&args[1])?;
    let n = items.len();
    match <[Value; 4]>::try_from(items) {
        Ok(items) => Ok(vm.new_of(&args[0], HookArgs(items))),
        Err(_) => Err(vm.type_error(format!("_thread._ExceptHookArgs() takes a 4-sequence ({n}-sequence given)"))),
    }
}
fn field(vm: &mut Vm, v: &Value, i: usize) -> PyResult {
    Ok(fields(vm, v).map_or(Value::NONE, |f| f[i].clone()))
}
fn iter(vm: &mut Vm, args: &[Value]) -> PyResult {
    let items = fields(vm, &args[0]).map(Vec::from).unwrap_or_default();
    let items = vm.new_tuple(items);
    vm.iter(&items)
}
fn get_item(vm: &mut Vm, args: &[Value]) -> PyResult {
    let items = fields(vm, &args[0]).map(Vec::from).unwrap_or_default();
    let items = vm.new_tuple(items);
    vm.get_item(&items, &args[1])
}
fn len(_: &mut Vm, _: &[Value]) -> PyResult {
    Ok(Value::i32(4))
}
fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mut parts = Vec::new();
    for (name, v) in FIELDS.iter().zip(fields(vm, &args[0]).unwrap_or_default()) {
        parts.push(format!("{name}={}", vm.repr_text(&v)?));
    }
    Ok(vm.new_str(format!("_thread._ExceptHookArgs({})", parts.join(", "))))
}

const GETSET: &[GetSet] = &[
    getter("exc_type", |vm, v| field(vm, v, 0)),
    getter("exc_value", |vm, v| field(vm, v, 1)),
    getter("exc_traceback", |vm, v| field(vm, v, 2)),
    getter("thread", |vm, v| field(vm, v, 3)),
];
const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, sequence, /)", new),
    method("__iter__(self, /)", iter),
    method("__getitem__(self, key, /)", get_item),
    method("__len__(self, /)", len),
    method("__repr__(self, /)", repr),
];

/// `threading.ExceptHookArgs`
pub static ARGS: TypeDef = TypeDef::new("_thread._ExceptHookArgs", layout_of::<HookArgs>()).flags(flags::SEQUENCE).methods(METHODS).getset(GETSET);

/// `threading.excepthook(args, /)`
pub fn excepthook(vm: &mut Vm, args: &[Value]) -> PyResult {
    let Some([ty, value, tb, thread]) = fields(vm, &args[0]) else {
        return Err(vm.type_error("_thread.excepthook argument type must be ExceptHookArgs"));
    };
    if ty.is(vm.exc_type(Exc::SystemExit)) {
        return Ok(Value::NONE);
    }
    let name = match thread.is_a::<Thread>() {
        true => {
            let name = this(vm, &thread).name.clone();
            vm.text(&name)
        }
        false => {
            let me = vm.tid();
            gilbert_vm::thread::ident(me).to_string()
        }
    };
    let _ = tb;
    vm.write_stderr(&format!("Exception in thread {name}:\n"));
    if !value.is_none() {
        vm.print_exception(&Raised(value));
    }
    Ok(Value::NONE)
}

/// Reports what a thread did not catch to the hook that is set now.
pub fn report(vm: &mut Vm, e: Raised, thread: &Value) {
    if e.is_killed() {
        return;
    }
    if !vm.is_thread_exit(&e) {
        vm.note_uncaught(&e);
    }
    if let Err(second) = call_hook(vm, &e, thread) {
        if second.is_killed() {
            return;
        }
        vm.write_stderr("Exception in threading.excepthook:\n");
        vm.print_exception(&second);
    }
}

fn call_hook(vm: &mut Vm, e: &Raised, thread: &Value) -> PyResult<()> {
    let tb = vm.traceback_of(&e.0);
    let parts = [e.0.type_of(vm).clone(), e.0.clone(), if tb.is_null() { Value::NONE } else { tb }, thread.clone()];
    let args = vm.new_native(&ARGS, HookArgs(parts));
    let module = vm.import("threading")?;
    let hook = vm.attr_opt(&module, "excepthook")?;
    match hook {
        Some(h) => vm.call(&h, &[args]).map(drop),
        None => excepthook(vm, &[args]).map(drop),
    }
}
