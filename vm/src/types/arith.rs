//! Arithmetic and order of ints and floats, exact or subclassed, small or big. What the methods of `int` and `float` and the
//! interpreter's slow paths share (`Objects/longobject.c`, `Objects/floatobject.c`).

use crate::error::{Exc, PyResult};
use crate::num::float_ops::{self, ERANGE, Power};
use crate::num::int::DEFAULT_MAX_BYTES;
use crate::num::math::MathLib;
use crate::num::{Int, Kind, PyErr};
use crate::op::{BinOp, CmpOp};
use crate::proto::compare::{compare_floats, float_value, holds};
use crate::types::complex::new_complex;
use crate::types::int::BigInt;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use std::borrow::Cow;

/// An int's value, without a copy of a big one.
#[derive(Clone, Copy)]
pub enum IntRef<'a> {
    /// Fits 64 bits.
    Small(i64),
    /// Does not.
    Big(&'a Int),
}

impl<'a> IntRef<'a> {
    /// The value of an int, a bool or an instance of a subclass.
    #[inline]
    pub fn of(v: &'a Value) -> Option<IntRef<'a>> {
        if let Some(i) = v.as_small_or_bool() {
            return Some(IntRef::Small(i));
        }
        let big = &v.get::<BigInt>()?.0;
        Some(big.to_i64().map_or(IntRef::Big(big), IntRef::Small))
    }
    /// The value of an exact int or bool.
    #[inline]
    pub fn of_exact(v: &'a Value) -> Option<IntRef<'a>> {
        if is_subclass_instance(v) { None } else { IntRef::of(v) }
    }
    /// As a big integer.
    pub fn int(self) -> Cow<'a, Int> {
        match self {
            IntRef::Small(i) => Cow::Owned(Int::from(i)),
            IntRef::Big(i) => Cow::Borrowed(i),
        }
    }
    /// As the nearest float.
    pub fn to_f64(self) -> Result<f64, PyErr> {
        match self {
            IntRef::Small(i) => Ok(i as f64),
            IntRef::Big(i) => i.to_f64(),
        }
    }
    /// Is it 0?
    pub fn is_zero(self) -> bool {
        matches!(self, IntRef::Small(0))
    }
    /// Is it below 0?
    pub fn is_negative(self) -> bool {
        match self {
            IntRef::Small(i) => i < 0,
            IntRef::Big(i) => i.is_negative(),
        }
    }
    /// The order of two ints.
    pub fn order(self, other: IntRef) -> std::cmp::Ordering {
        match (self, other) {
            (IntRef::Small(a), IntRef::Small(b)) => a.cmp(&b),
            _ => self.int().cmp(&other.int()),
        }
    }
}

/// Whether the value is an instance of a class made by a class statement.
#[inline]
pub fn is_subclass_instance(v: &Value) -> bool {
    v.header().is_some_and(|h| h.type_head().flags.get() & flags::HEAP != 0)
}

/// `a <op> b` for exact ints, bools and floats of any size, without looking methods up; `None` for other operands.
pub fn binary_numbers(vm: &mut Vm, op: BinOp, a: &Value, b: &Value) -> Option<PyResult> {
    if let (Some(x), Some(y)) = (IntRef::of_exact(a), IntRef::of_exact(b)) {
        if a.is_bool() && b.is_bool() {
            let (x, y) = (a.is_true(), b.is_true());
            match op {
                BinOp::And => return Some(Ok(Value::bool(x & y))),
                BinOp::Or => return Some(Ok(Value::bool(x | y))),
                BinOp::Xor => return Some(Ok(Value::bool(x ^ y))),
                _ => {}
            }
        }
        return known(int_op(vm, op, x, y));
    }
    if !a.is_float() && !b.is_float() {
        return None;
    }
    let (x, y) = (exact_number(vm, a)?, exact_number(vm, b)?);
    match (x, y) {
        (Ok(x), Ok(y)) => known(float_op(vm, op, x, y)),
        (Err(e), _) | (_, Err(e)) => Some(Err(e)),
    }
}

fn known(r: PyResult) -> Option<PyResult> {
    match &r {
        Ok(v) if v.is_not_implemented() => None,
        _ => Some(r),
    }
}

fn exact_number(vm: &mut Vm, v: &Value) -> Option<PyResult<f64>> {
    match v.as_float() {
        Some(f) => Some(Ok(f)),
        None => IntRef::of_exact(v).map(|i| i.to_f64().map_err(|e| vm.num_err(e))),
    }
}

/// `a <op> b` for exact ints, bools and floats of any size; `None` for other operands.
pub fn compare_numbers(op: CmpOp, a: &Value, b: &Value) -> Option<bool> {
    match (IntRef::of_exact(a), IntRef::of_exact(b)) {
        (Some(x), Some(y)) => Some(holds(op, x.order(y))),
        (Some(x), None) => Some(compare_int_float(op, x, b.as_float()?)),
        (None, Some(y)) => Some(compare_int_float(crate::proto::compare::swapped(op), y, a.as_float()?)),
        (None, None) => Some(compare_floats(op, a.as_float()?, b.as_float()?)),
    }
}

/// Compares an int with a float exactly.
pub fn compare_int_float(op: CmpOp, i: IntRef, f: f64) -> bool {
    const EXACT: u64 = 1 << 53;
    match i {
        IntRef::Small(i) if i.unsigned_abs() <= EXACT => compare_floats(op, i as f64, f),
        _ => i.int().cmp_f64(f).map_or(op == CmpOp::Ne, |o| holds(op, o)),
    }
}

/// The most bytes that one int may take.
pub fn max_bytes(vm: &Vm) -> usize {
    match vm.iso().settings.max_memory {
        0 => DEFAULT_MAX_BYTES,
        n => n.min(DEFAULT_MAX_BYTES),
    }
}

/// `a <op> b` of two ints; NotImplemented for `@`.
pub fn int_op(vm: &mut Vm, op: BinOp, a: IntRef, b: IntRef) -> PyResult {
    if let (IntRef::Small(x), IntRef::Small(y)) = (a, b)
        && let Some(v) = small_op(vm, op, x, y)
    {
        return Ok(v);
    }
    if matches!(op, BinOp::Pow) {
        return int_pow(vm, a, b);
    }
    let max = max_bytes(vm);
    let (x, y) = (a.int(), b.int());
    let result = match op {
        BinOp::Add => Ok(x.add(&y)),
        BinOp::Sub => Ok(x.sub(&y)),
        BinOp::Mul => x.mul(&y, max),
        BinOp::FloorDiv => x.floor_div(&y),
        BinOp::Mod => x.modulo(&y),
        BinOp::LShift => x.shl(&y, max),
        BinOp::RShift => x.shr(&y),
        BinOp::And => Ok(x.and(&y)),
        BinOp::Or => Ok(x.or(&y)),
        BinOp::Xor => Ok(x.xor(&y)),
        BinOp::TrueDiv => return x.true_div(&y).map(Value::float).map_err(|e| vm.num_err(e)),
        BinOp::Pow | BinOp::MatMul => return Ok(Value::NOT_IMPLEMENTED),
    };
    int_result(vm, result)
}

/// A computed int as a value, or the error.
pub fn int_result(vm: &mut Vm, r: Result<Int, PyErr>) -> PyResult {
    match r {
        Ok(i) => Ok(vm.new_bigint(i)),
        Err(e) => Err(vm.num_err(e)),
    }
}

/// Operations that 64 bits hold; `None` where they do not, or where it is an error.
fn small_op(vm: &mut Vm, op: BinOp, x: i64, y: i64) -> Option<Value> {
    let r = match op {
        BinOp::Add => x.checked_add(y)?,
        BinOp::Sub => x.checked_sub(y)?,
        BinOp::Mul => x.checked_mul(y)?,
        BinOp::FloorDiv => {
            let q = x.checked_div(y)?;
            if x % y != 0 && (x < 0) != (y < 0) { q - 1 } else { q }
        }
        BinOp::Mod => {
            let r = x.checked_rem(y)?;
            if r != 0 && (r < 0) != (y < 0) { r + y } else { r }
        }
        BinOp::Pow => x.checked_pow(u32::try_from(y).ok()?)?,
        BinOp::LShift if x == 0 && y >= 0 => 0,
        BinOp::LShift if (0..63).contains(&y) && (x << y) >> y == x => x << y,
        BinOp::RShift if y >= 0 => x >> y.min(63),
        BinOp::And => x & y,
        BinOp::Or => x | y,
        BinOp::Xor => x ^ y,
        _ => return None,
    };
    Some(vm.new_int(r))
}

fn int_pow(vm: &mut Vm, a: IntRef, b: IntRef) -> PyResult {
    if b.is_negative() {
        return match (a.to_f64(), b.to_f64()) {
            (Ok(x), Ok(y)) => float_op(vm, BinOp::Pow, x, y),
            (Err(e), _) | (_, Err(e)) => Err(vm.num_err(e)),
        };
    }
    let max = max_bytes(vm);
    let r = a.int().pow(&b.int(), max);
    int_result(vm, r)
}

/// `pow(a, b, modulus)` of ints.
pub fn int_pow_mod(vm: &mut Vm, a: IntRef, b: IntRef, modulus: IntRef) -> PyResult {
    let r = a.int().pow_mod(&b.int(), &modulus.int());
    int_result(vm, r)
}

/// `divmod(a, b)` of ints.
pub fn int_divmod(vm: &mut Vm, a: IntRef, b: IntRef) -> PyResult {
    let (q, r) = match a.int().divmod(&b.int()) {
        Ok(qr) => qr,
        Err(e) => return Err(vm.num_err(e)),
    };
    let pair = vec![vm.new_bigint(q), vm.new_bigint(r)];
    Ok(vm.new_tuple(pair))
}

/// `x <op> y` of two floats; NotImplemented where floats have no such operator.
pub fn float_op(vm: &mut Vm, op: BinOp, x: f64, y: f64) -> PyResult {
    let r = match op {
        BinOp::Add => Ok(x + y),
        BinOp::Sub => Ok(x - y),
        BinOp::Mul => Ok(x * y),
        BinOp::TrueDiv => float_ops::true_div(x, y),
        BinOp::FloorDiv => float_ops::floor_div(x, y),
        BinOp::Mod => float_ops::modulo(x, y),
        BinOp::Pow => match float_ops::pow(x, y, math_lib(vm)) {
            Ok(Power::Real(f)) => Ok(f),
            Ok(Power::Complex(re, im)) => return Ok(new_complex(vm, re, im)),
            Err(e) => return Err(pow_error(vm, e)),
        },
        _ => return Ok(Value::NOT_IMPLEMENTED),
    };
    r.map(Value::float).map_err(|e| vm.num_err(e))
}

/// The OverflowError of float powers has two arguments.
fn pow_error(vm: &mut Vm, e: PyErr) -> crate::error::Raised {
    if e.kind != Kind::Overflow {
        return vm.num_err(e);
    }
    let args = vec![Value::small_wrap(ERANGE.0), vm.new_str(ERANGE.1)];
    vm.err_args(Exc::OverflowError, args)
}

/// The elementary functions: software ones where the world is simulated, so that a script's output is the same everywhere.
pub fn math_lib(vm: &Vm) -> &'static MathLib {
    MathLib::choose(vm.iso().world.simulated())
}

/// The operand as a float: floats, ints and their subclasses; `None` for others.
pub fn float_operand(vm: &mut Vm, v: &Value) -> PyResult<Option<f64>> {
    if let Some(f) = float_value(v) {
        return Ok(Some(f));
    }
    match IntRef::of(v) {
        Some(i) => i.to_f64().map(Some).map_err(|e| vm.num_err(e)),
        None => Ok(None),
    }
}

/// The bytes of a bytes-like object; `None` for others.
pub fn bytes_like(vm: &mut Vm, v: &Value) -> Option<Vec<u8>> {
    if vm.is_buffer(v) { vm.buffer_bytes(v).ok() } else { None }
}
