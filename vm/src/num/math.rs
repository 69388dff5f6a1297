//! The elementary functions in two makes: the host's (fast, differs by machine in the last bit) and software
//! (`libm`, the same bits everywhere). The simulated world must use [`SOFT`], so that a script's output does not
//! depend on the host; native runs use [`NATIVE`].
//!
//! Functions: those of [`MathLib`]: sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp exp2 expm1 log
//! log2 log10 log1p sqrt cbrt erf erfc gamma lgamma (of one float) and atan2 pow hypot (of two).
//! None of them checks domains; Python's ValueError and OverflowError are the caller's.
//!
//! Exact operations (floor, fmod, ldexp, nextafter ..) are the same everywhere and are not in the table.

use super::gamma::{gamma, lgamma};

/// A make of the elementary functions.
#[allow(missing_docs)]
pub struct MathLib {
    pub sin: fn(f64) -> f64,
    pub cos: fn(f64) -> f64,
    pub tan: fn(f64) -> f64,
    pub asin: fn(f64) -> f64,
    pub acos: fn(f64) -> f64,
    pub atan: fn(f64) -> f64,
    pub sinh: fn(f64) -> f64,
    pub cosh: fn(f64) -> f64,
    pub tanh: fn(f64) -> f64,
    pub asinh: fn(f64) -> f64,
    pub acosh: fn(f64) -> f64,
    pub atanh: fn(f64) -> f64,
    pub exp: fn(f64) -> f64,
    pub exp2: fn(f64) -> f64,
    pub expm1: fn(f64) -> f64,
    pub log: fn(f64) -> f64,
    pub log2: fn(f64) -> f64,
    pub log10: fn(f64) -> f64,
    pub log1p: fn(f64) -> f64,
    pub sqrt: fn(f64) -> f64,
    pub cbrt: fn(f64) -> f64,
    pub erf: fn(f64) -> f64,
    pub erfc: fn(f64) -> f64,
    pub gamma: fn(f64) -> f64,
    pub lgamma: fn(f64) -> f64,
    pub atan2: fn(f64, f64) -> f64,
    pub pow: fn(f64, f64) -> f64,
    pub hypot: fn(f64, f64) -> f64,
}

/// The host's functions. Where the standard library has none, or computes its own instead of calling the host's,
/// the software ones stand in.
pub static NATIVE: MathLib = MathLib {
    sin: f64::sin,
    cos: f64::cos,
    tan: f64::tan,
    asin: f64::asin,
    acos: f64::acos,
    atan: f64::atan,
    sinh: f64::sinh,
    cosh: f64::cosh,
    tanh: f64::tanh,
    asinh: libm::asinh,
    acosh: libm::acosh,
    atanh: libm::atanh,
    exp: f64::exp,
    exp2: f64::exp2,
    expm1: f64::exp_m1,
    log: f64::ln,
    log2: f64::log2,
    log10: f64::log10,
    log1p: f64::ln_1p,
    sqrt: f64::sqrt,
    cbrt: f64::cbrt,
    erf: libm::erf,
    erfc: libm::erfc,
    gamma: |x| gamma(x, &NATIVE),
    lgamma: |x| lgamma(x, &NATIVE),
    atan2: f64::atan2,
    pow: f64::powf,
    hypot: f64::hypot,
};

/// Software functions, bit for bit the same on every machine.
pub static SOFT: MathLib = MathLib {
    sin: libm::sin,
    cos: libm::cos,
    tan: libm::tan,
    asin: libm::asin,
    acos: libm::acos,
    atan: libm::atan,
    sinh: libm::sinh,
    cosh: libm::cosh,
    tanh: libm::tanh,
    asinh: libm::asinh,
    acosh: libm::acosh,
    atanh: libm::atanh,
    exp: libm::exp,
    exp2: libm::exp2,
    expm1: libm::expm1,
    log: libm::log,
    log2: libm::log2,
    log10: libm::log10,
    log1p: libm::log1p,
    sqrt: f64::sqrt,
    cbrt: libm::cbrt,
    erf: libm::erf,
    erfc: libm::erfc,
    gamma: |x| gamma(x, &SOFT),
    lgamma: |x| lgamma(x, &SOFT),
    atan2: libm::atan2,
    pow: libm::pow,
    hypot: libm::hypot,
};

impl MathLib {
    /// [`SOFT`] or [`NATIVE`].
    pub fn choose(software: bool) -> &'static MathLib {
        if software { &SOFT } else { &NATIVE }
    }
}
