//! `deque`: a double-ended queue. Each method is atomic under the GIL.

use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Changes, Cloner, Payload, layout_of};
use gilbert_vm::op::CmpOp;
use gilbert_vm::probe::Part;
use gilbert_vm::types::arith::max_bytes;
use gilbert_vm::types::iterators::self_iter;
use gilbert_vm::types::native::{class_method, getter, method, static_method};
use gilbert_vm::types::seq;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use std::collections::VecDeque;

/// The payload of `deque`.
#[derive(Default)]
pub struct Deque {
    items: VecDeque<Value>,
    max: Option<usize>,
    /// Changes whenever the length does: iterators notice.
    changes: u64,
}

impl Deque {
    /// The first item.
    pub fn first(&self) -> Option<&Value> {
        self.items.front()
    }
    /// Takes the first item out.
    pub fn take_first(&mut self) -> Option<Value> {
        self.changes += 1;
        self.items.pop_front()
    }
    /// Adds an item at the end; drops the first one where the deque is full.
    pub fn add_last(&mut self, v: Value) {
        drop(self.push_back(v));
    }
}

impl Payload for Deque {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.items.iter().for_each(visit);
    }
    fn clear(&mut self) {
        self.items = VecDeque::new();
    }
    fn outside(&self) -> usize {
        self.items.capacity() * size_of::<Value>()
    }
    fn clone_in(&self, c: &mut Cloner) -> Deque {
        Deque { items: self.items.iter().map(|v| c.value(v)).collect(), max: self.max, changes: self.changes }
    }
}

/// The payload of deque iterators, in both directions.
struct DequeIter {
    deque: Value,
    index: usize,
    changes: u64,
}
crate::payload::payload!(DequeIter { one: [deque], many: [], plain: [index, changes] });

/// `collections.deque`
pub static DEQUE: TypeDef = TypeDef::new("collections.deque", layout_of::<Deque>())
    .flags(flags::BASE | flags::SEQUENCE)
    .doc("A list-like sequence optimized for data accesses near its endpoints.")
    .methods(&[
        static_method("__new__(cls, /, *args, **kwargs)", |vm, a| Ok(vm.new_of(&a[0], Deque::default()))),
        method("__init__(self, iterable=NULL, maxlen=None)", init),
        method("append(self, item, /)", append).doc("Add an element to the right side of the deque."),
        method("appendleft(self, item, /)", appendleft).doc("Add an element to the left side of the deque."),
        method("pop(self, /)", pop).doc("Remove and return the rightmost element."),
        method("popleft(self, /)", popleft).doc("Remove and return the leftmost element."),
        method("extend(self, iterable, /)", extend).doc("Extend the right side of the deque with elements from the iterable."),
        method("extendleft(self, iterable, /)", extendleft).doc("Extend the left side of the deque with elements from the iterable."),
        method("clear(self, /)", clear).doc("Remove all elements from the deque."),
        method("copy(self, /)", copy).doc("Return a shallow copy of a deque."),
        method("__copy__(self, /)", copy).doc("Return a shallow copy of a deque."),
        method("count(self, value, /)", count).doc("Return number of occurrences of value."),
        method("index(self, value, start=0, stop=NULL, /)", index).doc("Return first index of value."),
        method("insert(self, index, value, /)", insert).doc("Insert value before index."),
        method("remove(self, value, /)", remove).doc("Remove first occurrence of value."),
        method("reverse(self, /)", reverse).doc("Reverse *IN PLACE*."),
        method("rotate(self, n=1, /)", rotate).doc("Rotate the deque n steps to the right.  If n is negative, rotates left."),
        method("__len__(self, /)", len),
        method("__bool__(self, /)", |vm, a| Ok(Value::bool(read(vm, &a[0]).items.front().is_some()))),
        method("__getitem__(self, index, /)", getitem),
        method("__setitem__(self, index, value, /)", setitem),
        method("__delitem__(self, index, /)", delitem),
        method("__contains__(self, value, /)", |vm, a| Ok(Value::bool(position(vm, &a[0], &a[1], 0, usize::MAX, "deque mutated during iteration")?.is_some()))),
        method("__iter__(self, /)", |vm, a| iter(vm, &a[0], &ITER)),
        method("__reversed__(self, /)", |vm, a| iter(vm, &a[0], &REV_ITER)),
        method("__add__(self, value, /)", add),
        method("__iadd__(self, value, /)", iadd),
        method("__mul__(self, value, /)", mul),
        method("__rmul__(self, value, /)", mul),
        method("__imul__(self, value, /)", imul),
        method("__lt__(self, value, /)", compare::<{ CmpOp::Lt as u8 }>),
        method("__le__(self, value, /)", compare::<{ CmpOp::Le as u8 }>),
        method("__eq__(self, value, /)", compare::<{ CmpOp::Eq as u8 }>),
        method("__ne__(self, value, /)", compare::<{ CmpOp::Ne as u8 }>),
        method("__gt__(self, value, /)", compare::<{ CmpOp::Gt as u8 }>),
        method("__ge__(self, value, /)", compare::<{ CmpOp::Ge as u8 }>),
        method("__repr__(self, /)", repr),
        method("__reduce__(self, /)", reduce),
        class_method("__class_getitem__(cls, item, /)", crate::functools::class_getitem),
    ])
    .getset(&[getter("maxlen", |vm, v| Ok(read(vm, v).max.map_or(Value::NONE, |m| Value::small_wrap(m as i64))))]);

