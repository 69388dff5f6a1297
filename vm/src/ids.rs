//! What `id()` shows: numbers that look like addresses and are the same in every run.
//!
//! An object's number is made of its page's number within the heap and its place in the page. As the heap works the same way in
//! every run of the same schedule, so do the numbers; as with CPython's addresses, a dead object's number may come again.

use crate::heap::Heap;
use crate::value::Value;
use crate::vm::Vm;

/// Where the objects of an isolate seem to lie.
const OBJECTS: u64 = 0x7F10_0000_0000;
/// Where the objects of the image seem to lie.
const IMAGE: u64 = 0x5500_0000_0000;
/// Where ints of 32 bits seem to lie.
const INTS: u64 = 0x6000_0000_0000;

impl Vm {
    /// The number that stands for the object: `id(v)`. Equal for two values exactly where `a is b`.
    pub fn address_of(&self, v: &Value) -> u64 {
        if let Some(place) = Heap::place_of(v) {
            return place + if v.header().is_some_and(|h| h.is_immortal()) { IMAGE } else { OBJECTS };
        }
        match v.as_small() {
            // 16 apart, as objects are
            Some(i) if i32::try_from(i).is_ok() => INTS + ((i + (1 << 31)) as u64) * 16,
            Some(_) | None if v.bits() >= 1 << 48 => v.bits(),
            _ => IMAGE - 4096 + v.bits(),
        }
    }
    /// `hash(v)` where it follows from identity.
    pub fn identity_hash(&self, v: &Value) -> i64 {
        (self.address_of(v).rotate_right(4)) as i64
    }
}
