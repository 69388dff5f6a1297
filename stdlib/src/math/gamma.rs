//! The gamma function by the Lanczos approximation with the coefficients that CPython uses (`Modules/mathmodule.c`; they are Boost's,
//! for 53 bits and 13 terms), so that the last digits agree.

use gilbert_vm::num::math::MathLib;
use std::f64::consts::PI;

/// Why there is no result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Failure {
    /// Outside the domain: a pole.
    Domain,
    /// Too large.
    Range,
}

const G: f64 = 6.024680040776729583740234375;
const G_MINUS_HALF: f64 = 5.524680040776729583740234375;
#[allow(clippy::excessive_precision)]
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
const DENOMINATOR: [f64; 13] =
    [0.0, 39916800.0, 120543840.0, 150917976.0, 105258076.0, 45995730.0, 13339535.0, 2637558.0, 357423.0, 32670.0, 1925.0, 66.0, 1.0];
#[allow(clippy::approx_constant)]
const LOG_PI: f64 = 1.144729885849400174143427351353058711647;

/// The rational function of the approximation, from the end that keeps the terms small.
fn lanczos(x: f64) -> f64 {
    let (mut num, mut den) = (0.0, 0.0);
    if x < 5.0 {
        for i in (0..13).rev() {
            num = num * x + NUMERATOR[i];
            den = den * x + DENOMINATOR[i];
        }
    } else {
        for i in 0..13 {
            num = num / x + NUMERATOR[i];
            den = den / x + DENOMINATOR[i];
        }
    }
    num / den
}

/// `sin(pi * x)` without the error that multiplying by pi makes.
fn sin_pi(x: f64, lib: &MathLib) -> f64 {
    let y = x.abs() % 2.0;
    let n = (2.0 * y).round() as i32;
    let r = match n {
        0 => (lib.sin)(PI * y),
        1 => (lib.cos)(PI * (y - 0.5)),
        2 => (lib.sin)(PI * (1.0 - y)),
        3 => -(lib.cos)(PI * (y - 1.5)),
        _ => (lib.sin)(PI * (y - 2.0)),
    };
    r * 1f64.copysign(x)
}

/// `math.gamma(x)`
pub fn gamma(x: f64, lib: &MathLib) -> Result<f64, Failure> {
    if !x.is_finite() {
        return if x.is_nan() || x > 0.0 { Ok(x) } else { Err(Failure::Domain) };
    }
    if x == 0.0 || (x < 0.0 && x == x.floor()) {
        return Err(Failure::Domain);
    }
    if x == x.floor() && x <= 23.0 {
        return Ok((1..x as u64).map(|i| i as f64).product());
    }
    let a = x.abs();
    if a < 1e-20 {
        let r = 1.0 / x;
        return if r.is_infinite() { Err(Failure::Range) } else { Ok(r) };
    }
    if a > 200.0 {
        return if x < 0.0 { Ok(0.0 / sin_pi(x, lib)) } else { Err(Failure::Range) };
    }
    let y = a + G_MINUS_HALF;
    // what the rounding of y lost
    let z = if a > G_MINUS_HALF { (y - a) - G_MINUS_HALF } else { (y - G_MINUS_HALF) - a };
    let z = z * G / y;
    let power = |r: f64, divide: bool| {
        let step = |r: f64, p: f64| if divide { r / p } else { r * p };
        if a < 140.0 {
            step(r, (lib.pow)(y, a - 0.5))
        } else {
            let half = (lib.pow)(y, a / 2.0 - 0.25);
            step(step(r, half), half)
        }
    };
    let r = if x < 0.0 {
        let r = -PI / sin_pi(a, lib) / a * (lib.exp)(y) / lanczos(a);
        power(r - z * r, true)
    } else {
        let r = lanczos(a) / (lib.exp)(y);
        power(r + z * r, false)
    };
    if r.is_infinite() { Err(Failure::Range) } else { Ok(r) }
}

/// `math.lgamma(x)`
pub fn lgamma(x: f64, lib: &MathLib) -> Result<f64, Failure> {
    if !x.is_finite() {
        return Ok(if x.is_nan() { x } else { f64::INFINITY });
    }
    if x == x.floor() && x <= 2.0 {
        return if x <= 0.0 { Err(Failure::Domain) } else { Ok(0.0) };
    }
    let a = x.abs();
    if a < 1e-20 {
        return Ok(-(lib.log)(a));
    }
    let mut r = (lib.log)(lanczos(a)) - G;
    r += (a - 0.5) * ((lib.log)(a + G - 0.5) - 1.0);
    if x < 0.0 {
        r = LOG_PI - (lib.log)(sin_pi(a, lib).abs()) - (lib.log)(a) - r;
    }
    if r.is_infinite() { Err(Failure::Range) } else { Ok(r) }
}
