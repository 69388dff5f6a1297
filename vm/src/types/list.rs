//! `list`.
//!
//! Whatever may run Python (a comparison, `__index__`, an iterator) may change the list meanwhile; so indices are resolved after it.
//! Values taken out of a list are dropped after the borrow has ended.

use crate::error::{Exc, PyResult};
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Kind, Payload, layout_of};
use crate::op::CmpOp;
use crate::probe::Part;
use crate::types::T;
use crate::types::generic_alias::class_getitem;
use crate::types::iterators::ListRevIter;
use crate::types::native::{NativeDef, class_method, method, static_method};
use crate::types::range::RangeIter;
use crate::types::seq;
use crate::types::slice::{self, Slice, Span};
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use std::cell::Cell;

/// The payload of `list`.
#[derive(Default)]
pub struct List {
    items: Vec<Value>,
}

impl List {
    /// From its items.
    pub fn new(items: Vec<Value>) -> List {
        List { items }
    }
    /// The items.
    #[inline(always)]
    pub fn items(&self) -> &[Value] {
        &self.items
    }
    /// The items, to be changed.
    #[inline(always)]
    pub fn items_mut(&mut self) -> &mut Vec<Value> {
        &mut self.items
    }
}

impl Payload for List {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const KIND: Kind = Kind::List;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.items.iter().for_each(visit);
    }
    fn clear(&mut self) {
        self.items = Vec::new();
    }
    fn outside(&self) -> usize {
        self.items.capacity() * size_of::<Value>()
    }
    fn clone_in(&self, c: &mut Cloner) -> List {
        List { items: c.values(&self.items) }
    }
}

/// The items of a list value.
#[inline(always)]
fn items<'a>(vm: &'a Vm, v: &'a Value) -> &'a [Value] {
    v.borrow::<List>(vm).expect("a list").items()
}
/// The items of a list value, to be changed.
#[inline(always)]
fn items_mut<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut Vec<Value> {
    v.borrow_mut::<List>(vm).expect("a list").items_mut()
}

// --- making -------------------------------------------------------------------------------------------------

fn list_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_of(&args[0], List::default()))
}
fn list_init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let this = &args[0];
    vm.touch_write(this, Part::Whole);
    drop(std::mem::take(items_mut(vm, this)));
    if !args[1].is_null() {
        extend(vm, this, &args[1])?;
    }
    Ok(Value::NONE)
}

/// `list.extend`: appends item by item, as the iterable gives them.
pub fn extend(vm: &mut Vm, list: &Value, other: &Value) -> PyResult<()> {
    vm.touch_write(list, Part::Whole);
    if let Some(more) = vm.exact_items(other) {
        let own = items_mut(vm, list);
        if own.is_empty() {
            *own = more;
        } else {
            own.extend(more);
        }
        return Ok(());
    }
    let it = vm.iter(other)?;
    if let Some(r) = it.get::<RangeIter>() {
        let mut more = seq::room(vm, Some(r.left.get() as usize))?;
        more.extend(std::iter::from_fn(|| r.step()));
        items_mut(vm, list).extend(more);
        return Ok(());
    }
    let hint = vm.length_hint(other)?.min(1 << 16);
    items_mut(vm, list).reserve(hint);
    while let Some(item) = vm.next(&it)? {
        items_mut(vm, list).push(item);
    }
    Ok(())
}

// --- adding and removing ------------------------------------------------------------------------------------

