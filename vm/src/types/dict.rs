//! `dict`, on indexmap: insertion order, one probe for each operation.
//!
//! A deleted key leaves a tombstone (an entry with absent key and value) in place, so deletion never moves entries; when
//! tombstones outnumber the living, the entries are compacted. Keys compare inside the probe where that needs no Python
//! ([`plain_eq`]); where a user's `__eq__` has to decide, the candidates are collected, the borrow ends, Python is called, and the
//! table's version is checked afterwards.

use crate::object::{Changes, Cloner, Kind, Payload};
use crate::types::bytes::Bytes;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::flags;
use crate::value::Value;
use indexmap::IndexMap;
use indexmap::map::raw_entry_v1::{RawEntryApiV1, RawEntryMut};
use std::cell::Cell;
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// A key with its hash. A tombstone has an absent value and a number of its own as hash.
#[derive(Clone)]
pub struct Key {
    /// Python's hash of the key.
    pub hash: i64,
    /// The key; absent for a tombstone.
    pub value: Value,
}

impl Key {
    /// Whether this is the key looked for; sets `ask` where only Python can tell.
    #[inline(always)]
    fn matches(&self, hash: i64, key: &Value, ask: &Cell<bool>) -> bool {
        if self.hash != hash || self.value.is_null() {
            return false;
        }
        plain_eq(&self.value, key).unwrap_or_else(|| {
            ask.set(true);
            false
        })
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        self.hash == other.hash && self.value.is(&other.value)
    }
}
impl Eq for Key {}
impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_i64(self.hash);
    }
}

/// Spreads Python's hash (often a small int) over all bits.
#[derive(Default, Clone)]
pub struct Spread(u64);
impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {
        unreachable!("only hashes of keys are written")
    }
    fn write_i64(&mut self, i: i64) {
        self.0 = spread(i);
    }
}

