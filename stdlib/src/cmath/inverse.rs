//! The inverse functions.

use super::{C, Failure, LARGE, Res, sqrt, times_minus_i};
use gilbert_vm::num::math::MathLib;
use std::f64::consts::{FRAC_PI_2, LN_2};

/// The logarithm of the size of a number so large that its square overflows.
fn log_large(z: C, l: &MathLib) -> f64 {
    if z.0.is_infinite() || z.1.is_infinite() {
        return f64::INFINITY;
    }
    (l.log)((l.hypot)(z.0 / 2.0, z.1 / 2.0)) + LN_2 * 2.0
}
fn is_large(z: C) -> bool {
    z.0.abs() > LARGE || z.1.abs() > LARGE
}

pub fn acos(z: C, l: &MathLib) -> Res {
    if is_large(z) {
        let im = log_large(z, l);
        let im = if z.0 < 0.0 { -im.copysign(z.1) } else { im.copysign(-z.1) };
        return Ok(((l.atan2)(z.1.abs(), z.0), im));
    }
    let (s1, s2) = (sqrt((1.0 - z.0, -z.1), l), sqrt((1.0 + z.0, z.1), l));
    Ok((2.0 * (l.atan2)(s1.0, s2.0), (l.asinh)(s2.0 * s1.1 - s2.1 * s1.0)))
}
pub fn acosh(z: C, l: &MathLib) -> Res {
    if is_large(z) {
        return Ok((log_large(z, l), (l.atan2)(z.1, z.0)));
    }
    let (s1, s2) = (sqrt((z.0 - 1.0, z.1), l), sqrt((z.0 + 1.0, z.1), l));
    Ok(((l.asinh)(s1.0 * s2.0 + s1.1 * s2.1), 2.0 * (l.atan2)(s1.1, s2.0)))
}
pub fn asinh(z: C, l: &MathLib) -> Res {
    if is_large(z) {
        let re = log_large(z, l);
        let re = if z.1 >= 0.0 { re.copysign(z.0) } else { -re.copysign(-z.0) };
        return Ok((re, (l.atan2)(z.1, z.0.abs())));
    }
    let (s1, s2) = (sqrt((1.0 + z.1, -z.0), l), sqrt((1.0 - z.1, z.0), l));
    Ok(((l.asinh)(s1.0 * s2.1 - s2.0 * s1.1), (l.atan2)(z.1, s1.0 * s2.0 - s1.1 * s2.1)))
}
pub fn asin(z: C, l: &MathLib) -> Res {
    asinh((-z.1, z.0), l).map(times_minus_i)
}
pub fn atanh(z: C, l: &MathLib) -> Res {
    if z.0.is_sign_negative() && !z.0.is_nan() {
        return atanh((-z.0, -z.1), l).map(|r| (-r.0, -r.1));
    }
    let ay = z.1.abs();
    let square_large = LARGE.sqrt();
    if z.0 > square_large || ay > square_large {
        let h = (l.hypot)(z.0 / 2.0, z.1 / 2.0);
        let re = if h.is_infinite() { 0.0 } else { z.0 / 4.0 / h / h };
        return Ok((re, -FRAC_PI_2.copysign(-z.1)));
    }
    if z.0 == 1.0 && ay < f64::MIN_POSITIVE.sqrt() {
        if ay == 0.0 {
            return Err(Failure::Domain);
        }
        return Ok((-(l.log)(ay.sqrt() / (l.hypot)(ay, 2.0).sqrt()), ((l.atan2)(2.0, -ay) / 2.0).copysign(z.1)));
    }
    let left = 1.0 - z.0;
    Ok(((l.log1p)(4.0 * z.0 / (left * left + ay * ay)) / 4.0, -(l.atan2)(-2.0 * z.1, left * (1.0 + z.0) - ay * ay) / 2.0))
}
pub fn atan(z: C, l: &MathLib) -> Res {
    atanh((-z.1, z.0), l).map(times_minus_i)
}