fn list_append(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.touch_write(&args[0], Part::Whole);
    items_mut(vm, &args[0]).push(args[1].clone());
    Ok(Value::NONE)
}
fn list_extend(vm: &mut Vm, args: &[Value]) -> PyResult {
    extend(vm, &args[0], &args[1])?;
    Ok(Value::NONE)
}
fn list_insert(vm: &mut Vm, args: &[Value]) -> PyResult {
    let i = vm.to_isize(&args[1]).map_err(|e| overflow(vm, e))?;
    vm.touch_write(&args[0], Part::Whole);
    let items = items_mut(vm, &args[0]);
    let len = items.len() as isize;
    let at = if i < 0 { (i + len).max(0) } else { i.min(len) };
    items.insert(at as usize, args[2].clone());
    Ok(Value::NONE)
}
/// CPython's argument parser says OverflowError where a subscript says IndexError.
fn overflow(vm: &mut Vm, e: crate::error::Raised) -> crate::error::Raised {
    if vm.is_exc(&e, Exc::IndexError) { vm.err(Exc::OverflowError, "Python int too large to convert to C ssize_t") } else { e }
}
fn list_pop(vm: &mut Vm, args: &[Value]) -> PyResult {
    let i = vm.to_isize(&args[1]).map_err(|e| overflow(vm, e))?;
    vm.touch_write(&args[0], Part::Whole);
    let items = items_mut(vm, &args[0]);
    if i == -1 && !items.is_empty() {
        return Ok(items.pop().unwrap_or_default());
    }
    match seq::resolve(i, items.len()) {
        Some(i) => Ok(items.remove(i)),
        None if items.is_empty() => Err(vm.err(Exc::IndexError, "pop from empty list")),
        None => Err(vm.err(Exc::IndexError, "pop index out of range")),
    }
}
fn list_remove(vm: &mut Vm, args: &[Value]) -> PyResult {
    let this = &args[0];
    vm.touch_write(this, Part::Whole);
    match seq::find(vm, this, 0, usize::MAX, &args[1])? {
        Some(i) => {
            let items = items_mut(vm, this);
            // the comparison may have shortened the list
            let removed = if i < items.len() { items.remove(i) } else { Value::NULL };
            drop(removed);
            Ok(Value::NONE)
        }
        None => Err(vm.value_error("list.remove(x): x not in list")),
    }
}
fn list_clear(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.touch_write(&args[0], Part::Whole);
    let old = std::mem::take(items_mut(vm, &args[0]));
    drop(old);
    Ok(Value::NONE)
}
fn list_copy(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.touch_read(&args[0], Part::Whole);
    let items = items(vm, &args[0]).to_vec();
    Ok(vm.new_list(items))
}
fn list_reverse(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.touch_write(&args[0], Part::Whole);
    items_mut(vm, &args[0]).reverse();
    Ok(Value::NONE)
}
fn list_sort(vm: &mut Vm, args: &[Value]) -> PyResult {
    let reverse = vm.truthy(&args[2])?;
    crate::types::sort::sort_list(vm, &args[0], &args[1], reverse)?;
    Ok(Value::NONE)
}

// --- looking ------------------------------------------------------------------------------------------------

fn list_len(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.touch_read(&args[0], Part::Whole);
    Ok(Value::small_wrap(items(vm, &args[0]).len() as i64))
}
fn list_contains(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.touch_read(&args[0], Part::Whole);
    Ok(Value::bool(seq::find(vm, &args[0], 0, usize::MAX, &args[1])?.is_some()))
}
fn list_index(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.touch_read(&args[0], Part::Whole);
    seq_index(vm, args, |vm, x| {
        let shown = vm.repr_text(x)?;
        Err(vm.value_error(format!("{shown} is not in list")))
    })
}
/// `index(self, value, start, stop)` of lists and tuples.
pub(crate) fn seq_index(vm: &mut Vm, args: &[Value], missing: impl FnOnce(&mut Vm, &Value) -> PyResult) -> PyResult {
    let start = slice_bound(vm, &args[2])?;
    let stop = slice_bound(vm, &args[3])?;
    let len = seq::items(vm, &args[0]).len() as isize;
    let fit = |i: isize| (if i < 0 { i.saturating_add(len).max(0) } else { i }) as usize;
    match seq::find(vm, &args[0], fit(start), fit(stop), &args[1])? {
        Some(i) => Ok(Value::small_wrap(i as i64)),
        None => missing(vm, &args[1]),
    }
}
fn slice_bound(vm: &mut Vm, v: &Value) -> PyResult<isize> {
    if !seq::is_index(vm, v) {
        return Err(vm.type_error("slice indices must be integers or have an __index__ method"));
    }
    vm.to_isize_clamped(v)
}
fn list_count(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.touch_read(&args[0], Part::Whole);
    let n = seq::count(vm, &args[0], &args[1])?;
    Ok(Value::small_wrap(n as i64))
}
fn list_iter(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_list_iter(&args[0]))
}
fn list_reversed(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.touch_read(&args[0], Part::Whole);
    let n = items(vm, &args[0]).len();
    Ok(vm.new_object(T::ListRevIter, ListRevIter { list: args[0].clone(), index: Cell::new(n) }))
}
fn list_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.touch_read(&args[0], Part::Whole);
    seq::repr(vm, &args[0], "[", "]")
}
fn list_sizeof(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = args[0].borrow_mut::<List>(vm).expect("a list").items.capacity();
    Ok(Value::small_wrap(40 + 8 * n as i64))
}

// --- items --------------------------------------------------------------------------------------------------

