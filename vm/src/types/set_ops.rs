//! What sets do with each other, with dicts and with other iterables. The order of steps is CPython's (`Objects/setobject.c`), because the order
//! of iteration follows from it.

use crate::error::{Exc, PyResult};
use crate::probe::Part;
use crate::types::T;
use crate::types::dict::Dict;
use crate::types::set_table::{Found, Set, Slot};
use crate::value::Value;
use crate::vm::Vm;

pub(crate) fn table<'a>(vm: &'a Vm, v: &'a Value) -> &'a Set {
    v.borrow::<Set>(vm).expect("a set")
}
pub(crate) fn table_mut<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut Set {
    v.borrow_mut::<Set>(vm).expect("a set")
}
/// Exactly a dict: its keys may be taken with their hashes.
fn is_dict(vm: &Vm, v: &Value) -> bool {
    v.type_of(vm).is(vm.ty(T::Dict))
}
/// The keys of a set or dict as they are now.
fn entries(vm: &mut Vm, v: &Value) -> Vec<Slot> {
    vm.touch_read(v, Part::Whole);
    match v.borrow::<Dict>(vm) {
        Some(d) => d.iter().map(|(k, _)| Slot { key: k.value.clone(), hash: k.hash }).collect(),
        None => table(vm, v).entries(),
    }
}

/// The keys of an exact set, frozenset or dict with their hashes, which need not be asked for again.
pub fn known_hashes(vm: &mut Vm, v: &Value) -> Option<Vec<Slot>> {
    let plain = !v.class(vm).has(crate::types::type_::flags::HEAP) && (v.is_a::<Set>() || v.is_a::<Dict>());
    plain.then(|| entries(vm, v))
}

/// The slot of a key, or where it would go; asks Python's `__eq__` where needed, which may change the set meanwhile.
#[inline]
fn locate(vm: &mut Vm, set: &Value, hash: i64, key: &Value) -> PyResult<Result<usize, Option<usize>>> {
    match table(vm, set).find(hash, key) {
        Found::At(i) => Ok(Ok(i)),
        Found::No(i) => Ok(Err(Some(i))),
        Found::Ask(_) => locate_asking(vm, set, hash, key),
    }
}
#[cold]
fn locate_asking(vm: &mut Vm, set: &Value, hash: i64, key: &Value) -> PyResult<Result<usize, Option<usize>>> {
    let mut asked: Vec<Value> = Vec::new();
    'again: loop {
        let candidates = match table(vm, set).find(hash, key) {
            Found::At(i) => return Ok(Ok(i)),
            Found::No(i) => return Ok(Err(Some(i))),
            Found::Ask(c) => c,
        };
        let changes = table(vm, set).changes();
        for (i, candidate) in candidates {
            if asked.iter().any(|a| a.is(&candidate)) {
                continue;
            }
            let same = vm.eq(&candidate, key)?;
            if !table(vm, set).holds_at(i, &candidate) {
                asked.clear();
                continue 'again;
            }
            if same {
                return Ok(Ok(i));
            }
            asked.push(candidate);
        }
        if table(vm, set).changes() == changes {
            return Ok(Err(None));
        }
    }
}
/// Adds a key with its hash; says whether it is new.
pub fn add_entry(vm: &mut Vm, set: &Value, hash: i64, key: &Value) -> PyResult<bool> {
    match locate(vm, set, hash, key)? {
        Ok(_) => return Ok(false),
        Err(Some(slot)) => table_mut(vm, set).insert_at(slot, hash, key.clone()),
        Err(None) => table_mut(vm, set).insert_new(hash, key.clone()),
    }
    Ok(true)
}
/// Removes a key with its hash; says whether it was there.
pub fn discard_entry(vm: &mut Vm, set: &Value, hash: i64, key: &Value) -> PyResult<bool> {
    match locate(vm, set, hash, key)? {
        Ok(slot) => {
            let old = table_mut(vm, set).remove_at(slot);
            drop(old);
            Ok(true)
        }
        Err(_) => Ok(false),
    }
}
/// Whether a key with its hash is there.
pub fn contains_entry(vm: &mut Vm, set: &Value, hash: i64, key: &Value) -> PyResult<bool> {
    Ok(locate(vm, set, hash, key)?.is_ok())
}
/// A key's hash as sets look for it: a set stands for the frozenset of its elements. `None` where the key is no such thing and unhashable.
fn search_hash(vm: &mut Vm, key: &Value) -> PyResult<i64> {
    match vm.hash(key) {
        Err(e) if key.is_a::<Set>() && vm.is_exc(&e, Exc::TypeError) => {
            table(vm, key).hash.set(-1);
            Ok(table(vm, key).frozen_hash())
        }
        r => r,
    }
}

