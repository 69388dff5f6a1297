//! Values: 8 bytes each.
//!
//! ```text
//!   0000_0000_0000_00xx   absent (0) and the immediates None, False, True, NotImplemented, Ellipsis
//!   0000_pppp_pppp_pppp   a pointer to a heap object (its Header), 8-aligned, at least 64
//!   0001_.... to FFFA_..  a float: its bits plus 2**48
//!   FFFF_iiii_iiii_iiii   an int of 48 bits, two's complement
//! ```
//!
//! So `a & b >= INT_TAG` tells that both are small ints in one comparison, shifting left by 16 puts a small int into the upper 48
//! bits (where an `i64` addition overflows exactly when the 48-bit one does), and everything below `2**48` and not
//! below 64 is a pointer. Ints outside 48 bits are heap objects (`types::int::BigInt`); one value has one
//! representation: a heap int (of exact type `int`) never fits 48 bits.
//!
//! A `Value` owns one reference: cloning increments the object's count, dropping decrements it. Counts are not atomic:
//! the GIL guards them, which is why a `Value` is neither `Send` nor `Sync`. Objects with the immortal bit (those of an
//! image) are never written.

use crate::heap::{self, Header};
use std::marker::PhantomData;
use std::ptr::NonNull;

/// A Python value; see the module's page.
#[repr(transparent)]
pub struct Value(u64, PhantomData<*mut ()>);

const FLOAT_OFFSET: u64 = 1 << 48;
/// The tag of small ints.
pub const INT_TAG: u64 = 0xFFFF << 48;
const FIRST_POINTER: u64 = 64;
const NONE: u64 = 8;
const FALSE: u64 = 16;
const TRUE: u64 = 24;
const NOT_IMPLEMENTED: u64 = 32;
const ELLIPSIS: u64 = 40;
/// The least small int.
pub const SMALL_MIN: i64 = -(1 << 47);
/// The greatest small int.
pub const SMALL_MAX: i64 = (1 << 47) - 1;

impl Value {
    /// The absent value: an unset slot, an argument that was not given. Python never sees it.
    pub const NULL: Value = Value(0, PhantomData);
    /// `None`
    pub const NONE: Value = Value(NONE, PhantomData);
    /// `False`
    pub const FALSE: Value = Value(FALSE, PhantomData);
    /// `True`
    pub const TRUE: Value = Value(TRUE, PhantomData);
    /// `NotImplemented`
    pub const NOT_IMPLEMENTED: Value = Value(NOT_IMPLEMENTED, PhantomData);
    /// `...`
    pub const ELLIPSIS: Value = Value(ELLIPSIS, PhantomData);

    /// The raw bits.
    #[inline(always)]
    pub const fn bits(&self) -> u64 {
        self.0
    }
    /// `None`, `True` or `False`; no reference is made.
    #[inline(always)]
    pub const fn bool(b: bool) -> Value {
        if b { Value::TRUE } else { Value::FALSE }
    }
    /// A float. NaNs keep only their sign.
    #[inline(always)]
    pub fn float(f: f64) -> Value {
        let bits = if f.is_nan() { (f.to_bits() & (1 << 63)) | 0x7FF8 << 48 } else { f.to_bits() };
        Value(bits + FLOAT_OFFSET, PhantomData)
    }
    /// A small int, if `i` fits 48 bits.
    #[inline(always)]
    pub fn small(i: i64) -> Option<Value> {
        if ((i << 16) >> 16) == i { Some(Value::small_wrap(i)) } else { None }
    }
    /// A small int from a value known to fit 48 bits (an index, a length, a 32-bit number).
    #[inline(always)]
    pub const fn small_wrap(i: i64) -> Value {
        Value((i as u64 & !INT_TAG) | INT_TAG, PhantomData)
    }
    /// An int from a 32-bit number.
    #[inline(always)]
    pub const fn i32(i: i32) -> Value {
        Value::small_wrap(i as i64)
    }

