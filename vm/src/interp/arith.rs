//! Arithmetic and comparison of immediate numbers, inline in the loop.

use crate::op::{BinOp, CmpOp};
use crate::proto::compare::{compare_floats, holds};
use crate::value::Value;

const ADD: u8 = BinOp::Add as u8;
const SUB: u8 = BinOp::Sub as u8;
const MUL: u8 = BinOp::Mul as u8;

/// The result where both operands are small ints or floats and the operation is one of the common ones; else `None`.
#[inline(always)]
pub fn binary(op: u8, a: &Value, b: &Value) -> Option<Value> {
    if Value::both_small(a, b) {
        return match op {
            ADD => Value::small_add(a, b),
            SUB => Value::small_sub(a, b),
            MUL => Value::small_mul(a, b),
            _ => small_other(op, a.small_unchecked(), b.small_unchecked()),
        };
    }
    let (x, y) = (a.float_unchecked(), b.float_unchecked());
    let (x, y) = match (a.is_float(), b.is_float()) {
        (true, true) => (x, y),
        (true, false) if b.is_small() => (x, b.small_unchecked() as f64),
        (false, true) if a.is_small() => (a.small_unchecked() as f64, y),
        _ => return None,
    };
    float(op, x, y)
}

#[inline(always)]
fn float(op: u8, x: f64, y: f64) -> Option<Value> {
    const DIV: u8 = BinOp::TrueDiv as u8;
    match op {
        ADD => Some(Value::float(x + y)),
        SUB => Some(Value::float(x - y)),
        MUL => Some(Value::float(x * y)),
        DIV if y != 0.0 => Some(Value::float(x / y)),
        _ => None,
    }
}

#[inline(never)]
fn small_other(op: u8, x: i64, y: i64) -> Option<Value> {
    match BinOp::from_u8(op) {
        BinOp::FloorDiv if y != 0 => Value::small(x.div_euclid(y) - if y < 0 && x.rem_euclid(y) != 0 { 1 } else { 0 }),
        BinOp::Mod if y != 0 => {
            let r = x % y;
            Some(Value::small_wrap(if r != 0 && (r < 0) != (y < 0) { r + y } else { r }))
        }
        BinOp::TrueDiv if y != 0 => Some(Value::float(x as f64 / y as f64)),
        BinOp::And => Some(Value::small_wrap(x & y)),
        BinOp::Or => Some(Value::small_wrap(x | y)),
        BinOp::Xor => Some(Value::small_wrap(x ^ y)),
        BinOp::LShift if (0..48).contains(&y) => {
            let r = x << y;
            if r >> y == x { Value::small(r) } else { None }
        }
        BinOp::RShift if y >= 0 => Some(Value::small_wrap(x >> y.min(63))),
        _ => None,
    }
}

/// The comparison of small ints or floats; `None` for other operands.
#[inline(always)]
pub fn compare(op: CmpOp, a: &Value, b: &Value) -> Option<bool> {
    if Value::both_small(a, b) {
        return Some(holds(op, a.small_unchecked().cmp(&b.small_unchecked())));
    }
    if Value::both_float(a, b) {
        return Some(compare_floats(op, a.float_unchecked(), b.float_unchecked()));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floor_division_and_modulo_follow_python() {
        for (x, y, q, r) in [(7, 2, 3, 1), (-7, 2, -4, 1), (7, -2, -4, -1), (-7, -2, 3, -1), (6, -3, -2, 0), (-6, 3, -2, 0), (1, -5, -1, -4)] {
            let (a, b) = (Value::i32(x), Value::i32(y));
            assert_eq!(binary(BinOp::FloorDiv as u8, &a, &b).unwrap().as_small(), Some(q), "{x}//{y}");
            assert_eq!(binary(BinOp::Mod as u8, &a, &b).unwrap().as_small(), Some(r), "{x}%{y}");
        }
    }
}