/// `_collections._deque_iterator`
pub static ITER: TypeDef = TypeDef::new("_collections._deque_iterator", layout_of::<DequeIter>()).methods(&[
    static_method("__new__(cls, deque, index=0, /)", iter_new),
    method("__iter__(self, /)", self_iter),
    method("__next__(self, /)", |vm, a| step(vm, &a[0], false)),
    method("__length_hint__(self, /)", hint),
]);
/// `_collections._deque_reverse_iterator`
pub static REV_ITER: TypeDef = TypeDef::new("_collections._deque_reverse_iterator", layout_of::<DequeIter>()).methods(&[
    static_method("__new__(cls, deque, index=0, /)", iter_new),
    method("__iter__(self, /)", self_iter),
    method("__next__(self, /)", |vm, a| step(vm, &a[0], true)),
    method("__length_hint__(self, /)", hint),
]);

fn read<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a Deque {
    vm.touch_read(v, Part::Whole);
    v.borrow::<Deque>(vm).expect("a deque")
}
fn write<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut Deque {
    vm.touch_write(v, Part::Whole);
    v.borrow_mut::<Deque>(vm).expect("a deque")
}
fn items(vm: &mut Vm, v: &Value) -> Vec<Value> {
    read(vm, v).items.iter().cloned().collect()
}
fn new_like(vm: &mut Vm, v: &Value, items: VecDeque<Value>, max: Option<usize>) -> PyResult {
    let ty = v.type_of(vm).clone();
    if !ty.is(&vm.native_type(&DEQUE)) {
        let list = vm.new_list(items.into());
        return match max {
            Some(m) => vm.call(&ty, &[list, Value::small_wrap(m as i64)]),
            None => vm.call(&ty, &[list]),
        };
    }
    Ok(vm.new_of(&ty, Deque { items, max, changes: 0 }))
}

impl Deque {
    /// Adds at the right end; gives back what falls out at the left.
    fn push_back(&mut self, v: Value) -> Option<Value> {
        self.changes += 1;
        self.items.push_back(v);
        if self.max.is_some_and(|m| self.items.len() > m) { self.items.pop_front() } else { None }
    }
    /// Adds at the left end; gives back what falls out at the right.
    fn push_front(&mut self, v: Value) -> Option<Value> {
        self.changes += 1;
        self.items.push_front(v);
        if self.max.is_some_and(|m| self.items.len() > m) { self.items.pop_back() } else { None }
    }
}

fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let max = if args[2].is_none() {
        None
    } else {
        if !gilbert_vm::builtins::is_int(&args[2]) {
            return Err(vm.type_error("an integer is required"));
        }
        match usize::try_from(vm.to_isize(&args[2])?) {
            Ok(m) => Some(m),
            Err(_) => return Err(vm.value_error("maxlen must be non-negative")),
        }
    };
    let d = write(vm, &args[0]);
    d.max = max;
    d.changes += 1;
    let old = std::mem::take(&mut d.items);
    drop(old);
    if args[1].is_null() { Ok(Value::NONE) } else { extend(vm, &args[..2]) }
}
fn append(vm: &mut Vm, args: &[Value]) -> PyResult {
    let lost = write(vm, &args[0]).push_back(args[1].clone());
    drop(lost);
    Ok(Value::NONE)
}
fn appendleft(vm: &mut Vm, args: &[Value]) -> PyResult {
    let lost = write(vm, &args[0]).push_front(args[1].clone());
    drop(lost);
    Ok(Value::NONE)
}
fn pop(vm: &mut Vm, args: &[Value]) -> PyResult {
    let d = write(vm, &args[0]);
    d.changes += 1;
    d.items.pop_back().ok_or_else(|| empty(vm))
}
fn popleft(vm: &mut Vm, args: &[Value]) -> PyResult {
    let d = write(vm, &args[0]);
    d.changes += 1;
    d.items.pop_front().ok_or_else(|| empty(vm))
}
fn empty(vm: &mut Vm) -> Raised {
    vm.err(Exc::IndexError, "pop from an empty deque")
}
fn extend(vm: &mut Vm, args: &[Value]) -> PyResult {
    if args[0].is(&args[1]) {
        let all = items(vm, &args[0]);
        let list = vm.new_list(all);
        return extend(vm, &[args[0].clone(), list]);
    }
    vm.for_each(&args[1], |vm, item| {
        let lost = write(vm, &args[0]).push_back(item);
        drop(lost);
        Ok(())
    })?;
    Ok(Value::NONE)
}
fn extendleft(vm: &mut Vm, args: &[Value]) -> PyResult {
    if args[0].is(&args[1]) {
        let all = items(vm, &args[0]);
        let list = vm.new_list(all);
        return extendleft(vm, &[args[0].clone(), list]);
    }
    vm.for_each(&args[1], |vm, item| {
        let lost = write(vm, &args[0]).push_front(item);
        drop(lost);
        Ok(())
    })?;
    Ok(Value::NONE)
}
fn clear(vm: &mut Vm, args: &[Value]) -> PyResult {
    let d = write(vm, &args[0]);
    d.changes += 1;
    let old = std::mem::take(&mut d.items);
    drop(old);
    Ok(Value::NONE)
}
fn copy(vm: &mut Vm, args: &[Value]) -> PyResult {
    let d = read(vm, &args[0]);
    let (all, max) = (d.items.clone(), d.max);
    new_like(vm, &args[0], all, max)
}
fn count(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (mut n, mut i) = (0, 0);
    let changes = read(vm, &args[0]).changes;
    while let Some(item) = read(vm, &args[0]).items.get(i).cloned() {
        n += vm.eq(&item, &args[1])? as i64;
        if read(vm, &args[0]).changes != changes {
            return Err(vm.runtime_error("deque mutated during iteration"));
        }
        i += 1;
    }
    Ok(Value::small_wrap(n))
}
fn position(vm: &mut Vm, deque: &Value, v: &Value, start: usize, stop: usize, mutated: &str) -> PyResult<Option<usize>> {
    let changes = read(vm, deque).changes;
    let mut i = start;
    while i < stop {
        let Some(item) = read(vm, deque).items.get(i).cloned() else { break };
        let equal = vm.eq(&item, v)?;
        if read(vm, deque).changes != changes {
            return Err(vm.err(if mutated.contains("remove") { Exc::IndexError } else { Exc::RuntimeError }, mutated));
        }
        if equal {
            return Ok(Some(i));
        }
        i += 1;
    }
    Ok(None)
}
fn bound(vm: &mut Vm, v: &Value, len: usize) -> PyResult<usize> {
    let i = vm.to_isize_clamped(v)?;
    Ok(if i < 0 { (i + len as isize).max(0) as usize } else { (i as usize).min(len) })
}
fn index(vm: &mut Vm, args: &[Value]) -> PyResult {
    let len = read(vm, &args[0]).items.len();
    let start = bound(vm, &args[2], len)?;
    let stop = if args[3].is_null() { len } else { bound(vm, &args[3], len)? };
    match position(vm, &args[0], &args[1], start, stop, "deque mutated during iteration")? {
        Some(i) => Ok(Value::small_wrap(i as i64)),
        None => {
            let shown = vm.repr_text(&args[1])?;
            Err(vm.value_error(format!("{shown} is not in deque")))
        }
    }
}
fn insert(vm: &mut Vm, args: &[Value]) -> PyResult {
    let i = vm.to_isize(&args[1])?;
    let d = write(vm, &args[0]);
    let len = d.items.len();
    if d.max.is_some_and(|m| len >= m) {
        return Err(vm.err(Exc::IndexError, "deque already at its maximum size"));
    }
    let at = if i < 0 { (i + len as isize).max(0) as usize } else { (i as usize).min(len) };
    d.changes += 1;
    d.items.insert(at, args[2].clone());
    Ok(Value::NONE)
}
fn remove(vm: &mut Vm, args: &[Value]) -> PyResult {
    match position(vm, &args[0], &args[1], 0, usize::MAX, "deque mutated during remove().")? {
        Some(i) => {
            let d = write(vm, &args[0]);
            d.changes += 1;
            let old = d.items.remove(i);
            drop(old);
            Ok(Value::NONE)
        }
        None => {
            let shown = vm.repr_text(&args[1])?;
            Err(vm.value_error(format!("{shown} is not in deque")))
        }
    }
}
fn reverse(vm: &mut Vm, args: &[Value]) -> PyResult {
    write(vm, &args[0]).items.make_contiguous().reverse();
    Ok(Value::NONE)
}
fn rotate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = vm.to_isize(&args[1])?;
    let d = write(vm, &args[0]);
    let len = d.items.len() as isize;
    if len > 1 {
        d.changes += 1;
        d.items.rotate_right(n.rem_euclid(len) as usize);
    }
    Ok(Value::NONE)
}
fn len(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::small_wrap(read(vm, &args[0]).items.len() as i64))
}
fn place(vm: &mut Vm, args: &[Value]) -> PyResult<usize> {
    if vm.special(&args[1], gilbert_vm::special::Special::Index).is_none() && !gilbert_vm::builtins::is_int(&args[1]) {
        let name = vm.type_name(&args[1]);
        return Err(vm.type_error(format!("sequence index must be integer, not '{name}'")));
    }
    let i = vm.to_isize(&args[1])?;
    let len = read(vm, &args[0]).items.len();
    seq::resolve(i, len).ok_or_else(|| vm.err(Exc::IndexError, "deque index out of range"))
}
fn getitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    let i = place(vm, args)?;
    Ok(read(vm, &args[0]).items[i].clone())
}
fn setitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    let i = place(vm, args)?;
    let old = std::mem::replace(&mut write(vm, &args[0]).items[i], args[2].clone());
    drop(old);
    Ok(Value::NONE)
}
fn delitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    let i = place(vm, args)?;
    let d = write(vm, &args[0]);
    d.changes += 1;
    let old = d.items.remove(i);
    drop(old);
    Ok(Value::NONE)
}

