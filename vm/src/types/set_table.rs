//! The table behind `set` and `frozenset`.
//!
//! It follows CPython's algorithm (`Objects/setobject.c`: open addressing, short linear runs, perturbed jumps, its rules of growth) slot
//! for slot, so that a set whose hashes are CPython's (ints above all) is iterated in CPython's order, whatever happened to it.

use crate::object::{Changes, Cloner, Kind, Payload};
use crate::types::dict::plain_eq;
use crate::value::Value;
use std::cell::Cell;

const MIN_SIZE: usize = 8;
const LINEAR_PROBES: usize = 9;
const PERTURB_SHIFT: u32 = 5;
/// The hash in a slot whose key was removed; no value hashes to it.
const REMOVED: i64 = -1;

/// A slot: in use if `key` is not absent; else never used (hash 0) or emptied (hash -1).
#[derive(Clone, Default)]
pub struct Slot {
    /// The key, or absent.
    pub key: Value,
    /// Its hash.
    pub hash: i64,
}

impl Slot {
    #[inline(always)]
    fn is_fresh(&self) -> bool {
        self.key.is_null() && self.hash == 0
    }
}

/// The payload of `set` and `frozenset`.
pub struct Set {
    /// Empty until the first key comes; then of `mask + 1` slots.
    slots: Vec<Slot>,
    mask: usize,
    /// Slots that are in use or emptied.
    fill: usize,
    used: usize,
    /// Where `pop` goes on searching.
    finger: usize,
    /// Counts changes of the keys.
    changes: u32,
    /// A frozenset's hash once known; -1 before.
    pub(crate) hash: Cell<i64>,
}

impl Default for Set {
    fn default() -> Set {
        Set { slots: Vec::new(), mask: MIN_SIZE - 1, fill: 0, used: 0, finger: 0, changes: 0, hash: Cell::new(-1) }
    }
}

/// What a probe found.
pub enum Found {
    /// The slot of the key.
    At(usize),
    /// No such key; the slot where it would go: the last emptied one passed, or else the fresh one that ended the search.
    No(usize),
    /// Keys of the same hash that only Python can compare: (slot, key).
    Ask(Vec<(usize, Value)>),
}

/// Visits the slots in the order of probing until `visit` gives something.
#[inline(always)]
fn walk<R>(mask: usize, hash: i64, mut visit: impl FnMut(usize) -> Option<R>) -> R {
    let mut perturb = hash as usize;
    let mut i = hash as usize & mask;
    loop {
        let last = if i + LINEAR_PROBES <= mask { i + LINEAR_PROBES } else { i };
        for at in i..=last {
            if let Some(r) = visit(at) {
                return r;
            }
        }
        perturb >>= PERTURB_SHIFT;
        i = i.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb) & mask;
    }
}

