//! `queue.Queue.put` and `get` where nobody has to wait and nobody waits: one native call instead of a dozen.
//!
//! What the Python code does is done here in the same order with the same objects (the mutex is taken and given back, the deque appended to,
//! the count of unfinished tasks moved on), so hooks, waiters, a shut-down queue, a subclass, exchanged attributes or a held mutex are left
//! to it: then NotImplemented is the answer.

use crate::collections::deque::Deque;
use gilbert_vm::error::PyResult;
use gilbert_vm::probe::Part;
use gilbert_vm::sync::condition::Condition;
use gilbert_vm::sync::lock::Lock;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// Where the isolate keeps the class and the names.
const STATE: &str = "_queue.quick";

/// The attributes that are looked at, in the order of the numbers below.
const NAMES: [&str; 7] = ["mutex", "not_empty", "not_full", "queue", "unfinished_tasks", "maxsize", "is_shutdown"];
const MUTEX: usize = 0;
const NOT_EMPTY: usize = 1;
const NOT_FULL: usize = 2;
const QUEUE: usize = 3;
const UNFINISHED: usize = 4;
const MAXSIZE: usize = 5;
const IS_SHUTDOWN: usize = 6;

pub const FUNCTIONS: &[NativeDef] = &[
    function("_quicken(cls, /)", quicken).doc("Says which class the quick ways are for."),
    function("_quick_put(queue, item, /)", quick_put).doc("True where the item is in the queue now; NotImplemented where that takes more."),
    function("_quick_get(queue, /)", quick_get).doc("The next item; NotImplemented where that takes more."),
];

fn quicken(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mut state = vec![args[0].clone()];
    state.extend(NAMES.map(|n| vm.intern(n)));
    let state = vm.new_tuple(state);
    vm.iso_mut().state.insert(STATE, state);
    Ok(Value::NONE)
}

/// The interned name of an attribute, as footprints tell it.
fn name(vm: &Vm, which: usize) -> Option<u64> {
    vm.iso().state.get(STATE)?.get::<Tuple>()?.items().get(1 + which).map(Value::bits)
}

/// Where the queue's attributes lie, if it is of the very class and has all of them.
///
/// In a controlled run the way through Python is gone: taking the mutex is a scheduling point, and what was looked at before it may have changed.
fn places(vm: &Vm, queue: &Value) -> Option<[usize; NAMES.len()]> {
    if vm.controlled {
        return None;
    }
    let state = vm.iso().state.get(STATE)?.get::<Tuple>()?.items();
    let (class, names) = state.split_first()?;
    let attrs = queue.attrs(vm).filter(|_| queue.type_of(vm).is(class))?;
    let mut places = [0; NAMES.len()];
    for (place, name) in places.iter_mut().zip(names) {
        *place = vm.iso().shapes.find(attrs.shape(), name)?;
    }
    Some(places)
}

fn value<'a>(vm: &'a Vm, queue: &'a Value, place: usize) -> Option<&'a Value> {
    queue.attrs(vm)?.values().get(place)
}

/// The mutex and the deque, where the mutex is free, the queue is open, and nobody waits for what `waiters` tells.
fn ready(vm: &Vm, queue: &Value, at: &[usize; NAMES.len()], waiters: usize) -> Option<(Value, Value)> {
    let own = |v: &Value| !v.class(vm).has(flags::HEAP);
    let mutex = value(vm, queue, at[MUTEX])?;
    let waiters = value(vm, queue, at[waiters])?;
    let items = value(vm, queue, at[QUEUE])?;
    let free = own(mutex) && !mutex.borrow::<Lock>(vm)?.locked();
    let nobody = own(waiters) && waiters.borrow::<Condition>(vm).is_some_and(|c| c.is_upon(mutex) && !c.has_waiters());
    let open = value(vm, queue, at[IS_SHUTDOWN])?.is_false();
    let plain = own(items) && items.is_a::<Deque>();
    (free && nobody && open && plain).then(|| (mutex.clone(), items.clone()))
}

fn quick_put(vm: &mut Vm, args: &[Value]) -> PyResult {
    let queue = &args[0];
    let Some(at) = places(vm, queue) else { return Ok(Value::NOT_IMPLEMENTED) };
    let endless = value(vm, queue, at[MAXSIZE]).and_then(Value::as_small).is_some_and(|n| n <= 0);
    let unfinished = value(vm, queue, at[UNFINISHED]).and_then(Value::as_small).filter(|&n| n < i64::from(i32::MAX));
    let (Some((mutex, items)), Some(unfinished), true) = (ready(vm, queue, &at, NOT_EMPTY), unfinished, endless) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    vm.lock_acquire(&mutex, None)?;
    vm.touch_write(&items, Part::Whole);
    if let Some(d) = items.borrow_mut::<Deque>(vm) {
        d.add_last(args[1].clone());
    }
    if vm.observed
        && let Some(name) = name(vm, UNFINISHED)
    {
        vm.touch_write(queue, Part::Name(name));
    }
    if let Some(attrs) = queue.attrs_mut(vm) {
        attrs.values_mut()[at[UNFINISHED]] = Value::small_wrap(unfinished + 1);
    }
    vm.lock_release(&mutex)?;
    Ok(Value::TRUE)
}

fn quick_get(vm: &mut Vm, args: &[Value]) -> PyResult {
    let queue = &args[0];
    let Some((mutex, items)) = places(vm, queue).and_then(|at| ready(vm, queue, &at, NOT_FULL)) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    // NotImplemented as an item must not look like the answer
    if items.borrow::<Deque>(vm).and_then(Deque::first).is_none_or(Value::is_not_implemented) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    vm.lock_acquire(&mutex, None)?;
    vm.touch_write(&items, Part::Whole);
    let item = items.borrow_mut::<Deque>(vm).and_then(Deque::take_first);
    vm.lock_release(&mutex)?;
    Ok(item.unwrap_or(Value::NOT_IMPLEMENTED))
}
