//! Conversions of arguments to Rust numbers.

use crate::error::{Exc, PyResult};
use crate::num::Int;
use crate::proto::compare::float_value;
use crate::special::Special;
use crate::types::int::BigInt;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// The value as an int of any size; `None` unless it is an int (or bool, or an instance of a subclass).
    pub fn int_value(&self, v: &Value) -> Option<Int> {
        v.as_small_or_bool().map(Int::from).or_else(|| v.get::<BigInt>().map(|b| b.0.clone()))
    }
    /// `operator.index(v)`
    pub fn index(&mut self, v: &Value) -> PyResult {
        if v.is_small() || v.is_a::<BigInt>() {
            return Ok(v.clone());
        }
        if let Some(i) = v.as_small_or_bool() {
            return Ok(Value::small_wrap(i));
        }
        match self.special(v, Special::Index) {
            Some(f) => {
                let r = self.call_special(&f, &[v.clone()])?;
                if r.is_small() || r.is_bool() || r.is_a::<BigInt>() {
                    Ok(r)
                } else {
                    let name = self.type_name(&r);
                    Err(self.type_error(format!("__index__ returned non-int (type {name})")))
                }
            }
            None => {
                let name = self.type_name(v);
                Err(self.type_error(format!("'{name}' object cannot be interpreted as an integer")))
            }
        }
    }
    /// The value through `__index__` as an int of any size.
    pub fn to_int(&mut self, v: &Value) -> PyResult<Int> {
        let i = self.index(v)?;
        Ok(self.int_value(&i).expect("index gives an int"))
    }
    /// The value through `__index__` as an `isize`; OverflowError where it does not fit ("cannot fit 'int' into an index-sized integer").
    pub fn to_isize(&mut self, v: &Value) -> PyResult<isize> {
        if let Some(i) = v.as_small_or_bool() {
            return Ok(i as isize);
        }
        let i = self.to_int(v)?;
        match i.to_i64() {
            Some(i) => Ok(i as isize),
            None => {
                let name = self.type_name(v);
                Err(self.err(Exc::IndexError, format!("cannot fit '{name}' into an index-sized integer")))
            }
        }
    }
    /// As [`Vm::to_isize`], but out of range saturates (slices, `list.index` bounds).
    pub fn to_isize_clamped(&mut self, v: &Value) -> PyResult<isize> {
        let i = self.to_int(v)?;
        Ok(i.to_i64().map_or(if i.is_negative() { isize::MIN } else { isize::MAX }, |i| i as isize))
    }
    /// The value as an `i64`; OverflowError "Python int too large to convert to C long".
    pub fn to_i64(&mut self, v: &Value) -> PyResult<i64> {
        if let Some(i) = v.as_small_or_bool() {
            return Ok(i);
        }
        let i = self.to_int(v)?;
        i.to_i64().ok_or_else(|| self.err(Exc::OverflowError, "Python int too large to convert to C long"))
    }
    /// The value as an `i32`; OverflowError where it does not fit.
    pub fn to_i32(&mut self, v: &Value) -> PyResult<i32> {
        let i = self.to_i64(v)?;
        i32::try_from(i).map_err(|_| self.err(Exc::OverflowError, "signed integer is greater than maximum"))
    }
    /// The value as a non-negative `usize`.
    pub fn to_usize(&mut self, v: &Value) -> PyResult<usize> {
        let i = self.to_isize(v)?;
        usize::try_from(i).map_err(|_| self.value_error("value must be positive"))
    }
    /// The value as a float: floats, ints, `__float__`, `__index__`. TypeError "must be real number, not X".
    pub fn to_f64(&mut self, v: &Value) -> PyResult<f64> {
        if let Some(f) = float_value(v) {
            return Ok(f);
        }
        if let Some(i) = v.as_small_or_bool() {
            return Ok(i as f64);
        }
        if let Some(f) = self.special(v, Special::Float)
            && !v.is_a::<BigInt>()
        {
            let r = self.call_special(&f, &[v.clone()])?;
            return match float_value(&r) {
                Some(f) => Ok(f),
                None => {
                    let (a, b) = (self.type_name(v), self.type_name(&r));
                    Err(self.type_error(format!("{a}.__float__ returned non-float (type {b})")))
                }
            };
        }
        if v.is_a::<BigInt>() || self.special(v, Special::Index).is_some() {
            let i = self.to_int(v)?;
            return i.to_f64().map_err(|e| self.num_err(e));
        }
        let name = self.type_name(v);
        Err(self.type_error(format!("must be real number, not {name}")))
    }
}
