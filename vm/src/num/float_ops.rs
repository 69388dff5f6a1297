//! Arithmetic of floats where Python differs from the machine.
//!
//! Functions: [`floor_div`], [`modulo`], [`divmod`], [`true_div`], [`pow`], [`round_digits`], [`round_to_int`],
//! [`as_integer_ratio`], [`is_integer`].

use super::err::{PyResult, overflow_error, value_error, zero_division};
use super::int::Int;
use super::math::MathLib;

/// `x / y`.
pub fn true_div(x: f64, y: f64) -> PyResult<f64> {
    if y == 0.0 {
        return Err(zero_division("float division by zero"));
    }
    Ok(x / y)
}

/// Remainder with the divisor's sign, and the exact multiple that was taken off, before it is made integral.
fn remainder(x: f64, y: f64) -> (f64, f64) {
    let mut r = x % y;
    let mut q = (x - r) / y;
    if r == 0.0 {
        r = 0f64.copysign(y);
    } else if (y < 0.0) != (r < 0.0) {
        r += y;
        q -= 1.0;
    }
    (q, r)
}

/// Rounds a quotient that is nearly integral, and gives zero the sign of `x / y`.
fn settle(q: f64, x: f64, y: f64) -> f64 {
    if q == 0.0 {
        return 0f64.copysign(x / y);
    }
    let floor = q.floor();
    if q - floor > 0.5 { floor + 1.0 } else { floor }
}

/// `x // y`.
pub fn floor_div(x: f64, y: f64) -> PyResult<f64> {
    if y == 0.0 {
        return Err(zero_division("float floor division by zero"));
    }
    Ok(settle(remainder(x, y).0, x, y))
}

/// `x % y`.
pub fn modulo(x: f64, y: f64) -> PyResult<f64> {
    if y == 0.0 {
        return Err(zero_division("float modulo"));
    }
    Ok(remainder(x, y).1)
}

/// `divmod(x, y)`.
pub fn divmod(x: f64, y: f64) -> PyResult<(f64, f64)> {
    if y == 0.0 {
        return Err(zero_division("float divmod()"));
    }
    let (q, r) = remainder(x, y);
    Ok((settle(q, x, y), r))
}

/// What `x ** y` is: a float, or a complex number where a negative base meets a broken exponent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Power {
    /// An ordinary result.
    Real(f64),
    /// `(re, im)`.
    Complex(f64, f64),
}

/// `x ** y`. The OverflowError's text is that of `OverflowError(34, 'Numerical result out of range')`, which has
/// two arguments: see [`ERANGE`].
pub fn pow(x: f64, y: f64, lib: &MathLib) -> PyResult<Power> {
    if x < 0.0 && x.is_finite() && y.is_finite() && y != y.floor() {
        let (re, im) = super::complex::pow((x, 0.0), (y, 0.0), lib)?;
        return Ok(Power::Complex(re, im));
    }
    real_pow(x, y, lib).map(Power::Real)
}

/// The arguments of the OverflowError that float arithmetic raises.
pub const ERANGE: (i64, &str) = (34, "Numerical result out of range");

/// `x ** y` where the result is real.
fn real_pow(x: f64, y: f64, lib: &MathLib) -> PyResult<f64> {
    let odd = y.abs() % 2.0 == 1.0;
    if y == 0.0 {
        return Ok(1.0);
    }
    if x.is_nan() {
        return Ok(x);
    }
    if y.is_nan() {
        return Ok(if x == 1.0 { 1.0 } else { y });
    }
    if y.is_infinite() {
        let a = x.abs();
        return Ok(if a == 1.0 {
            1.0
        } else if (y > 0.0) == (a > 1.0) {
            f64::INFINITY
        } else {
            0.0
        });
    }
    if x.is_infinite() {
        return Ok(match (y > 0.0, odd) {
            (true, true) => x,
            (true, false) => f64::INFINITY,
            (false, true) => 0f64.copysign(x),
            (false, false) => 0.0,
        });
    }
    if x == 0.0 {
        if y < 0.0 {
            return Err(zero_division("0.0 cannot be raised to a negative power"));
        }
        return Ok(if odd { x } else { 0.0 });
    }
    let sign = if x < 0.0 && odd { -1.0 } else { 1.0 };
    let a = x.abs();
    let magnitude = if a == 1.0 { 1.0 } else { (lib.pow)(a, y) };
    if magnitude.is_infinite() {
        return Err(overflow_error("(34, 'Numerical result out of range')"));
    }
    Ok(sign * magnitude)
}

/// `round(x, ndigits)`, half to even on the exact value.
pub fn round_digits(x: f64, ndigits: i64) -> PyResult<f64> {
    if !x.is_finite() || x == 0.0 || ndigits > 323 {
        return Ok(x);
    }
    if ndigits < -308 {
        return Ok(0.0 * x);
    }
    if ndigits >= 0 {
        if let Some(n) = super::float::scaled(x, ndigits as usize) {
            // Both exact, so the quotient is the float nearest to the decimal.
            return Ok((n as f64 / super::float::TENS[ndigits as usize]).copysign(x));
        }
        return Ok(format!("{x:.*}", ndigits as usize).parse().unwrap_or(x));
    }
    round_to_tens(x, ndigits.unsigned_abs())
}

/// Rounds to a multiple of `10**places`.
fn round_to_tens(x: f64, places: u64) -> PyResult<f64> {
    let unit = Int::from(10).pow(&Int::from(places), 1 << 20)?;
    let whole = x.abs().trunc();
    let (q, r) = Int::from_f64(whole)?.divmod(&unit)?;
    let twice = r.add(&r);
    let beyond = twice.cmp(&unit).then(if x.abs() > whole { std::cmp::Ordering::Greater } else { std::cmp::Ordering::Equal });
    let up = beyond.is_gt() || (beyond.is_eq() && q.is_odd());
    let q = if up { q.add(&Int::ONE) } else { q };
    let rounded = q.mul(&unit, 1 << 20)?.to_f64().map_err(|_| overflow_error("rounded value too large to represent"))?;
    Ok(rounded.copysign(x))
}

/// `round(x)`: the nearest int, half to even.
pub fn round_to_int(x: f64) -> PyResult<Int> {
    Int::from_f64(x.round_ties_even())
}

/// `x.as_integer_ratio()`.
pub fn as_integer_ratio(x: f64) -> PyResult<(Int, Int)> {
    if x.is_nan() {
        return Err(value_error("cannot convert NaN to integer ratio"));
    }
    if x.is_infinite() {
        return Err(overflow_error("cannot convert Infinity to integer ratio"));
    }
    let (mut mantissa, mut exp) = super::float::decompose(x.abs());
    if mantissa == 0 {
        return Ok((Int::ZERO, Int::ONE));
    }
    let zeros = mantissa.trailing_zeros();
    mantissa >>= zeros;
    exp += zeros as i32;
    let shift = |x: Int, by: i32| x.shl(&Int::from(by), 1 << 20);
    let numerator = shift(Int::from(mantissa), exp.max(0))?;
    let denominator = shift(Int::ONE, (-exp).max(0))?;
    Ok((if x < 0.0 { numerator.neg() } else { numerator }, denominator))
}

/// `x.is_integer()`.
pub fn is_integer(x: f64) -> bool {
    x.is_finite() && x == x.trunc()
}