    /// Absent?
    #[inline(always)]
    pub const fn is_null(&self) -> bool {
        self.0 == 0
    }
    /// `None`?
    #[inline(always)]
    pub const fn is_none(&self) -> bool {
        self.0 == NONE
    }
    /// `True`?
    #[inline(always)]
    pub const fn is_true(&self) -> bool {
        self.0 == TRUE
    }
    /// `False`?
    #[inline(always)]
    pub const fn is_false(&self) -> bool {
        self.0 == FALSE
    }
    /// `True` or `False`?
    #[inline(always)]
    pub const fn is_bool(&self) -> bool {
        self.0 == FALSE || self.0 == TRUE
    }
    /// `NotImplemented`?
    #[inline(always)]
    pub const fn is_not_implemented(&self) -> bool {
        self.0 == NOT_IMPLEMENTED
    }
    /// A heap object?
    #[inline(always)]
    pub const fn is_object(&self) -> bool {
        self.0.wrapping_sub(FIRST_POINTER) < FLOAT_OFFSET - FIRST_POINTER
    }
    /// A small int (not a bool)?
    #[inline(always)]
    pub const fn is_small(&self) -> bool {
        self.0 >= INT_TAG
    }
    /// A float (immediate; instances of subclasses of float are objects)?
    #[inline(always)]
    pub const fn is_float(&self) -> bool {
        self.0.wrapping_sub(FLOAT_OFFSET) < INT_TAG - FLOAT_OFFSET
    }
    /// The small int.
    #[inline(always)]
    pub const fn as_small(&self) -> Option<i64> {
        if self.is_small() { Some(self.small_unchecked()) } else { None }
    }
    /// The small int; meaningless for anything else.
    #[inline(always)]
    pub const fn small_unchecked(&self) -> i64 {
        ((self.0 << 16) as i64) >> 16
    }
    /// The small int or bool as a number.
    #[inline(always)]
    pub const fn as_small_or_bool(&self) -> Option<i64> {
        if self.is_small() {
            Some(self.small_unchecked())
        } else if self.is_bool() {
            Some(self.is_true() as i64)
        } else {
            None
        }
    }
    /// The float.
    #[inline(always)]
    pub fn as_float(&self) -> Option<f64> {
        if self.is_float() { Some(self.float_unchecked()) } else { None }
    }
    /// The float; meaningless for anything else.
    #[inline(always)]
    pub fn float_unchecked(&self) -> f64 {
        f64::from_bits(self.0.wrapping_sub(FLOAT_OFFSET))
    }
    /// Are both small ints?
    #[inline(always)]
    pub const fn both_small(a: &Value, b: &Value) -> bool {
        a.0 & b.0 >= INT_TAG
    }
    /// Are both floats?
    #[inline(always)]
    pub const fn both_float(a: &Value, b: &Value) -> bool {
        a.is_float() && b.is_float()
    }
    /// The same object (Python's `is`). Equal floats with the same bits count as one object.
    #[inline(always)]
    pub const fn is(&self, other: &Value) -> bool {
        self.0 == other.0
    }

    /// Sum of two small ints, where it is one.
    #[inline(always)]
    pub fn small_add(a: &Value, b: &Value) -> Option<Value> {
        ((a.0 << 16) as i64).checked_add((b.0 << 16) as i64).map(|r| Value((r as u64 >> 16) | INT_TAG, PhantomData))
    }
    /// Difference of two small ints, where it is one.
    #[inline(always)]
    pub fn small_sub(a: &Value, b: &Value) -> Option<Value> {
        ((a.0 << 16) as i64).checked_sub((b.0 << 16) as i64).map(|r| Value((r as u64 >> 16) | INT_TAG, PhantomData))
    }
    /// Product of two small ints, where it is one.
    #[inline(always)]
    pub fn small_mul(a: &Value, b: &Value) -> Option<Value> {
        ((a.0 << 16) as i64).checked_mul(b.small_unchecked()).map(|r| Value((r as u64 >> 16) | INT_TAG, PhantomData))
    }