impl Vm {
    /// A set of these keys, added in order.
    pub fn new_set(&mut self, keys: &[Value]) -> PyResult {
        let set = self.new_object(T::Set, Set::default());
        for key in keys {
            self.set_add(&set, key)?;
        }
        Ok(set)
    }
    /// A frozenset of these keys, added in order.
    pub fn new_frozenset(&mut self, keys: &[Value]) -> PyResult {
        let set = self.new_object(T::FrozenSet, Set::default());
        for key in keys {
            self.set_add(&set, key)?;
        }
        Ok(set)
    }
    /// `set.add(key)`; says whether the key is new. Also fills frozensets that nobody has seen yet.
    pub fn set_add(&mut self, set: &Value, key: &Value) -> PyResult<bool> {
        let hash = self.hash(key)?;
        self.touch_write(set, Part::Hash(hash));
        add_entry(self, set, hash, key)
    }
    /// `key in set`
    pub fn set_contains(&mut self, set: &Value, key: &Value) -> PyResult<bool> {
        let hash = search_hash(self, key)?;
        self.touch_read(set, Part::Hash(hash));
        contains_entry(self, set, hash, key)
    }
    /// `set.discard(key)`; says whether it was there.
    pub fn set_discard(&mut self, set: &Value, key: &Value) -> PyResult<bool> {
        let hash = search_hash(self, key)?;
        self.touch_write(set, Part::Hash(hash));
        discard_entry(self, set, hash, key)
    }
    /// `set.update(other)`
    pub fn set_update(&mut self, set: &Value, other: &Value) -> PyResult<()> {
        self.touch_write(set, Part::Whole);
        if other.is_a::<Set>() {
            return merge(self, set, other);
        }
        if is_dict(self, other) {
            let keys = entries(self, other);
            table_mut(self, set).make_room(keys.len());
            return add_all(self, set, keys);
        }
        self.for_each(other, |vm, key| vm.set_add(set, &key).map(drop))
    }
    /// The elements of a set as they are now, in the order of iteration.
    pub fn set_items(&mut self, set: &Value) -> Vec<Value> {
        entries(self, set).into_iter().map(|s| s.key).collect()
    }
}

fn add_all(vm: &mut Vm, set: &Value, keys: Vec<Slot>) -> PyResult<()> {
    for s in keys {
        add_entry(vm, set, s.hash, &s.key)?;
    }
    Ok(())
}
/// Adds all keys of another set.
fn merge(vm: &mut Vm, set: &Value, other: &Value) -> PyResult<()> {
    vm.touch_read(other, Part::Whole);
    let more = table(vm, other).len();
    if set.is(other) || more == 0 {
        return Ok(());
    }
    table_mut(vm, set).make_room(more);
    if table(vm, set).is_empty() && fill(vm, set, other) {
        return Ok(());
    }
    let keys = entries(vm, other);
    add_all(vm, set, keys)
}
fn fill(vm: &mut Vm, set: &Value, other: &Value) -> bool {
    // the set is taken out so that both can be borrowed; it is put back at once
    let mut own = std::mem::take(table_mut(vm, set));
    let filled = own.fill_from(table(vm, other));
    *table_mut(vm, set) = own;
    filled
}