#[inline(always)]
fn spread(hash: i64) -> u64 {
    (hash as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

type Map = IndexMap<Key, Value, BuildHasherDefault<Spread>>;

/// The payload of `dict`.
#[derive(Default)]
pub struct Dict {
    map: Map,
    /// Tombstones among the entries.
    dead: usize,
    /// Entries before this one are all dead.
    first: Cell<usize>,
    next_tomb: i64,
    /// Names the present set of keys and their places; 0 until an inline cache asks.
    version: Cell<u32>,
    /// Counts changes of keys and values, so an iterator or a comparison can tell.
    changes: u32,
}

/// What a probe found.
pub enum Found {
    /// The entry's index.
    At(usize),
    /// No such key.
    No,
    /// Keys of the same hash that only Python can compare: (index, key).
    Ask(Vec<(usize, Value)>),
}

/// Compares two keys of the same hash where that needs no Python code; `None` where it does.
pub fn plain_eq(a: &Value, b: &Value) -> Option<bool> {
    if a.is(b) {
        return Some(true);
    }
    let (Some(ha), Some(hb)) = (a.header(), b.header()) else {
        return plain_eq_immediate(a, b);
    };
    let (fa, fb) = (ha.type_head().flags.get(), hb.type_head().flags.get());
    if fa & fb & flags::PLAIN_EQ != 0 {
        if ha.kind() != hb.kind() {
            // a big int may equal a complex number
            return if ha.kind() == Kind::Complex as u8 || hb.kind() == Kind::Complex as u8 { None } else { Some(false) };
        }
        if let (Some(x), Some(y)) = (a.get::<Str>(), b.get::<Str>()) {
            return Some(x.bytes() == y.bytes());
        }
        if let (Some(x), Some(y)) = (a.get::<Bytes>(), b.get::<Bytes>()) {
            return Some(x.bytes() == y.bytes());
        }
        if let (Some(x), Some(y)) = (a.get::<Tuple>(), b.get::<Tuple>()) {
            return plain_eq_items(x.items(), y.items());
        }
        return None;
    }
    if fa & fb & flags::IDENTITY_EQ != 0 { Some(false) } else { None }
}

fn plain_eq_items(x: &[Value], y: &[Value]) -> Option<bool> {
    if x.len() != y.len() {
        return Some(false);
    }
    let nested = |v: &Value| v.get::<Tuple>().is_some_and(|t| t.items().iter().any(|i| i.is_a::<Tuple>()));
    for (p, q) in x.iter().zip(y) {
        // deep nesting is left to the general comparison, which checks the stack
        if nested(p) && nested(q) && !p.is(q) {
            return None;
        }
        match plain_eq(p, q) {
            Some(true) => {}
            other => return other,
        }
    }
    Some(true)
}

fn plain_eq_immediate(a: &Value, b: &Value) -> Option<bool> {
    let number = |v: &Value| v.as_small_or_bool().map(|i| i as f64).or(v.as_float());
    match (number(a), number(b)) {
        (Some(x), Some(y)) => Some(x == y),
        // an object against an immediate: big ints never equal small ones, but may equal a float
        _ => {
            let object = if a.is_object() { a } else { b };
            match object.header() {
                None => Some(false),
                Some(h) if h.type_head().flags.get() & (flags::PLAIN_EQ | flags::IDENTITY_EQ) != 0 => {
                    let number = h.kind() == Kind::Complex as u8 || (h.kind() == Kind::BigInt as u8 && (a.is_float() || b.is_float()));
                    if number { None } else { Some(false) }
                }
                Some(_) => None,
            }
        }
    }
}

impl Dict {
    /// An empty dict.
    pub fn new() -> Dict {
        Dict::default()
    }
    /// An empty dict with room.
    pub fn with_capacity(n: usize) -> Dict {
        Dict { map: Map::with_capacity_and_hasher(n, Default::default()), ..Dict::default() }
    }
    /// How many keys.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.map.len() - self.dead
    }
    /// No keys?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// How many entries, tombstones included: the bound of indices.
    pub fn entries(&self) -> usize {
        self.map.len()
    }
    /// Counts every change of the set of keys.
    pub fn changes(&self) -> u32 {
        self.changes
    }
    /// The entry at an index; `None` for a tombstone or beyond the end.
    #[inline]
    pub fn at(&self, index: usize) -> Option<(&Key, &Value)> {
        self.map.get_index(index).filter(|(k, _)| !k.value.is_null())
    }
    /// Whether the entry at an index still has this very key.
    pub fn holds_at(&self, index: usize, key: &Value) -> bool {
        self.map.get_index(index).is_some_and(|(k, _)| k.value.is(key))
    }
    /// The value at an index that a cache remembers, with the version that vouches for it.
    #[inline(always)]
    pub fn value_at(&self, index: usize) -> Option<&Value> {
        self.map.get_index(index).map(|(_, v)| v)
    }
    /// The value at an index, to be overwritten (no change of keys).
    #[inline(always)]
    pub fn value_at_mut(&mut self, index: usize) -> Option<&mut Value> {
        self.map.get_index_mut(index).map(|(_, v)| v)
    }
    /// The first living entry at or after `index`, with its index.
    #[inline]
    pub fn next_from(&self, index: usize) -> Option<(usize, &Key, &Value)> {
        let mut i = index.max(if index == 0 { self.first.get() } else { 0 });
        loop {
            let (k, v) = self.map.get_index(i)?;
            if !k.value.is_null() {
                if index == 0 {
                    self.first.set(i);
                }
                return Some((i, k, v));
            }
            i += 1;
        }
    }
    /// The last living entry before `index`, with its index.
    pub fn prev_before(&self, index: usize) -> Option<(usize, &Key, &Value)> {
        (0..index.min(self.map.len())).rev().find_map(|i| self.at(i).map(|(k, v)| (i, k, v)))
    }
    /// Living entries in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Key, &Value)> {
        self.map.iter().filter(|(k, _)| !k.value.is_null())
    }
    /// The version for inline caches: `fresh` gives a new number where there is none.
    pub fn version(&self, fresh: impl FnOnce() -> u32) -> u32 {
        if self.version.get() == 0 {
            self.version.set(fresh());
        }
        self.version.get()
    }
    /// The version as it stands; 0 if none was asked for since the last change of keys.
    #[inline(always)]
    pub fn version_now(&self) -> u32 {
        self.version.get()
    }
    fn keys_changed(&mut self) {
        self.version.set(0);
        self.changes = self.changes.wrapping_add(1);
    }

    /// Looks a key up.
    #[inline]
    pub fn find(&self, hash: i64, key: &Value) -> Found {
        let ask = Cell::new(false);
        let found = self.map.raw_entry_v1().index_from_hash(spread(hash), |k| k.matches(hash, key, &ask));
        match found {
            Some(i) => Found::At(i),
            None if ask.get() => Found::Ask(self.same_hash(hash)),
            None => Found::No,
        }
    }
    fn same_hash(&self, hash: i64) -> Vec<(usize, Value)> {
        let found = std::cell::RefCell::new(Vec::new());
        self.map.raw_entry_v1().index_from_hash(spread(hash), |k| {
            if k.hash == hash && !k.value.is_null() {
                found.borrow_mut().push(k.value.clone());
            }
            false
        });
        let place = |v: Value| (self.map.get_index_of(&Key { hash, value: v.clone() }).expect("just seen"), v);
        let mut all: Vec<(usize, Value)> = found.into_inner().into_iter().map(place).collect();
        // the hash table's own order differs between machines
        all.sort_by_key(|c| c.0);
        all
    }
    /// Looks an interned or ordinary exact `str` up by its text.
    #[inline]
    pub fn find_str(&self, key: &Value) -> Option<usize> {
        let s = key.get::<Str>()?;
        let hash = s.cached_hash();
        debug_assert!(hash != 0, "names are hashed when interned");
        self.map
            .raw_entry_v1()
            .index_from_hash(spread(hash), |k| k.value.is(key) || (k.hash == hash && k.value.get::<Str>().is_some_and(|t| t.bytes() == s.bytes())))
    }
    /// The value of a name (a hashed str).
    #[inline]
    pub fn get_str(&self, key: &Value) -> Option<&Value> {
        self.find_str(key).and_then(|i| self.value_at(i))
    }
    /// Sets the value of a name (a hashed str); gives the old value back.
    pub fn set_str(&mut self, key: &Value, value: Value) -> Option<Value> {
        let hash = key.get::<Str>().map_or(0, Str::cached_hash);
        debug_assert!(hash != 0);
        match self.find_str(key) {
            Some(i) => self.map.get_index_mut(i).map(|(_, v)| std::mem::replace(v, value)),
            None => {
                self.insert_new(hash, key.clone(), value);
                None
            }
        }
    }
    /// Removes a name; gives its value back.
    pub fn remove_str(&mut self, key: &Value) -> Option<Value> {
        let i = self.find_str(key)?;
        self.remove_at(i).map(|(_, v)| v)
    }
    /// Sets a key that compares without Python; hands key and value back where Python must decide.
    #[inline]
    pub fn set_plain(&mut self, hash: i64, key: &Value, value: Value) -> Result<Option<Value>, Value> {
        let ask = Cell::new(false);
        let entry = self.map.raw_entry_mut_v1().from_hash(spread(hash), |k| k.matches(hash, key, &ask));
        match entry {
            RawEntryMut::Occupied(mut e) => Ok(Some(e.insert(value))),
            RawEntryMut::Vacant(_) if ask.get() => Err(value),
            RawEntryMut::Vacant(e) => {
                e.insert_hashed_nocheck(spread(hash), Key { hash, value: key.clone() }, value);
                self.keys_changed();
                Ok(None)
            }
        }
    }
    /// Adds a key known to be missing.
    pub fn insert_new(&mut self, hash: i64, key: Value, value: Value) {
        if let RawEntryMut::Vacant(e) = self.map.raw_entry_mut_v1().from_hash(spread(hash), |_| false) {
            e.insert_hashed_nocheck(spread(hash), Key { hash, value: key }, value);
        }
        self.keys_changed();
    }
    /// Removes the last entry, and its place with it (`popitem`).
    pub fn pop(&mut self) -> Option<(Value, Value)> {
        self.drop_last_tombs();
        let (k, v) = self.map.pop()?;
        self.keys_changed();
        self.drop_last_tombs();
        self.first.set(self.first.get().min(self.map.len()));
        Some((k.value, v))
    }
    /// So that taking the last entry again and again never meets old tombstones.
    fn drop_last_tombs(&mut self) {
        while self.map.last().is_some_and(|(k, _)| k.value.is_null()) {
            self.map.pop();
            self.dead -= 1;
        }
    }
    /// Removes the entry at an index; gives key and value back. Its place stays taken, so that an iteration that is under way sees keys
    /// that are put in afterwards.
    pub fn remove_at(&mut self, index: usize) -> Option<(Value, Value)> {
        self.at(index)?;
        self.keys_changed();
        let removed = {
            self.next_tomb = self.next_tomb.wrapping_add(0x1_0001);
            let tomb = Key { hash: self.next_tomb, value: Value::NULL };
            let old = self.map.replace_index(index, tomb).unwrap_or_else(|_| unreachable!("tombstones are unique"));
            let value = self.map.get_index_mut(index).map(|(_, v)| v.take())?;
            self.dead += 1;
            (old.value, value)
        };
        if self.dead > 16 && self.dead > self.map.len() / 2 {
            self.compact();
        }
        Some(removed)
    }
    fn compact(&mut self) {
        self.map.retain(|k, _| !k.value.is_null());
        self.dead = 0;
        self.first.set(0);
    }
    /// Removes everything; gives the entries back, so that the caller drops them when the borrow has ended.
    pub fn take_all(&mut self) -> Vec<(Value, Value)> {
        self.keys_changed();
        self.dead = 0;
        self.first.set(0);
        std::mem::take(&mut self.map).into_iter().map(|(k, v)| (k.value, v)).collect()
    }
    /// A copy with the same keys and values.
    pub fn copy(&self) -> Dict {
        let mut map = self.map.clone();
        if self.dead > 0 {
            map.retain(|k, _| !k.value.is_null());
        }
        Dict { map, ..Dict::default() }
    }
    /// Takes over all entries of `other`; this dict is empty.
    pub fn fill_from(&mut self, other: Dict) {
        debug_assert!(self.is_empty());
        self.map = other.map;
        (self.dead, self.next_tomb) = (other.dead, other.next_tomb);
        self.first.set(0);
        self.keys_changed();
    }
    /// Bytes the table takes, roughly.
    pub fn bytes(&self) -> usize {
        self.map.capacity() * (size_of::<Key>() + size_of::<Value>() + 17)
    }
}

