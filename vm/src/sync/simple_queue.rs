//! `_queue.SimpleQueue`: unbounded, first in first out.

use super::turnstile::{Guarded, Turnstile};
use crate::error::{PyResult, Raised};
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Payload};
use crate::probe::Wait;
use crate::types::native::{NativeDef, class_method, method, static_method};
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{Ns, WaitKind};
use std::collections::VecDeque;

/// The payload. Invariant: as many items as free and granted permits.
#[derive(Default)]
pub struct SimpleQueue {
    turnstile: Turnstile,
    items: VecDeque<Value>,
}

impl Payload for SimpleQueue {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.items.iter().for_each(visit);
    }
    fn clear(&mut self) {
        self.items.clear();
        self.turnstile.reset(0);
    }
    fn clone_in(&self, c: &mut Cloner) -> SimpleQueue {
        let items: VecDeque<Value> = self.items.iter().map(|v| c.value(v)).collect();
        SimpleQueue { turnstile: Turnstile::new(items.len()), items }
    }
}

impl Guarded for SimpleQueue {
    fn turnstile(&mut self) -> &mut Turnstile {
        &mut self.turnstile
    }
}

fn this<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut SimpleQueue {
    v.borrow_mut::<SimpleQueue>(vm).expect("a native's own instance")
}

fn empty_error(vm: &mut Vm) -> Raised {
    match vm.thread_error_type("Empty").and_then(|ty| vm.call(&ty, &[])) {
        Ok(e) => Raised(e),
        Err(e) => e,
    }
}

/// Takes an item; `None`: wait for ever; `Some(None)`: not at all.
fn take(vm: &mut Vm, queue: &Value, patience: Option<Option<Ns>>) -> PyResult {
    let got = match patience {
        Some(None) => vm.try_permit::<SimpleQueue>(queue)?,
        deadline => vm.take_permit::<SimpleQueue>(queue, WaitKind::Queue, deadline.flatten())?,
    };
    if !got {
        return Err(empty_error(vm));
    }
    vm.sync_event(queue, true);
    Ok(this(vm, queue).items.pop_front().expect("a permit stands for an item"))
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    // a subclass may have an `__init__` that takes some
    if args[0].is(&vm.native_type(&DEF)) {
        for (given, kind) in [(&args[1], "positional"), (&args[2], "keyword")] {
            if vm.len(given)? > 0 {
                return Err(vm.type_error(format!("SimpleQueue() takes no {kind} arguments")));
            }
        }
    }
    Ok(vm.new_of(&args[0], SimpleQueue::default()))
}
fn put(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.point()?;
    vm.sync_event(&args[0], false);
    this(vm, &args[0]).items.push_back(args[1].clone());
    vm.give_permit::<SimpleQueue>(&args[0]);
    Ok(Value::NONE)
}
fn get(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !vm.truthy(&args[1])? {
        return take(vm, &args[0], Some(None));
    }
    if args[2].is_none() {
        return take(vm, &args[0], None);
    }
    let seconds = vm.seconds(&args[2])?;
    if seconds < 0.0 {
        return Err(vm.value_error("'timeout' must be a non-negative number"));
    }
    let deadline = vm.after(seconds);
    take(vm, &args[0], Some(Some(deadline)))
}
fn get_nowait(vm: &mut Vm, args: &[Value]) -> PyResult {
    take(vm, &args[0], Some(None))
}
fn empty(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.point()?;
    let open = !this(vm, &args[0]).items.is_empty();
    vm.sync_access(&args[0], false, open, Wait::No);
    Ok(Value::bool(this(vm, &args[0]).items.is_empty()))
}
fn qsize(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.point()?;
    let open = !this(vm, &args[0]).items.is_empty();
    vm.sync_access(&args[0], false, open, Wait::No);
    let n = this(vm, &args[0]).items.len();
    Ok(vm.new_int(n as i64))
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, /, *args, **kwargs)", new),
    method("put(self, /, item, block=True, timeout=None)", put),
    method("put_nowait(self, /, item)", put),
    method("get(self, /, block=True, timeout=None)", get),
    method("get_nowait(self, /)", get_nowait),
    method("empty(self, /)", empty),
    method("qsize(self, /)", qsize),
    class_method("__class_getitem__(cls, item, /)", crate::types::generic_alias::class_getitem),
];

/// `_queue.SimpleQueue`
pub static DEF: TypeDef = TypeDef::new("_queue.SimpleQueue", crate::object::layout_of::<SimpleQueue>())
    .flags(flags::BASE)
    .methods(METHODS)
    .doc("Simple, unbounded, reentrant FIFO queue.");
