//! Operators and items, where the loop's short cuts do not fit. A special method written in Python gets a frame instead of a recursion.
//!
//! SAFETY, for the whole file: operands lie on the stack as the compiler's effects say.

use super::frame::{DISCARD, OPERATOR};
use super::run::Next;
use crate::error::PyResult;
use crate::object::Kind;
use crate::op::{BinOp, CmpOp, INPLACE, Op};
use crate::probe::Part;
use crate::proto::compare::{compare_plain, special_of, swapped};
use crate::special::Special;
use crate::types::dict::{Dict, Found};
use crate::types::native::Kwargs;
use crate::types::str::Str;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;

fn is_python(f: &Value) -> bool {
    f.kind() == Some(Kind::Function as u8)
}

impl Vm {
    /// BINARY_OP on anything but immediate numbers.
    #[inline(never)]
    pub(crate) unsafe fn binary_op(&mut self, c: u8) -> PyResult<Next> {
        // SAFETY: see the module.
        unsafe {
            let (op, inplace) = (BinOp::from_u8(c & 31), c & INPLACE != 0);
            let (a, b) = (self.operand(2), self.operand(1));
            if a.kind() == Some(Kind::Str as u8) {
                if op == BinOp::Add && b.kind() == Some(Kind::Str as u8) && self.concat_in_place() {
                    return Ok(Next::Go);
                }
            } else if let Some(r) = crate::types::arith::binary_numbers(self, op, a, b) {
                return self.replace_two(r?);
            }
            if inplace {
                let f = a.class(self).special(Special::IAdd.nth(op as u8)).clone();
                // a list's += is no number's: the right operand is asked first
                if op == BinOp::Add && a.kind() == Some(Kind::List as u8) && !a.class(self).has(flags::HEAP) && b.class(self).has(flags::HEAP) {
                    let g = b.class(self).special(Special::RAdd).clone();
                    if !g.is_null() && !g.is_none() {
                        let r = self.call_special(&g, &[b.clone(), a.clone()])?;
                        if !r.is_not_implemented() {
                            return self.replace_two(r);
                        }
                    }
                }
                if !f.is_null() {
                    let r = self.call_special(&f, &[a.clone(), b.clone()])?;
                    if !r.is_not_implemented() {
                        return self.replace_two(r);
                    }
                }
            }
            let f = a.class(self).special(Special::Add.nth(op as u8)).clone();
            if is_python(&f) && !self.reflected_first(op, a, b) {
                let args = [a.clone(), b.clone()];
                self.push_call(&f, &args, Kwargs::NONE, OPERATOR)?;
                return Ok(Next::Frame);
            }
            let r = self.binary_raw(op, a, b)?;
            if r.is_not_implemented() {
                return Err(self.bad_operands(op, inplace, a, b));
            }
            self.replace_two(r)
        }
    }
    unsafe fn replace_two(&mut self, v: Value) -> PyResult<Next> {
        // SAFETY: two operands are there.
        unsafe {
            drop(self.pop_operand());
            let top = self.top().sp.sub(1);
            *top = v;
            if self.heap_pending() {
                self.run_pending()?;
            }
            Ok(Next::Go)
        }
    }
    /// `s + t`, growing `s` in place where nobody else holds it: neither a variable (the next instruction stores to the one that
    /// does, whose reference is given up first, as CPython's `unicode_concatenate` does) nor another object.
    unsafe fn concat_in_place(&mut self) -> bool {
        // SAFETY: two str operands are there; a count of 1 means that only this stack slot refers to the string.
        unsafe {
            let f: *mut super::frame::Frame = self.top();
            let (a, b) = ((*f).sp.sub(2), (*f).sp.sub(1));
            if (*a).class(self).has(flags::HEAP) || (*b).class(self).has(flags::HEAP) {
                return false;
            }
            let next = *(*f).ip;
            if matches!(next.op, Op::StoreFast | Op::StoreFastLoadFast) && (*a).ref_count() == 2 {
                let slot = (*f).base.add(next.b as usize);
                if (*slot).is(&*a) {
                    *slot = Value::NULL;
                }
            }
            let interned = (*a).header().is_some_and(|h| h.has(crate::heap::TYPE_BIT) || h.is_immortal());
            let (left, right) = ((*a).body::<Str>(), (*b).body::<Str>());
            if (*a).ref_count() == 1 && !interned && left != right && (*left).append(&*right) {
                drop(self.pop_operand());
                return true;
            }
            let (left, right) = (&*left, &*right);
            let joined = match (left.as_str(), right.as_str()) {
                (Some(x), Some(y)) => {
                    // room to grow: a loop of `s += x` is then amortised O(1)
                    let mut t = compact_str::CompactString::with_capacity((x.len() + y.len()).next_power_of_two());
                    t.push_str(x);
                    t.push_str(y);
                    let n = left.char_len() + right.char_len();
                    self.new_object(crate::types::T::Str, Str::with_len(t, n))
                }
                _ => return false,
            };
            drop(self.pop_operand());
            *(*f).sp.sub(1) = joined;
            true
        }
    }
    fn reflected_first(&self, op: BinOp, a: &Value, b: &Value) -> bool {
        let (ta, tb) = (a.type_of(self), b.type_of(self));
        !ta.is(tb) && !b.class(self).special(Special::RAdd.nth(op as u8)).is_null() && b.class(self).is_subtype_of(ta)
    }
    /// The left operand's method did not know: the right one's turn.
    pub(crate) fn after_forward(&mut self, op: BinOp, inplace: bool, a: &Value, b: &Value) -> PyResult {
        if !a.type_of(self).is(b.type_of(self)) {
            let g = b.class(self).special(Special::RAdd.nth(op as u8)).clone();
            if !g.is_null() {
                let r = self.call_special(&g, &[b.clone(), a.clone()])?;
                if !r.is_not_implemented() {
                    return Ok(r);
                }
            }
        }
        Err(self.bad_operands(op, inplace, a, b))
    }
    /// COMPARE_OP on anything but immediate numbers.
    #[inline(never)]
    pub(crate) unsafe fn compare_op(&mut self, op: CmpOp) -> PyResult<Next> {
        // SAFETY: see the module.
        unsafe {
            let (a, b) = (self.operand(2), self.operand(1));
            if let Some(r) = compare_plain(op, a, b) {
                return self.replace_two(Value::bool(r));
            }
            let f = a.class(self).special(special_of(op)).clone();
            let (ta, tb) = (a.type_of(self), b.type_of(self));
            // a fused comparison must be looked at again as what it is, so only the plain instruction gets a frame
            let plain = {
                let frame = self.stack.frames.last().expect("a running frame");
                (*frame.ip.sub(1)).op == Op::CompareOp
            };
            if plain && is_python(&f) && (ta.is(tb) || !b.class(self).is_subtype_of(ta)) {
                let args = [a.clone(), b.clone()];
                self.push_call(&f, &args, Kwargs::NONE, OPERATOR)?;
                return Ok(Next::Frame);
            }
            let r = self.compare(op, a, b)?;
            self.replace_two(r)
        }
    }
    pub(crate) fn compare_after_forward(&mut self, op: CmpOp, a: &Value, b: &Value) -> PyResult {
        let g = b.class(self).special(special_of(swapped(op))).clone();
        if !g.is_null() {
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
    /// `-x`, `+x`, `~x`
    pub(crate) fn unary_op(&mut self, op: Op, v: &Value) -> PyResult {
        let s = match op {
            Op::UnaryNegative => Special::Neg,
            Op::UnaryPositive => Special::Pos,
            _ => Special::Invert,
        };
        if op == Op::UnaryNegative {
            if let Some(i) = v.as_small() {
                return Ok(self.new_int(-i));
            }
            if let Some(f) = v.as_float() {
                return Ok(Value::float(-f));
            }
        }
        self.unary(s, v)
    }
    /// BINARY_SUBSCR, where the short cut does not fit.
    #[inline(never)]
    pub(crate) unsafe fn binary_subscr(&mut self) -> PyResult<Next> {
        // SAFETY: see the module.
        unsafe {
            let (container, key) = (self.operand(2), self.operand(1));
            if container.kind() == Some(Kind::Dict as u8)
                && !container.class(self).has(flags::HEAP)
                && let Some(v) = self.dict_plain(container, key)
            {
                return self.replace_two(v);
            }
            let f = container.class(self).special(Special::GetItem).clone();
            if is_python(&f) {
                let args = [container.clone(), key.clone()];
                self.push_call(&f, &args, Kwargs::NONE, 0)?;
                let len = self.stack.frames.len();
                let caller = &mut self.stack.frames[len - 2];
                for _ in 0..2 {
                    caller.sp = caller.sp.sub(1);
                    drop(caller.sp.read());
                }
                return Ok(Next::Frame);
            }
            let r = self.get_item(container, key)?;
            self.replace_two(r)
        }
    }
    /// A dict's value for a key that hashes and compares without Python; `None` to go the long way.
    #[inline]
    fn dict_plain(&mut self, dict: &Value, key: &Value) -> Option<Value> {
        let hash = match key.as_small() {
            Some(i) => crate::hash::int(i),
            None if key.kind() == Some(Kind::Str as u8) && !key.class(self).has(flags::HEAP) => crate::proto::compare::str_hash(key.get::<Str>()?),
            None => return None,
        };
        self.touch_read(dict, Part::Hash(hash));
        let d = dict.borrow::<Dict>(self)?;
        match d.find(hash, key) {
            Found::At(i) => d.value_at(i).cloned(),
            _ => None,
        }
    }
    /// STORE_SUBSCR, where the short cut does not fit.
    #[inline(never)]
    pub(crate) unsafe fn store_subscr(&mut self) -> PyResult<Next> {
        // SAFETY: see the module.
        unsafe {
            let (value, container, key) = (self.operand(3).clone(), self.operand(2), self.operand(1));
            if container.kind() == Some(Kind::Dict as u8) && !container.class(self).has(flags::HEAP) {
                self.dict_set(container, key, value)?;
            } else {
                let f = container.class(self).special(Special::SetItem).clone();
                if is_python(&f) {
                    let args = [container.clone(), key.clone(), value];
                    self.push_call(&f, &args, Kwargs::NONE, DISCARD)?;
                    let len = self.stack.frames.len();
                    let caller = &mut self.stack.frames[len - 2];
                    for _ in 0..3 {
                        caller.sp = caller.sp.sub(1);
                        drop(caller.sp.read());
                    }
                    return Ok(Next::Frame);
                }
                self.set_item(container, key, value)?;
            }
            for _ in 0..3 {
                drop(self.pop_operand());
            }
            if self.heap_pending() {
                self.run_pending()?;
            }
            Ok(Next::Go)
        }
    }
}