/// Whether results of `base` are frozensets (subclasses give plain sets and frozensets).
fn is_frozen(vm: &Vm, v: &Value) -> bool {
    v.class(vm).is_subtype_of(vm.ty(T::FrozenSet))
}
/// An empty set of the kind of `base`.
pub fn empty_like(vm: &mut Vm, base: &Value) -> Value {
    let t = if is_frozen(vm, base) { T::FrozenSet } else { T::Set };
    vm.new_object(t, Set::default())
}
/// A set of the kind of `base` with the keys of `from`.
pub fn copy_like(vm: &mut Vm, base: &Value, from: &Value) -> PyResult {
    let new = empty_like(vm, base);
    vm.set_update(&new, from)?;
    Ok(new)
}
/// `set.copy()`
pub fn copy(vm: &mut Vm, set: &Value) -> PyResult {
    if set.type_of(vm).is(vm.ty(T::FrozenSet)) {
        return Ok(set.clone());
    }
    copy_like(vm, set, set)
}

/// `so & other`
pub fn intersection(vm: &mut Vm, so: &Value, other: &Value) -> PyResult {
    if so.is(other) {
        return copy(vm, so);
    }
    let result = empty_like(vm, so);
    if other.is_a::<Set>() {
        vm.touch_read(so, Part::Whole);
        let (small, large) = if table(vm, other).len() > table(vm, so).len() { (so, other) } else { (other, so) };
        for s in entries(vm, small) {
            if contains_entry(vm, large, s.hash, &s.key)? {
                add_entry(vm, &result, s.hash, &s.key)?;
            }
        }
        return Ok(result);
    }
    vm.touch_read(so, Part::Whole);
    let it = vm.iter(other)?;
    while let Some(key) = vm.next(&it)? {
        let hash = vm.hash(&key)?;
        if contains_entry(vm, so, hash, &key)? {
            add_entry(vm, &result, hash, &key)?;
            if table(vm, &result).len() >= table(vm, so).len() {
                break;
            }
        }
    }
    Ok(result)
}
/// `so.intersection(*others)`
pub fn intersection_all(vm: &mut Vm, so: &Value, others: &[Value]) -> PyResult {
    let Some((first, rest)) = others.split_first() else { return copy(vm, so) };
    let mut result = intersection(vm, so, first)?;
    for other in rest {
        result = intersection(vm, &result, other)?;
    }
    Ok(result)
}
/// Gives `set` the contents of `new`, a set that nobody else knows.
pub fn become_set(vm: &mut Vm, set: &Value, new: &Value) {
    vm.touch_write(set, Part::Whole);
    let mut taken = std::mem::take(table_mut(vm, new));
    table_mut(vm, set).swap(&mut taken);
    drop(taken);
}

/// `so - other`
pub fn difference(vm: &mut Vm, so: &Value, other: &Value) -> PyResult {
    vm.touch_read(so, Part::Whole);
    let size = match other.borrow::<Set>(vm) {
        Some(s) => Some(s.len()),
        None if is_dict(vm, other) => other.borrow::<Dict>(vm).map(Dict::len),
        None => None,
    };
    let size = match size {
        Some(size) if table(vm, so).len() >> 2 <= size => size,
        _ => {
            let result = copy_like(vm, so, so)?;
            difference_update(vm, &result, other)?;
            return Ok(result);
        }
    };
    debug_assert!(size * 4 + 4 > table(vm, so).len());
    vm.touch_read(other, Part::Whole);
    let result = empty_like(vm, so);
    for s in entries(vm, so) {
        let there = if other.is_a::<Set>() { contains_entry(vm, other, s.hash, &s.key)? } else { vm.dict_find(other, s.hash, &s.key)?.is_some() };
        if !there {
            add_entry(vm, &result, s.hash, &s.key)?;
        }
    }
    Ok(result)
}
/// `so -= other`
pub fn difference_update(vm: &mut Vm, so: &Value, other: &Value) -> PyResult<()> {
    vm.touch_write(so, Part::Whole);
    if so.is(other) {
        let old = table_mut(vm, so).take_all();
        drop(old);
        return Ok(());
    }
    if other.is_a::<Set>() {
        // where the other is much larger, only what both have can matter
        let common = if table(vm, other).len() >> 3 > table(vm, so).len() { intersection(vm, so, other)? } else { other.clone() };
        for s in entries(vm, &common) {
            discard_entry(vm, so, s.hash, &s.key)?;
        }
    } else {
        let it = vm.iter(other)?;
        while let Some(key) = vm.next(&it)? {
            let hash = vm.hash(&key)?;
            discard_entry(vm, so, hash, &key)?;
        }
    }
    table_mut(vm, so).tidy();
    Ok(())
}