fn iter(vm: &mut Vm, deque: &Value, def: &'static TypeDef) -> PyResult {
    let changes = read(vm, deque).changes;
    Ok(vm.new_native(def, DequeIter { deque: deque.clone(), index: 0, changes }))
}
fn iter_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let index = vm.to_isize(&args[2])?.max(0) as usize;
    if !args[1].is_a::<Deque>() {
        let name = vm.type_name(&args[1]);
        return Err(vm.type_error(format!("argument 1 must be collections.deque, not {name}")));
    }
    let changes = read(vm, &args[1]).changes;
    Ok(vm.new_of(&args[0], DequeIter { deque: args[1].clone(), index, changes }))
}
fn step(vm: &mut Vm, it: &Value, backwards: bool) -> PyResult {
    let i = it.borrow::<DequeIter>(vm).expect("a deque iterator");
    let (deque, index, changes) = (i.deque.clone(), i.index, i.changes);
    if deque.is_none() {
        return Ok(Value::NULL);
    }
    let d = read(vm, &deque);
    if d.changes != changes {
        it.borrow_mut::<DequeIter>(vm).expect("a deque iterator").deque = Value::NONE;
        return Err(vm.runtime_error("deque mutated during iteration"));
    }
    let item = if backwards { d.items.len().checked_sub(index + 1).and_then(|i| d.items.get(i)) } else { d.items.get(index) }.cloned();
    let i = it.borrow_mut::<DequeIter>(vm).expect("a deque iterator");
    match item {
        Some(v) => {
            i.index += 1;
            Ok(v)
        }
        None => {
            i.deque = Value::NONE;
            Ok(Value::NULL)
        }
    }
}
fn hint(vm: &mut Vm, args: &[Value]) -> PyResult {
    let i = args[0].borrow::<DequeIter>(vm).expect("a deque iterator");
    let (deque, index) = (i.deque.clone(), i.index);
    let len = if deque.is_none() { 0 } else { read(vm, &deque).items.len() };
    Ok(Value::small_wrap(len.saturating_sub(index) as i64))
}

