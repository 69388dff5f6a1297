//! The gamma function and its logarithm by Lanczos' approximation, with the constants of Boost (g = 6.0246.., 13
//! terms, Godfrey's and Maddock's) that CPython's `mathmodule.c` takes as well, so that results agree to the bit.
//!
//! Functions: [`gamma`], [`lgamma`]. Poles give infinity or NaN; Python's errors are the caller's.

#![allow(clippy::excessive_precision)] // The constants are given as published.

use super::math::MathLib;
use std::f64::consts::PI;

const G: f64 = 6.024_680_040_776_729_583_740_234_375;
const G_MINUS_HALF: f64 = 5.524_680_040_776_729_583_740_234_375;
const LOG_PI: f64 = 1.144_729_885_849_400_174_143_427_351_353_058_711_647;

/// The sum's numerator, by rising powers.
const NUMERATOR: [f64; 13] = [
    23531376880.410759688572007674451636754734846804940,
    42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843,
    17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708,
    1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801,
    31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768,
    186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024,
    210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408,
];

/// Its denominator: x (x + 1) .. (x + 11) multiplied out.
const DENOMINATOR: [f64; 13] =
    [0.0, 39916800.0, 120543840.0, 150917976.0, 105258076.0, 45995730.0, 13339535.0, 2637558.0, 357423.0, 32670.0, 1925.0, 66.0, 1.0];

/// The Lanczos sum for positive `x`, evaluated so that nothing overflows.
fn sum(x: f64) -> f64 {
    let terms = NUMERATOR.iter().zip(&DENOMINATOR);
    let (n, d) = if x < 5.0 {
        terms.rev().fold((0.0, 0.0), |(n, d), (a, b)| (n * x + a, d * x + b))
    } else {
        terms.fold((0.0, 0.0), |(n, d), (a, b)| (n / x + a, d / x + b))
    };
    n / d
}

/// `sin(pi x)` without the error of multiplying a large `x` by pi.
fn sin_pi(x: f64, lib: &MathLib) -> f64 {
    let y = x.abs() % 2.0;
    let r = match (2.0 * y).round() as i32 {
        0 => (lib.sin)(PI * y),
        1 => (lib.cos)(PI * (y - 0.5)),
        2 => (lib.sin)(PI * (1.0 - y)),
        3 => -(lib.cos)(PI * (y - 1.5)),
        _ => (lib.sin)(PI * (y - 2.0)),
    };
    if x.is_sign_negative() { -r } else { r }
}

/// The gamma function; NaN at negative integers and minus infinity, infinite at zero and on overflow.
pub fn gamma(x: f64, lib: &MathLib) -> f64 {
    if x.is_nan() || x == f64::INFINITY {
        return x;
    }
    if x == 0.0 {
        return f64::INFINITY.copysign(x);
    }
    if x == x.floor() {
        if x < 0.0 {
            return f64::NAN;
        }
        if x <= 23.0 {
            // 22! is the last factorial that a double holds exactly.
            return (1..x as u32).fold(1.0, |f, n| f * f64::from(n));
        }
    }
    let a = x.abs();
    if a < 1e-20 {
        return 1.0 / x;
    }
    if a > 200.0 {
        return if x < 0.0 { 0.0 / sin_pi(x, lib) } else { f64::INFINITY };
    }
    let y = a + G_MINUS_HALF;
    // What the addition lost, as a relative correction.
    let lost = if a > G_MINUS_HALF { (y - a) - G_MINUS_HALF } else { (y - G_MINUS_HALF) - a };
    let correction = lost * G / y;
    let (mut r, invert) = if x < 0.0 {
        let r = -PI / sin_pi(a, lib) / a * (lib.exp)(y) / sum(a);
        (r - correction * r, true)
    } else {
        let r = sum(a) / (lib.exp)(y);
        (r + correction * r, false)
    };
    let mut scale = |by: f64| if invert { r /= by } else { r *= by };
    if a < 140.0 {
        scale((lib.pow)(y, a - 0.5));
    } else {
        let half = (lib.pow)(y, a / 2.0 - 0.25);
        scale(half);
        scale(half);
    }
    r
}

/// The logarithm of the absolute value of the gamma function; infinite at its poles.
pub fn lgamma(x: f64, lib: &MathLib) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x.is_infinite() {
        return f64::INFINITY;
    }
    if x == x.floor() && x <= 2.0 {
        return if x <= 0.0 { f64::INFINITY } else { 0.0 };
    }
    let a = x.abs();
    if a < 1e-20 {
        return -(lib.log)(a);
    }
    let mut r = (lib.log)(sum(a)) - G;
    r += (a - 0.5) * ((lib.log)(a + G - 0.5) - 1.0);
    if x < 0.0 {
        r = LOG_PI - (lib.log)(sin_pi(a, lib).abs()) - (lib.log)(a) - r;
    }
    r
}