impl Set {
    /// How many keys.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.used
    }
    /// No keys?
    pub fn is_empty(&self) -> bool {
        self.used == 0
    }
    /// Counts changes of the keys.
    pub fn changes(&self) -> u32 {
        self.changes
    }
    /// Bytes the table takes, roughly as CPython counts them.
    pub fn bytes(&self) -> usize {
        if self.mask < MIN_SIZE { 0 } else { (self.mask + 1) * size_of::<Slot>() }
    }
    /// The first key at or after a slot, with its slot.
    #[inline]
    pub fn next_from(&self, slot: usize) -> Option<(usize, &Slot)> {
        let rest = self.slots.get(slot..)?;
        rest.iter().position(|s| !s.key.is_null()).map(|i| (slot + i, &rest[i]))
    }
    /// All keys in order.
    pub fn iter(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(|s| !s.key.is_null())
    }
    /// Copies of all keys with their hashes.
    pub fn entries(&self) -> Vec<Slot> {
        let mut all = Vec::with_capacity(self.used);
        all.extend(self.iter().cloned());
        all
    }

    /// Looks a key up.
    #[inline]
    pub fn find(&self, hash: i64, key: &Value) -> Found {
        if self.slots.is_empty() {
            return Found::No(0);
        }
        let mut ask = false;
        let mut emptied = None;
        let found = walk(self.mask, hash, |i| {
            let s = &self.slots[i];
            if s.key.is_null() {
                if s.hash == REMOVED {
                    emptied = Some(i);
                    return None;
                }
                return Some(Found::No(emptied.unwrap_or(i)));
            }
            if s.hash == hash {
                match plain_eq(&s.key, key) {
                    Some(true) => return Some(Found::At(i)),
                    Some(false) => {}
                    None => ask = true,
                }
            }
            None
        });
        match found {
            Found::No(_) if ask => Found::Ask(self.same_hash(hash)),
            found => found,
        }
    }
    #[cold]
    fn same_hash(&self, hash: i64) -> Vec<(usize, Value)> {
        let mut all = Vec::new();
        walk(self.mask, hash, |i| {
            let s = &self.slots[i];
            if s.hash == hash && !s.key.is_null() {
                all.push((i, s.key.clone()));
            }
            s.is_fresh().then_some(())
        });
        all
    }
    /// Whether a slot still holds this very key.
    pub fn holds_at(&self, slot: usize, key: &Value) -> bool {
        self.slots.get(slot).is_some_and(|s| s.key.is(key))
    }
    fn allocate(&mut self) {
        if self.slots.is_empty() {
            self.slots.resize_with(self.mask + 1, Slot::default);
        }
    }
    /// Adds a key that [`Set::find`] has not found, in the slot that it named.
    #[inline]
    pub fn insert_at(&mut self, slot: usize, hash: i64, key: Value) {
        let slot = if self.slots.is_empty() {
            self.allocate();
            hash as usize & self.mask
        } else {
            slot
        };
        let old = std::mem::replace(&mut self.slots[slot], Slot { key, hash });
        self.changes = self.changes.wrapping_add(1);
        self.used += 1;
        if old.hash == REMOVED {
            return;
        }
        self.fill += 1;
        if self.fill * 5 >= self.mask * 3 {
            self.resize(self.growth());
        }
    }
    /// Adds a key known to be missing.
    pub fn insert_new(&mut self, hash: i64, key: Value) {
        self.allocate();
        let mut emptied = None;
        let fresh = walk(self.mask, hash, |i| {
            let s = &self.slots[i];
            if s.key.is_null() && s.hash == REMOVED {
                emptied = Some(i);
            }
            s.is_fresh().then_some(i)
        });
        self.insert_at(emptied.unwrap_or(fresh), hash, key);
    }
    fn growth(&self) -> usize {
        if self.used > 50_000 { self.used * 2 } else { self.used * 4 }
    }
    /// Makes the table as large as `least` keys need, and drops what removed keys left behind.
    fn resize(&mut self, least: usize) {
        let mut size = MIN_SIZE;
        while size <= least {
            size <<= 1;
        }
        if size == MIN_SIZE && self.mask < MIN_SIZE && self.fill == self.used {
            return;
        }
        let old = std::mem::take(&mut self.slots);
        self.mask = size - 1;
        self.allocate();
        self.fill = self.used;
        old.into_iter().filter(|s| !s.key.is_null()).for_each(|s| self.place(s));
    }
    /// Puts a key into a table that has neither it nor emptied slots.
    #[inline]
    fn place(&mut self, slot: Slot) {
        let i = walk(self.mask, slot.hash, |i| self.slots[i].key.is_null().then_some(i));
        self.slots[i] = slot;
    }
    /// Makes room for `more` keys at once, as a merge does.
    pub fn make_room(&mut self, more: usize) {
        if (self.fill + more) * 5 >= self.mask * 3 {
            self.resize((self.used + more) * 2);
        }
    }
    /// Merges `other` into this set where that needs no comparison, because nothing was ever in this one; says whether it did.
    pub fn fill_from(&mut self, other: &Set) -> bool {
        if self.fill != 0 {
            return false;
        }
        self.changes = self.changes.wrapping_add(1);
        if self.mask == other.mask && other.fill == other.used {
            self.slots = other.slots.clone();
        } else {
            self.allocate();
            other.iter().cloned().for_each(|s| self.place(s));
        }
        (self.fill, self.used) = (other.used, other.used);
        true
    }
    /// Removes the key of a slot.
    pub fn remove_at(&mut self, slot: usize) -> Value {
        self.changes = self.changes.wrapping_add(1);
        self.used -= 1;
        std::mem::replace(&mut self.slots[slot], Slot { key: Value::NULL, hash: REMOVED }).key
    }
    /// Removes some key.
    pub fn pop(&mut self) -> Option<Value> {
        if self.used == 0 {
            return None;
        }
        let mut i = self.finger & self.mask;
        while self.slots[i].key.is_null() {
            i = (i + 1) & self.mask;
        }
        self.finger = i + 1;
        Some(self.remove_at(i))
    }
    /// After removing many: shrinks if more than a quarter of the slots are emptied ones.
    pub fn tidy(&mut self) {
        if self.fill - self.used > self.mask / 4 {
            self.resize(self.growth());
        }
    }
    /// Removes everything; gives the slots back, so that the caller drops them when the borrow has ended.
    pub fn take_all(&mut self) -> Vec<Slot> {
        self.changes = self.changes.wrapping_add(1);
        (self.mask, self.fill, self.used) = (MIN_SIZE - 1, 0, 0);
        self.hash.set(-1);
        std::mem::take(&mut self.slots)
    }
    /// Exchanges the contents with another set; `pop` goes on where it was.
    pub fn swap(&mut self, other: &mut Set) {
        std::mem::swap(self, other);
        std::mem::swap(&mut self.finger, &mut other.finger);
        self.changes = self.changes.max(other.changes).wrapping_add(1);
        other.changes = self.changes;
        self.hash.set(-1);
        other.hash.set(-1);
    }
    /// A frozenset's hash: independent of the order.
    pub fn frozen_hash(&self) -> i64 {
        if self.hash.get() != -1 {
            return self.hash.get();
        }
        let mut h = self.iter().fold(0u64, |h, s| h ^ shuffled(s.hash as u64));
        h ^= (self.used as u64 + 1).wrapping_mul(1_927_868_237);
        h ^= (h >> 11) ^ (h >> 25);
        h = h.wrapping_mul(69069).wrapping_add(907_133_923);
        let h = if h == u64::MAX { 590_923_713 } else { h as i64 };
        self.hash.set(h);
        h
    }
}