    /// The object's header; `None` for immediates.
    #[inline(always)]
    pub fn header(&self) -> Option<&Header> {
        // SAFETY: the bits of an object value are a valid pointer to a header that lives while this reference is counted.
        if self.is_object() { Some(unsafe { &*(self.0 as *const Header) }) } else { None }
    }
    /// The pointer to the object's header; dangling nonsense for immediates.
    #[inline(always)]
    pub(crate) const fn ptr(&self) -> *mut Header {
        self.0 as *mut Header
    }
    /// Takes over a reference that `ptr` already counts.
    ///
    /// # Safety
    /// `ptr` is a live object and the caller gives up one counted reference to it.
    #[inline(always)]
    pub(crate) unsafe fn from_raw(ptr: NonNull<Header>) -> Value {
        Value(ptr.as_ptr() as u64, PhantomData)
    }
    /// A new reference to the object at `ptr`.
    ///
    /// # Safety
    /// `ptr` is a live object of a heap whose GIL the caller holds.
    #[inline(always)]
    pub(crate) unsafe fn new_ref(ptr: *const Header) -> Value {
        // SAFETY: the caller's promise.
        unsafe { (*ptr).incref() };
        Value(ptr as u64, PhantomData)
    }
    /// From raw bits.
    ///
    /// # Safety
    /// The bits came from a value, and stand for one counted reference if they are an object.
    #[inline(always)]
    pub(crate) const unsafe fn from_bits(bits: u64) -> Value {
        Value(bits, PhantomData)
    }
    /// Takes the value out and leaves the absent one.
    #[inline(always)]
    pub fn take(&mut self) -> Value {
        std::mem::replace(self, Value::NULL)
    }
    /// `None` for the absent value.
    #[inline(always)]
    pub fn opt(self) -> Option<Value> {
        if self.is_null() { None } else { Some(self) }
    }
    /// `None` for the absent value.
    #[inline(always)]
    pub fn as_opt(&self) -> Option<&Value> {
        if self.is_null() { None } else { Some(self) }
    }
    /// How many references the object has; a large constant for immediates and immortal objects.
    pub fn ref_count(&self) -> u32 {
        self.header().map_or(u32::MAX >> 1, |h| h.ref_count())
    }
}

impl Clone for Value {
    #[inline(always)]
    fn clone(&self) -> Value {
        if let Some(h) = self.header() {
            h.incref();
        }
        Value(self.0, PhantomData)
    }
}

impl Drop for Value {
    #[inline(always)]
    fn drop(&mut self) {
        if self.is_object() {
            // SAFETY: this value owned one counted reference to a live object.
            unsafe { heap::decref(self.0 as *mut Header) };
        }
    }
}

impl Default for Value {
    fn default() -> Value {
        Value::NULL
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(i) = self.as_small() {
            write!(f, "{i}")
        } else if let Some(x) = self.as_float() {
            write!(f, "{x:?}")
        } else if self.is_object() {
            write!(f, "<object {:#x}>", self.0)
        } else {
            let name = match self.0 {
                0 => "NULL",
                8 => "None",
                16 => "False",
                24 => "True",
                32 => "NotImplemented",
                _ => "Ellipsis",
            };
            f.write_str(name)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_ints_keep_their_value_and_their_bounds() {
        for i in [0, 1, -1, 255, SMALL_MAX, SMALL_MIN] {
            assert_eq!(Value::small(i).unwrap().as_small(), Some(i));
        }
        assert!(Value::small(SMALL_MAX + 1).is_none() && Value::small(SMALL_MIN - 1).is_none());
        let (max, min, one) = (Value::small_wrap(SMALL_MAX), Value::small_wrap(SMALL_MIN), Value::i32(1));
        assert!(Value::small_add(&max, &one).is_none() && Value::small_sub(&min, &one).is_none());
        assert_eq!(Value::small_add(&min, &max).unwrap().as_small(), Some(-1));
        assert_eq!(Value::small_mul(&Value::i32(-7), &Value::i32(6)).unwrap().as_small(), Some(-42));
        assert!(Value::small_mul(&max, &Value::i32(2)).is_none());
    }

    #[test]
    fn floats_are_told_from_everything_else() {
        for f in [0.0, -0.0, 1.5, f64::MAX, f64::MIN_POSITIVE, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, -f64::NAN] {
            let v = Value::float(f);
            assert!(v.is_float() && !v.is_small() && !v.is_object());
            let back = v.as_float().unwrap();
            assert!(back.to_bits() == f.to_bits() || (f.is_nan() && back.is_nan() && back.is_sign_negative() == f.is_sign_negative()));
        }
        for v in [Value::NONE, Value::TRUE, Value::NULL, Value::ELLIPSIS] {
            assert!(!v.is_float() && !v.is_small() && !v.is_object());
        }
    }
}