#[inline]
fn list_getitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (this, key) = (&args[0], &args[1]);
    if let Some(s) = key.get::<Slice>() {
        let raw = slice::unpack(vm, s)?;
        vm.touch_read(this, Part::Whole);
        let items = items(vm, this);
        let taken = slice::adjust(items.len(), raw).take(items);
        return Ok(vm.new_list(taken));
    }
    let i = seq::subscript(vm, "list", key)?;
    vm.touch_read(this, Part::Index(i as i64));
    let items = items(vm, this);
    match seq::resolve(i, items.len()) {
        Some(i) => Ok(items[i].clone()),
        None => Err(vm.err(Exc::IndexError, "list index out of range")),
    }
}
fn list_setitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (this, key) = (&args[0], &args[1]);
    if let Some(s) = key.get::<Slice>() {
        set_slice(vm, this, s, &args[2])?;
        return Ok(Value::NONE);
    }
    let i = seq::subscript(vm, "list", key)?;
    vm.touch_write(this, Part::Index(i as i64));
    let items = items_mut(vm, this);
    match seq::resolve(i, items.len()) {
        Some(i) => {
            let old = std::mem::replace(&mut items[i], args[2].clone());
            drop(old);
            Ok(Value::NONE)
        }
        None => Err(vm.err(Exc::IndexError, "list assignment index out of range")),
    }
}
fn list_delitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (this, key) = (&args[0], &args[1]);
    if let Some(s) = key.get::<Slice>() {
        let raw = slice::unpack(vm, s)?;
        vm.touch_write(this, Part::Whole);
        let items = items_mut(vm, this);
        let span = slice::adjust(items.len(), raw);
        let removed = remove_span(items, span);
        drop(removed);
        return Ok(Value::NONE);
    }
    let i = seq::subscript(vm, "list", key)?;
    vm.touch_write(this, Part::Whole);
    let items = items_mut(vm, this);
    match seq::resolve(i, items.len()) {
        Some(i) => {
            let removed = items.remove(i);
            drop(removed);
            Ok(Value::NONE)
        }
        None => Err(vm.err(Exc::IndexError, "list assignment index out of range")),
    }
}

/// Removes the items of a span, in one pass; gives them back.
fn remove_span(items: &mut Vec<Value>, span: Span) -> Vec<Value> {
    if span.count == 0 {
        return Vec::new();
    }
    if span.step == 1 {
        return items.drain(span.range()).collect();
    }
    let mut removed = Vec::with_capacity(span.count);
    let step = span.step.unsigned_abs();
    let last = (span.start + (span.count as isize - 1) * span.step) as usize;
    let first = if span.step < 0 { last } else { span.start as usize };
    let mut i = 0;
    items.retain_mut(|v| {
        let dead = i >= first && (i - first) % step == 0 && (i - first) / step < span.count;
        i += 1;
        if dead {
            removed.push(v.take());
        }
        !dead
    });
    removed
}

fn set_slice(vm: &mut Vm, this: &Value, s: &Slice, value: &Value) -> PyResult<()> {
    let raw = slice::unpack(vm, s)?;
    let plain = raw.2 == 1;
    let new = assigned_items(vm, value, if plain { "can only assign an iterable" } else { "must assign iterable to extended slice" })?;
    vm.touch_write(this, Part::Whole);
    let items = items_mut(vm, this);
    // collecting the new items may have changed the list
    let span = slice::adjust(items.len(), raw);
    if plain {
        let old: Vec<Value> = items.splice(span.range(), new).collect();
        drop(old);
        return Ok(());
    }
    if new.len() != span.count {
        let text = format!("attempt to assign sequence of size {} to extended slice of size {}", new.len(), span.count);
        return Err(vm.value_error(text));
    }
    let old: Vec<Value> = span.indices().zip(new).map(|(i, v)| std::mem::replace(&mut items[i], v)).collect();
    drop(old);
    Ok(())
}
fn assigned_items(vm: &mut Vm, value: &Value, text: &str) -> PyResult<Vec<Value>> {
    if let Some(items) = vm.exact_items(value) {
        return Ok(items);
    }
    let it = match vm.iter(value) {
        Ok(it) => it,
        Err(e) if vm.is_exc(&e, Exc::TypeError) => return Err(vm.type_error(text)),
        Err(e) => return Err(e),
    };
    vm.collect(&it)
}

// --- operators ----------------------------------------------------------------------------------------------