fn shuffled(h: u64) -> u64 {
    ((h ^ 89_869_747) ^ (h << 16)).wrapping_mul(3_644_798_167)
}

impl Payload for Set {
    const CHANGES: Changes<Self> = Changes::BY_BORROW_BUT_CACHES;
    const KIND: Kind = Kind::Set;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.iter().for_each(|s| visit(&s.key));
    }
    fn clear(&mut self) {
        drop(self.take_all());
    }
    fn outside(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>()
    }
    fn clone_in(&self, c: &mut Cloner) -> Set {
        Set {
            slots: self.slots.iter().map(|s| Slot { key: if s.key.is_null() { Value::NULL } else { c.value(&s.key) }, hash: s.hash }).collect(),
            mask: self.mask,
            fill: self.fill,
            used: self.used,
            finger: self.finger,
            changes: self.changes,
            hash: self.hash.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn ints(s: &Set) -> BTreeSet<i64> {
        s.iter().filter_map(|s| s.key.as_small()).collect()
    }
    fn add(s: &mut Set, i: i64) {
        let (hash, key) = (crate::hash::int(i), Value::small_wrap(i));
        if let Found::No(slot) = s.find(hash, &key) {
            s.insert_at(slot, hash, key);
        }
    }
    fn discard(s: &mut Set, i: i64) {
        if let Found::At(slot) = s.find(crate::hash::int(i), &Value::small_wrap(i)) {
            s.remove_at(slot);
        }
    }

    proptest! {
        #[test]
        fn behaves_as_a_set(steps in prop::collection::vec((0..7u8, -40..200i64), 0..400)) {
            let (mut s, mut model) = (Set::default(), BTreeSet::new());
            for (what, i) in steps {
                match what {
                    0..=3 => { add(&mut s, i); model.insert(i); }
                    4 => { discard(&mut s, i); model.remove(&i); }
                    5 => if let Some(v) = s.pop() { prop_assert!(model.remove(&v.as_small().unwrap())); },
                    _ => { s.make_room(i.unsigned_abs() as usize); s.tidy(); }
                }
                prop_assert_eq!(s.len(), model.len());
                prop_assert_eq!(matches!(s.find(crate::hash::int(i), &Value::small_wrap(i)), Found::At(_)), model.contains(&i));
            }
            prop_assert_eq!(ints(&s), model);
        }
    }
}
