//! Floats as bytes of IEEE 754 formats, for `struct`, `array` and `memoryview`.
//!
//! Functions: [`pack_f16`], [`pack_f32`], [`pack_f64`], [`unpack_f16`], [`unpack_f32`], [`unpack_f64`].

use super::err::{PyResult, overflow_error};
use super::int::Order;

fn ordered<const N: usize>(mut bytes: [u8; N], order: Order) -> [u8; N] {
    if order == Order::Big {
        bytes.reverse();
    }
    bytes
}

/// A double's 8 bytes.
pub fn pack_f64(x: f64, order: Order) -> [u8; 8] {
    ordered(x.to_le_bytes(), order)
}

/// A double from its 8 bytes.
pub fn unpack_f64(bytes: [u8; 8], order: Order) -> f64 {
    f64::from_le_bytes(ordered(bytes, order))
}

/// 4 bytes; OverflowError when a finite value rounds to infinity.
pub fn pack_f32(x: f64, order: Order) -> PyResult<[u8; 4]> {
    let single = x as f32;
    if single.is_infinite() && x.is_finite() {
        return Err(overflow_error("float too large to pack with f format"));
    }
    Ok(ordered(single.to_le_bytes(), order))
}

/// From 4 bytes.
pub fn unpack_f32(bytes: [u8; 4], order: Order) -> f64 {
    f64::from(f32::from_le_bytes(ordered(bytes, order)))
}

/// 2 bytes, rounded half to even; OverflowError when a finite value rounds to infinity.
pub fn pack_f16(x: f64, order: Order) -> PyResult<[u8; 2]> {
    let sign = if x.is_sign_negative() { 0x8000u16 } else { 0 };
    let a = x.abs();
    let magnitude = if a.is_nan() {
        0x7e00
    } else if a.is_infinite() {
        0x7c00
    } else {
        half_bits(a)
    };
    if magnitude == 0x7c00 && x.is_finite() {
        return Err(overflow_error("float too large to pack with e format"));
    }
    Ok(ordered((sign | magnitude).to_le_bytes(), order))
}

/// The bits of a finite value that is not negative.
fn half_bits(a: f64) -> u16 {
    if a >= 65536.0 {
        return 0x7c00;
    }
    // The unit of the last place: 2**-24 below 2**-14, else 2**-10 of the leading bit. Scaling by it is exact.
    let exp = ((a.to_bits() >> 52) as i32 - 1023).max(-14);
    let units = (a * 2f64.powi(10 - exp)).round_ties_even() as u16;
    // A carry into the exponent comes out right by addition.
    (((exp + 14) as u16) << 10) + units
}

/// From 2 bytes.
pub fn unpack_f16(bytes: [u8; 2], order: Order) -> f64 {
    let bits = u16::from_le_bytes(ordered(bytes, order));
    let fraction = f64::from(bits & 0x3ff);
    let magnitude = match (bits >> 10) & 0x1f {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        exp => (fraction + 1024.0) * 2f64.powi(i32::from(exp) - 25),
    };
    if bits & 0x8000 != 0 { -magnitude } else { magnitude }
}
