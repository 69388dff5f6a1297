//! Conversions of arguments as CPython's argument parser does them, where its error texts differ from `operator.index`.

use crate::error::{Exc, PyResult};
use crate::special::Special;
use crate::types::int::BigInt;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// A `Py_ssize_t` argument: OverflowError "Python int too large to convert to C ssize_t".
    pub fn arg_ssize(&mut self, v: &Value) -> PyResult<isize> {
        if let Some(i) = v.as_small_or_bool() {
            return Ok(i as isize);
        }
        let i = self.to_int(v)?;
        i.to_i64().map(|i| i as isize).ok_or_else(|| self.err(Exc::OverflowError, "Python int too large to convert to C ssize_t"))
    }
    /// An `int` argument: OverflowError "Python int too large to convert to C int".
    pub fn arg_int(&mut self, v: &Value) -> PyResult<i32> {
        let i = self.to_int(v)?;
        i.to_i64().and_then(|i| i32::try_from(i).ok()).ok_or_else(|| self.err(Exc::OverflowError, "Python int too large to convert to C int"))
    }
    /// A bound of `find`, `index`, `startswith`: an index, clamped; `absent` for None.
    pub fn arg_bound(&mut self, v: &Value, absent: isize) -> PyResult<isize> {
        if v.is_none() || v.is_null() {
            return Ok(absent);
        }
        if let Some(i) = v.as_small_or_bool() {
            return Ok(i as isize);
        }
        if !v.is_a::<BigInt>() && self.special(v, Special::Index).is_none() {
            return Err(self.type_error("slice indices must be integers or None or have an __index__ method"));
        }
        self.to_isize_clamped(v)
    }
    /// The count of a repetition: OverflowError "cannot fit 'int' into an index-sized integer".
    pub fn arg_repeat(&mut self, v: &Value) -> PyResult<isize> {
        if let Some(i) = v.as_small_or_bool() {
            return Ok(i as isize);
        }
        let i = self.to_int(v)?;
        match i.to_i64() {
            Some(i) => Ok(i as isize),
            None => {
                let name = self.type_name(v);
                Err(self.err(Exc::OverflowError, format!("cannot fit '{name}' into an index-sized integer")))
            }
        }
    }
    /// Whether the value can be an index: an int or something with `__index__`.
    pub fn is_index(&self, v: &Value) -> bool {
        v.is_small() || v.is_bool() || v.is_a::<BigInt>() || (v.is_object() && !v.class(self).special(Special::Index).is_null())
    }
    /// An index of a sequence as `v[i]` takes it: IndexError "cannot fit 'int' into an index-sized integer".
    pub fn arg_index(&mut self, v: &Value) -> PyResult<isize> {
        self.to_isize(v)
    }
}

/// Python's rule for a bound of a sequence of `len` items: negative ones count from the end, what lies outside is clamped to it
/// (a start beyond the end stays beyond it).
#[inline]
pub fn clamp_bounds(start: isize, stop: isize, len: usize) -> (usize, usize) {
    let len = len as isize;
    let from_end = |i: isize| if i < 0 { i.saturating_add(len).max(0) } else { i };
    (from_end(start) as usize, from_end(stop).min(len) as usize)
}