fn add(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[1].is_a::<Deque>() {
        let name = vm.type_name(&args[1]);
        return Err(vm.type_error(format!("can only concatenate deque (not \"{name}\") to deque")));
    }
    let new = copy(vm, &args[..1])?;
    extend(vm, &[new.clone(), args[1].clone()])?;
    Ok(new)
}
fn iadd(vm: &mut Vm, args: &[Value]) -> PyResult {
    extend(vm, args)?;
    Ok(args[0].clone())
}
/// The items `n` times over, of which a bounded deque keeps the last.
fn repeated(vm: &mut Vm, deque: &Value, n: &Value) -> PyResult<VecDeque<Value>> {
    let n = vm.to_isize(n)?.max(0) as usize;
    let all = items(vm, deque);
    let max = read(vm, deque).max;
    let total = all.len().saturating_mul(n);
    let kept = max.map_or(total, |m| m.min(total));
    if kept.saturating_mul(8) > max_bytes(vm) {
        return Err(vm.memory_error());
    }
    Ok((total - kept..total).map(|i| all[i % all.len()].clone()).collect())
}
fn mul(vm: &mut Vm, args: &[Value]) -> PyResult {
    if vm.special(&args[1], gilbert_vm::special::Special::Index).is_none() && !gilbert_vm::builtins::is_int(&args[1]) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let all = repeated(vm, &args[0], &args[1])?;
    let max = read(vm, &args[0]).max;
    new_like(vm, &args[0], all, max)
}
fn imul(vm: &mut Vm, args: &[Value]) -> PyResult {
    let all = repeated(vm, &args[0], &args[1])?;
    let d = write(vm, &args[0]);
    d.changes += 1;
    let old = std::mem::replace(&mut d.items, all);
    drop(old);
    Ok(args[0].clone())
}
fn compare<const OP: u8>(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[1].is_a::<Deque>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (a, b) = (items(vm, &args[0]), items(vm, &args[1]));
    let (a, b) = (vm.new_list(a), vm.new_list(b));
    vm.compare(CmpOp::from_u8(OP), &a, &b)
}
fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.short_type_name(&args[0]);
    let max = read(vm, &args[0]).max;
    if !vm.enter_repr(&args[0]) {
        return Ok(vm.new_str("[...]"));
    }
    let all = items(vm, &args[0]);
    let list = vm.new_list(all);
    let inner = vm.repr_text(&list);
    vm.leave_repr(&args[0]);
    let inner = inner?;
    Ok(vm.new_str(match max {
        Some(m) => format!("{name}({inner}, maxlen={m})"),
        None => format!("{name}({inner})"),
    }))
}
fn reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let ty = args[0].type_of(vm).clone();
    let max = read(vm, &args[0]).max;
    let state = match vm.own_attrs(&args[0]).is_empty() {
        true => Value::NONE,
        false => vm.attr(&args[0], "__dict__")?,
    };
    let given = match max {
        Some(m) => {
            let empty = vm.new_tuple(Vec::new());
            vm.new_tuple(vec![empty, Value::small_wrap(m as i64)])
        }
        None => vm.new_tuple(Vec::new()),
    };
    let it = vm.iter(&args[0])?;
    Ok(vm.new_tuple(vec![ty, given, state, it]))
}