/// `so ^= other`
pub fn symmetric_difference_update(vm: &mut Vm, so: &Value, other: &Value) -> PyResult<()> {
    vm.touch_write(so, Part::Whole);
    if so.is(other) {
        let old = table_mut(vm, so).take_all();
        drop(old);
        return Ok(());
    }
    let keys = if other.is_a::<Set>() || is_dict(vm, other) {
        entries(vm, other)
    } else {
        let others = copy_like(vm, so, other)?;
        entries(vm, &others)
    };
    for s in keys {
        if !discard_entry(vm, so, s.hash, &s.key)? {
            add_entry(vm, so, s.hash, &s.key)?;
        }
    }
    Ok(())
}
/// `so ^ other`
pub fn symmetric_difference(vm: &mut Vm, so: &Value, other: &Value) -> PyResult {
    let result = copy_like(vm, so, other)?;
    symmetric_difference_update(vm, &result, so)?;
    Ok(result)
}

/// `so <= other`
pub fn is_subset(vm: &mut Vm, so: &Value, other: &Value) -> PyResult<bool> {
    vm.touch_read(so, Part::Whole);
    if !other.is_a::<Set>() {
        let common = intersection(vm, so, other)?;
        return Ok(table(vm, &common).len() == table(vm, so).len());
    }
    vm.touch_read(other, Part::Whole);
    if table(vm, so).len() > table(vm, other).len() {
        return Ok(false);
    }
    for s in entries(vm, so) {
        if !contains_entry(vm, other, s.hash, &s.key)? {
            return Ok(false);
        }
    }
    Ok(true)
}
/// `so >= other`
pub fn is_superset(vm: &mut Vm, so: &Value, other: &Value) -> PyResult<bool> {
    if other.is_a::<Set>() {
        return is_subset(vm, other, so);
    }
    let it = vm.iter(other)?;
    while let Some(key) = vm.next(&it)? {
        if !vm.set_contains(so, &key)? {
            return Ok(false);
        }
    }
    Ok(true)
}
/// Whether two have no key in common.
pub fn is_disjoint(vm: &mut Vm, so: &Value, other: &Value) -> PyResult<bool> {
    vm.touch_read(so, Part::Whole);
    if so.is(other) {
        return Ok(table(vm, so).is_empty());
    }
    if other.is_a::<Set>() {
        let (small, large) = if table(vm, other).len() > table(vm, so).len() { (so, other) } else { (other, so) };
        for s in entries(vm, small) {
            if contains_entry(vm, large, s.hash, &s.key)? {
                return Ok(false);
            }
        }
        return Ok(true);
    }
    let it = vm.iter(other)?;
    while let Some(key) = vm.next(&it)? {
        let hash = vm.hash(&key)?;
        if contains_entry(vm, so, hash, &key)? {
            return Ok(false);
        }
    }
    Ok(true)
}
/// `so == other`
pub fn equal(vm: &mut Vm, so: &Value, other: &Value) -> PyResult<bool> {
    if table(vm, so).len() != table(vm, other).len() {
        return Ok(false);
    }
    let (a, b) = (table(vm, so).hash.get(), table(vm, other).hash.get());
    if a != -1 && b != -1 && a != b {
        return Ok(false);
    }
    is_subset(vm, so, other)
}