impl Payload for Dict {
    const CHANGES: Changes<Self> = Changes::BY_BORROW_BUT_CACHES;
    const KIND: Kind = Kind::Dict;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        for (k, v) in &self.map {
            visit(&k.value);
            visit(v);
        }
    }
    fn clear(&mut self) {
        drop(self.take_all());
    }
    fn outside(&self) -> usize {
        // an entry with its hash, and its place in the index
        self.map.capacity() * (size_of::<Key>() + size_of::<Value>() + 2 * size_of::<u64>())
    }
    fn clone_in(&self, c: &mut Cloner) -> Dict {
        // tombstones too: iterators that are cloned along hold indices of entries
        use indexmap::map::MutableKeys;
        let mut map = self.map.clone();
        for (k, v) in map.iter_mut2() {
            k.value = c.value(&k.value);
            *v = c.value(v);
        }
        // in another process versions are counted anew
        let version = Cell::new(if c.same_process() { self.version.get() } else { 0 });
        Dict { map, dead: self.dead, first: self.first.clone(), next_tomb: self.next_tomb, version, changes: self.changes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(i: i64) -> (i64, Value) {
        (crate::hash::int(i), Value::small_wrap(i))
    }
    fn index(d: &Dict, i: i64) -> Option<usize> {
        let (hash, key) = key(i);
        match d.find(hash, &key) {
            Found::At(i) => Some(i),
            _ => None,
        }
    }
    fn entries(d: &Dict) -> Vec<(i64, i64)> {
        d.iter().map(|(k, v)| (k.value.small_unchecked(), v.small_unchecked())).collect()
    }
    fn walk(d: &Dict) -> Vec<i64> {
        let (mut out, mut i) = (Vec::new(), 0);
        while let Some((at, k, _)) = d.next_from(i) {
            out.push(k.value.small_unchecked());
            i = at + 1;
        }
        out
    }
    fn walk_back(d: &Dict) -> Vec<i64> {
        let (mut out, mut i) = (Vec::new(), d.entries());
        while let Some((at, k, _)) = d.prev_before(i) {
            out.push(k.value.small_unchecked());
            i = at;
        }
        out
    }

    proptest! {
        #[test]
        fn keeps_the_order_of_insertion(steps in prop::collection::vec((0..9u8, -20..60i64), 0..500)) {
            let mut d = Dict::new();
            let mut model: Vec<(i64, i64)> = Vec::new();
            for (n, (what, i)) in steps.into_iter().enumerate() {
                let n = n as i64;
                let (hash, k) = key(i);
                let at = model.iter().position(|e| e.0 == i);
                match what {
                    0..=3 => {
                        let old = d.set_plain(hash, &k, Value::small_wrap(n)).unwrap();
                        prop_assert_eq!(old.and_then(|v| v.as_small()), at.map(|at| model[at].1));
                        match at { Some(at) => model[at].1 = n, None => model.push((i, n)) }
                    }
                    4 | 5 => {
                        let removed = index(&d, i).and_then(|i| d.remove_at(i));
                        prop_assert_eq!(removed.is_some(), at.is_some());
                        if let Some(at) = at { model.remove(at); }
                    }
                    6 => if let Some((first, ..)) = d.next_from(0) { d.remove_at(first); model.remove(0); },
                    7 => if let Some((last, ..)) = d.prev_before(d.entries()) { d.remove_at(last); model.pop(); },
                    _ if i == 0 => { d.take_all(); model.clear(); }
                    _ => d = d.copy(),
                }
                prop_assert_eq!(d.len(), model.len());
                prop_assert_eq!(index(&d, i).is_some(), model.iter().any(|e| e.0 == i));
            }
            let keys: Vec<i64> = model.iter().map(|e| e.0).collect();
            prop_assert_eq!(entries(&d), model);
            prop_assert_eq!(walk(&d), keys.clone());
            prop_assert_eq!(walk_back(&d), keys.into_iter().rev().collect::<Vec<_>>());
        }
    }

    #[test]
    fn taking_the_first_or_last_entry_again_and_again_is_linear() {
        let filled = || {
            let mut d = Dict::new();
            (0..200_000).for_each(|i| d.insert_new(crate::hash::int(i), Value::small_wrap(i), Value::NONE));
            d
        };
        let mut d = filled();
        while let Some((i, ..)) = d.next_from(0) {
            d.remove_at(i);
        }
        let mut d = filled();
        (0..100_000).for_each(|i| drop(d.remove_at(199_998 - i)));
        while let Some((i, ..)) = d.prev_before(d.entries()) {
            d.remove_at(i);
        }
        assert!(d.is_empty());
    }
}