fn list_add(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[1].is_a::<List>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    vm.touch_read(&args[0], Part::Whole);
    vm.touch_read(&args[1], Part::Whole);
    let n = items(vm, &args[0]).len() + items(vm, &args[1]).len();
    let mut all = seq::room(vm, Some(n))?;
    all.extend_from_slice(items(vm, &args[0]));
    all.extend_from_slice(items(vm, &args[1]));
    Ok(vm.new_list(all))
}
fn list_iadd(vm: &mut Vm, args: &[Value]) -> PyResult {
    extend(vm, &args[0], &args[1])?;
    Ok(args[0].clone())
}
fn list_mul(vm: &mut Vm, args: &[Value]) -> PyResult {
    let Some(n) = seq::repeat_count(vm, &args[1])? else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    vm.touch_read(&args[0], Part::Whole);
    let all = seq::repeated(vm, &args[0], n)?;
    Ok(vm.new_list(all))
}
fn list_imul(vm: &mut Vm, args: &[Value]) -> PyResult {
    let Some(n) = seq::repeat_count(vm, &args[1])? else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    vm.touch_write(&args[0], Part::Whole);
    let all = seq::repeated(vm, &args[0], n)?;
    let old = std::mem::replace(items_mut(vm, &args[0]), all);
    drop(old);
    Ok(args[0].clone())
}
fn compare(vm: &mut Vm, op: CmpOp, args: &[Value]) -> PyResult {
    if !args[1].is_a::<List>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    vm.touch_read(&args[0], Part::Whole);
    vm.touch_read(&args[1], Part::Whole);
    seq::compare(vm, op, &args[0], &args[1])
}
fn list_lt(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Lt, args)
}
fn list_le(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Le, args)
}
fn list_eq(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Eq, args)
}
fn list_ne(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Ne, args)
}
fn list_gt(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Gt, args)
}
fn list_ge(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Ge, args)
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, ...)", list_new),
    method("__init__(self, iterable=NULL, /)", list_init),
    method("__repr__(self, /)", list_repr),
    method("__len__(self, /)", list_len),
    method("__getitem__(self, index, /)", list_getitem).doc("Return self[index]."),
    method("__setitem__(self, key, value, /)", list_setitem),
    method("__delitem__(self, key, /)", list_delitem),
    method("__contains__(self, key, /)", list_contains),
    method("__iter__(self, /)", list_iter),
    method("__reversed__(self, /)", list_reversed).doc("Return a reverse iterator over the list."),
    method("__add__(self, value, /)", list_add),
    method("__iadd__(self, value, /)", list_iadd),
    method("__mul__(self, value, /)", list_mul),
    method("__rmul__(self, value, /)", list_mul),
    method("__imul__(self, value, /)", list_imul),
    method("__lt__(self, value, /)", list_lt),
    method("__le__(self, value, /)", list_le),
    method("__eq__(self, value, /)", list_eq),
    method("__ne__(self, value, /)", list_ne),
    method("__gt__(self, value, /)", list_gt),
    method("__ge__(self, value, /)", list_ge),
    method("__sizeof__(self, /)", list_sizeof).doc("Return the size of the list in memory, in bytes."),
    class_method("__class_getitem__(cls, object, /)", class_getitem).doc("See PEP 585"),
    method("append(self, object, /)", list_append).doc("Append object to the end of the list."),
    method("clear(self, /)", list_clear).doc("Remove all items from list."),
    method("copy(self, /)", list_copy).doc("Return a shallow copy of the list."),
    method("count(self, value, /)", list_count).doc("Return number of occurrences of value."),
    method("extend(self, iterable, /)", list_extend).doc("Extend list by appending elements from the iterable."),
    method("index(self, value, start=0, stop=140737488355327, /)", list_index)
        .doc("Return first index of value.\n\nRaises ValueError if the value is not present."),
    method("insert(self, index, object, /)", list_insert).doc("Insert object before index."),
    method("pop(self, index=-1, /)", list_pop)
        .doc("Remove and return item at index (default last).\n\nRaises IndexError if list is empty or index is out of range."),
    method("remove(self, value, /)", list_remove).doc("Remove first occurrence of value.\n\nRaises ValueError if the value is not present."),
    method("reverse(self, /)", list_reverse).doc("Reverse *IN PLACE*."),
    method("sort(self, /, *, key=None, reverse=False)", list_sort).doc("Sort the list in ascending order and return None."),
];

/// `list`
pub static DEF: TypeDef = TypeDef::new("list", layout_of::<List>())
    .flags(flags::BASE | flags::SEQUENCE | flags::MATCH_SELF)
    .methods(METHODS)
    .doc("Built-in mutable sequence.\n\nIf no argument is given, the constructor creates a new empty list.\nThe argument must be an iterable if specified.");
