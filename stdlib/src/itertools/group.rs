//! `groupby` and `tee`: iterators that share a source.

use super::{iterator, state};
use crate::payload::payload;
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::layout_of;
use gilbert_vm::types::iterators::self_iter;
use gilbert_vm::types::native::{method, static_method};
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

struct GroupBy {
    it: Value,
    key: Value,
    /// The key of the group that was given last; absent before the first.
    target: Value,
    /// Key and value of the item read last, absent once it was given.
    current_key: Value,
    current: Value,
    /// The number of the group in use; groups of other numbers have ended.
    number: u64,
}
struct Group {
    parent: Value,
    target: Value,
    number: u64,
}
/// One item that the iterators of a `tee` share, and the node after it. The last node has no item yet.
struct Node {
    source: Value,
    item: Value,
    next: Value,
    fetching: bool,
}
struct Tee {
    node: Value,
}
payload!(GroupBy { one: [it, key, target, current_key, current], many: [], plain: [number] });
payload!(Group { one: [parent, target], many: [], plain: [number] });
payload!(Node { one: [source, item, next], many: [], plain: [fetching] });
payload!(Tee { one: [node], many: [], plain: [] });

pub const TYPES: &[&TypeDef] = &[&GROUP_BY, &GROUP, &TEE];

static GROUP_BY: TypeDef = iterator::<GroupBy>(
    "itertools.groupby",
    &[static_method("__new__(cls, iterable, key=None)", groupby_new), method("__iter__(self, /)", self_iter), method("__next__(self, /)", groupby_next)],
    "make an iterator that returns consecutive keys and groups from the iterable",
);
static GROUP: TypeDef = TypeDef::new("itertools._grouper", layout_of::<Group>())
    .flags(flags::NO_NEW)
    .methods(&[method("__iter__(self, /)", self_iter), method("__next__(self, /)", group_next)]);
static NODE: TypeDef = TypeDef::new("itertools._tee_dataobject", layout_of::<Node>()).flags(flags::NO_NEW);
static TEE: TypeDef = iterator::<Tee>(
    "itertools._tee",
    &[
        static_method("__new__(cls, iterable, /)", tee_new),
        method("__iter__(self, /)", self_iter),
        method("__next__(self, /)", tee_next),
        method("__copy__(self, /)", tee_copy).doc("Returns an independent iterator."),
    ],
    "Iterator wrapped to make it copyable.",
);

fn groupby_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = vm.iter(&args[1])?;
    let g = GroupBy { it, key: args[2].clone(), target: Value::NULL, current_key: Value::NULL, current: Value::NULL, number: 0 };
    Ok(vm.new_of(&args[0], g))
}
/// Reads one more item; false at the end.
fn groupby_step(vm: &mut Vm, this: &Value) -> PyResult<bool> {
    let g = state::<GroupBy>(vm, this);
    let (it, key) = (g.it.clone(), g.key.clone());
    let Some(item) = vm.next(&it)? else { return Ok(false) };
    let k = if key.is_none() { item.clone() } else { vm.call(&key, &[item.clone()])? };
    let g = state::<GroupBy>(vm, this);
    g.current = item;
    g.current_key = k;
    Ok(true)
}
fn groupby_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    state::<GroupBy>(vm, &args[0]).number += 1;
    loop {
        let g = state::<GroupBy>(vm, &args[0]);
        let (target, key) = (g.target.clone(), g.current_key.clone());
        if !key.is_null() && (target.is_null() || !vm.eq(&target, &key)?) {
            break;
        }
        if !groupby_step(vm, &args[0])? {
            return Ok(Value::NULL);
        }
    }
    let g = state::<GroupBy>(vm, &args[0]);
    g.target = g.current_key.clone();
    let (key, number) = (g.target.clone(), g.number);
    let group = vm.new_native(&GROUP, Group { parent: args[0].clone(), target: key.clone(), number });
    Ok(vm.new_tuple(vec![key, group]))
}
fn group_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let g = state::<Group>(vm, &args[0]);
    let (parent, target, number) = (g.parent.clone(), g.target.clone(), g.number);
    let p = state::<GroupBy>(vm, &parent);
    if p.number != number {
        return Ok(Value::NULL);
    }
    if p.current.is_null() && !groupby_step(vm, &parent)? {
        return Ok(Value::NULL);
    }
    let key = state::<GroupBy>(vm, &parent).current_key.clone();
    if !vm.eq(&target, &key)? {
        return Ok(Value::NULL);
    }
    let p = state::<GroupBy>(vm, &parent);
    p.current_key = Value::NULL;
    Ok(p.current.take())
}

fn new_node(vm: &mut Vm, source: Value) -> Value {
    vm.new_native(&NODE, Node { source, item: Value::NULL, next: Value::NULL, fetching: false })
}
fn tee_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let node = match args[1].borrow::<Tee>(vm) {
        Some(t) => t.node.clone(),
        None => {
            let source = vm.iter(&args[1])?;
            new_node(vm, source)
        }
    };
    Ok(vm.new_of(&args[0], Tee { node }))
}
fn tee_copy(vm: &mut Vm, args: &[Value]) -> PyResult {
    let node = state::<Tee>(vm, &args[0]).node.clone();
    Ok(vm.new_native(&TEE, Tee { node }))
}
fn tee_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let node = state::<Tee>(vm, &args[0]).node.clone();
    let n = state::<Node>(vm, &node);
    if n.item.is_null() {
        if n.fetching {
            return Err(vm.runtime_error("cannot re-enter the tee iterator"));
        }
        n.fetching = true;
        let source = n.source.clone();
        let item = vm.next(&source);
        state::<Node>(vm, &node).fetching = false;
        let Some(item) = item? else { return Ok(Value::NULL) };
        let next = new_node(vm, source);
        let n = state::<Node>(vm, &node);
        n.item = item;
        n.next = next;
    }
    let n = state::<Node>(vm, &node);
    let (item, next) = (n.item.clone(), n.next.clone());
    let old = std::mem::replace(&mut state::<Tee>(vm, &args[0]).node, next);
    drop(old);
    Ok(item)
}
/// `tee(iterable, n)`
pub fn tee(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = vm.to_isize(&args[1])?;
    if n < 0 {
        return Err(vm.value_error("n must be >= 0"));
    }
    if n as usize > gilbert_vm::types::arith::max_bytes(vm) / 64 {
        return Err(vm.memory_error());
    }
    if n == 0 {
        return Ok(vm.new_tuple(Vec::new()));
    }
    let ty = vm.native_type(&TEE);
    let first = tee_new(vm, &[ty, args[0].clone()])?;
    let mut all = vec![first.clone()];
    for _ in 1..n {
        all.push(tee_copy(vm, std::slice::from_ref(&first))?);
    }
    Ok(vm.new_tuple(all))
}
