//! Truth, equality, order, hashes, membership.

use crate::error::{Exc, PyResult};
use crate::object::Kind;
use crate::op::CmpOp;
use crate::special::Special;
use crate::types::float::FloatObj;
use crate::types::int::BigInt;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use std::cmp::Ordering;

impl Vm {
    /// `bool(v)`
    #[inline]
    pub fn truthy(&mut self, v: &Value) -> PyResult<bool> {
        if v.is_bool() {
            return Ok(v.is_true());
        }
        if let Some(i) = v.as_small() {
            return Ok(i != 0);
        }
        if v.is_none() {
            return Ok(false);
        }
        if let Some(f) = v.as_float() {
            return Ok(f != 0.0);
        }
        if let Some(s) = v.get::<Str>() {
            return Ok(s.char_len() != 0);
        }
        self.truthy_slow(v)
    }
    fn truthy_slow(&mut self, v: &Value) -> PyResult<bool> {
        if let Some(n) = self.plain_len(v) {
            return Ok(n != 0);
        }
        let class = v.class(self);
        let f = class.special(Special::Bool).clone();
        if !f.is_null() {
            if f.is_none() {
                return Err(self.not_callable(&f));
            }
            let r = self.call_special(&f, &[v.clone()])?;
            if !r.is_bool() {
                let name = self.type_name(&r);
                return Err(self.type_error(format!("__bool__ should return bool, returned {name}")));
            }
            return Ok(r.is_true());
        }
        let f = class.special(Special::Len).clone();
        if f.is_null() {
            return Ok(true);
        }
        Ok(self.len(v)? != 0)
    }
    /// `a == b` as a truth value; identical objects are equal.
    #[inline]
    pub fn eq(&mut self, a: &Value, b: &Value) -> PyResult<bool> {
        if a.is(b) {
            return Ok(true);
        }
        let r = self.compare(CmpOp::Eq, a, b)?;
        self.truthy(&r)
    }
    /// `a <op> b` as a truth value.
    pub fn compare_bool(&mut self, op: CmpOp, a: &Value, b: &Value) -> PyResult<bool> {
        let r = self.compare(op, a, b)?;
        self.truthy(&r)
    }
    /// `a < b`, as sorting asks.
    pub fn less(&mut self, a: &Value, b: &Value) -> PyResult<bool> {
        self.compare_bool(CmpOp::Lt, a, b)
    }
    /// `a <op> b`
    pub fn compare(&mut self, op: CmpOp, a: &Value, b: &Value) -> PyResult {
        if let Some(r) = compare_plain(op, a, b) {
            return Ok(Value::bool(r));
        }
        self.enter_native_for(" in comparison")?;
        let r = self.compare_slow(op, a, b);
        self.leave_native();
        r
    }
    fn compare_slow(&mut self, op: CmpOp, a: &Value, b: &Value) -> PyResult {
        let (ta, tb) = (a.type_of(self), b.type_of(self));
        let forward = special_of(op);
        let reflected = special_of(swapped(op));
        let f = a.class(self).special(forward).clone();
        let g = b.class(self).special(reflected).clone();
        let subclass_first = !ta.is(tb) && !g.is_null() && b.class(self).is_subtype_of(ta);
        if subclass_first {
            let r = self.call_special(&g, &[b.clone(), a.clone()])?;
            if !r.is_not_implemented() {
                return Ok(r);
            }
        }
        if !f.is_null() {
            let r = self.call_special(&f, &[a.clone(), b.clone()])?;
            if !r.is_not_implemented() {
                return Ok(r);
            }
        }
        if !subclass_first && !g.is_null() {
            let r = self.call_special(&g, &[b.clone(), a.clone()])?;
            if !r.is_not_implemented() {
                return Ok(r);
            }
        }
        match op {
            CmpOp::Eq => Ok(Value::bool(a.is(b))),
            CmpOp::Ne => Ok(Value::bool(!a.is(b))),
            _ => {
                let (x, y) = (self.type_name(a), self.type_name(b));
                Err(self.type_error(format!("'{}' not supported between instances of '{x}' and '{y}'", op.text())))
            }
        }
    }
    /// `hash(v)`
    #[inline]
    pub fn hash(&mut self, v: &Value) -> PyResult<i64> {
        if let Some(i) = v.as_small_or_bool() {
            // far below the modulus; -1 stands for an error in CPython's API
            return Ok(if i == -1 { -2 } else { i });
        }
        if let Some(s) = v.get::<Str>()
            && v.header().is_some_and(|h| h.type_head().flags.get() & flags::HEAP == 0)
        {
            return Ok(str_hash(s));
        }
        self.hash_slow(v)
    }
    fn hash_slow(&mut self, v: &Value) -> PyResult<i64> {
        if let Some(f) = v.as_float() {
            return Ok(crate::types::float::float_hash(f));
        }
        let class = v.class(self);
        if !class.has(flags::HEAP)
            && let Some(t) = v.get::<Tuple>()
        {
            self.enter_native()?;
            let hashes: PyResult<Vec<i64>> = t.items().iter().map(|i| self.hash(i)).collect();
            self.leave_native();
            return Ok(crate::hash::tuple(hashes?.into_iter()));
        }
        let f = class.special(Special::Hash).clone();
        if f.is_none() || f.is_null() {
            let name = self.type_name(v);
            return Err(self.type_error(format!("unhashable type: '{name}'")));
        }
        let r = self.call_special(&f, &[v.clone()])?;
        match r.as_small_or_bool() {
            Some(-1) => Ok(-2),
            Some(h) => Ok(h),
            None => match r.get::<BigInt>() {
                Some(b) => Ok(match b.0.to_i64() {
                    Some(-1) => -2,
                    Some(h) => h,
                    None => crate::hash::big(&b.0),
                }),
                None => Err(self.type_error("__hash__ method should return an integer")),
            },
        }
    }
    /// `item in container`
    pub fn contains(&mut self, container: &Value, item: &Value) -> PyResult<bool> {
        let f = container.class(self).special(Special::Contains).clone();
        if f.is_none() {
            let name = self.type_name(container);
            return Err(self.type_error(format!("'{name}' object is not a container")));
        }
        if !f.is_null() {
            let r = self.call_special(&f, &[container.clone(), item.clone()])?;
            return self.truthy(&r);
        }
        let it = match self.iter(container) {
            Ok(it) => it,
            Err(e) if self.is_exc(&e, Exc::TypeError) && container.class(self).special(Special::Iter).is_null() => {
                let name = self.type_name(container);
                return Err(self.type_error(format!("argument of type '{name}' is not iterable")));
            }
            Err(e) => return Err(e),
        };
        while let Some(x) = self.next(&it)? {
            if self.eq(&x, item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Hash of a str, cached in it.
pub fn str_hash(s: &Str) -> i64 {
    match s.cached_hash() {
        0 => {
            let h = crate::hash::bytes(s.bytes());
            s.set_hash(h);
            h
        }
        h => h,
    }
}

/// The special method of a comparison.
pub fn special_of(op: CmpOp) -> Special {
    Special::Lt.nth(op as u8)
}
/// The comparison with its operands exchanged.
pub fn swapped(op: CmpOp) -> CmpOp {
    match op {
        CmpOp::Lt => CmpOp::Gt,
        CmpOp::Le => CmpOp::Ge,
        CmpOp::Gt => CmpOp::Lt,
        CmpOp::Ge => CmpOp::Le,
        same => same,
    }
}
/// Whether an order satisfies a comparison.
#[inline(always)]
pub fn holds(op: CmpOp, o: Ordering) -> bool {
    match op {
        CmpOp::Lt => o.is_lt(),
        CmpOp::Le => o.is_le(),
        CmpOp::Eq => o.is_eq(),
        CmpOp::Ne => o.is_ne(),
        CmpOp::Gt => o.is_gt(),
        CmpOp::Ge => o.is_ge(),
    }
}

/// Compares numbers and exact strings without running Python; `None` for anything else.
#[inline]
pub fn compare_plain(op: CmpOp, a: &Value, b: &Value) -> Option<bool> {
    if Value::both_small(a, b) {
        return Some(holds(op, a.small_unchecked().cmp(&b.small_unchecked())));
    }
    if let (Some(x), Some(y)) = (a.as_float(), b.as_float()) {
        return Some(compare_floats(op, x, y));
    }
    if let (Some(ha), Some(hb)) = (a.header(), b.header()) {
        let plain = ha.type_head().flags.get() & hb.type_head().flags.get() & flags::PLAIN_EQ != 0;
        if plain && ha.kind() == Kind::Str as u8 && hb.kind() == Kind::Str as u8 {
            let (x, y) = (a.get::<Str>()?, b.get::<Str>()?);
            return Some(match op {
                CmpOp::Eq => a.is(b) || x.bytes() == y.bytes(),
                CmpOp::Ne => !a.is(b) && x.bytes() != y.bytes(),
                _ => holds(op, x.bytes().cmp(y.bytes())),
            });
        }
        return None;
    }
    let (x, y) = (small_number(a)?, small_number(b)?);
    Some(compare_floats(op, x, y))
}

fn small_number(v: &Value) -> Option<f64> {
    v.as_small_or_bool().map(|i| i as f64).or(v.as_float())
}

/// Compares floats as IEEE 754 says.
#[inline(always)]
pub fn compare_floats(op: CmpOp, x: f64, y: f64) -> bool {
    match op {
        CmpOp::Lt => x < y,
        CmpOp::Le => x <= y,
        CmpOp::Eq => x == y,
        CmpOp::Ne => x != y,
        CmpOp::Gt => x > y,
        CmpOp::Ge => x >= y,
    }
}

/// The value of a float or an instance of a subclass.
pub fn float_value(v: &Value) -> Option<f64> {
    v.as_float().or_else(|| v.get::<FloatObj>().map(|f| f.0))
}
