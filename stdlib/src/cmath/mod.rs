//! `cmath` (`Modules/cmathmodule.c`): the formulas are Kahan's and Hull, Fairgrieve and Tang's. Infinities and NaNs follow C99 where a
//! formula does not give what C99 wants by itself.

mod inverse;

use crate::math::{constants, domain_error, range_error};
use gilbert_vm::error::PyResult;
use gilbert_vm::num::math::MathLib;
use gilbert_vm::types::arith::math_lib;
use gilbert_vm::types::complex::{new_complex, to_complex};
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use std::f64::consts::{E, LN_2};

type C = (f64, f64);

/// Why there is no result.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Failure {
    Domain,
    Range,
}
type Res = Result<C, Failure>;

/// Above this, squares overflow; above its logarithm, exponentials do.
const LARGE: f64 = f64::MAX / 4.0;
const LOG_LARGE: f64 = 708.396_418_532_264_1;

macro_rules! complex_fn {
    ($sig:literal, $f:expr, $doc:literal) => {
        function($sig, |vm, a| apply(vm, &a[0], $f)).doc($doc)
    };
}

const FUNCTIONS: &[NativeDef] = &[
    complex_fn!("acos(z, /)", inverse::acos, "Return the arc cosine of z."),
    complex_fn!("acosh(z, /)", inverse::acosh, "Return the inverse hyperbolic cosine of z."),
    complex_fn!("asin(z, /)", inverse::asin, "Return the arc sine of z."),
    complex_fn!("asinh(z, /)", inverse::asinh, "Return the inverse hyperbolic sine of z."),
    complex_fn!("atan(z, /)", inverse::atan, "Return the arc tangent of z."),
    complex_fn!("atanh(z, /)", inverse::atanh, "Return the inverse hyperbolic tangent of z."),
    complex_fn!("cos(z, /)", cos, "Return the cosine of z."),
    complex_fn!("cosh(z, /)", cosh, "Return the hyperbolic cosine of z."),
    complex_fn!("exp(z, /)", exp, "Return the exponential value e**z."),
    complex_fn!("log10(z, /)", log10, "Return the base-10 logarithm of z."),
    complex_fn!("sin(z, /)", sin, "Return the sine of z."),
    complex_fn!("sinh(z, /)", sinh, "Return the hyperbolic sine of z."),
    complex_fn!("sqrt(z, /)", |z, l| Ok(sqrt(z, l)), "Return the square root of z."),
    complex_fn!("tan(z, /)", tan, "Return the tangent of z."),
    complex_fn!("tanh(z, /)", tanh, "Return the hyperbolic tangent of z."),
    function("log(z, base=NULL, /)", py_log).doc("log(z[, base]) -> the logarithm of z to the given base."),
    function("phase(z, /)", phase).doc("Return argument, also known as the phase angle, of a complex."),
    function("polar(z, /)", polar).doc("Convert a complex from rectangular coordinates to polar coordinates."),
    function("rect(r, phi, /)", rect).doc("Convert from polar coordinates to rectangular coordinates."),
    function("isfinite(z, /)", |vm, a| to_complex(vm, &a[0]).map(|z| Value::bool(z.0.is_finite() && z.1.is_finite())))
        .doc("Return True if both the real and imaginary parts of z are finite, else False."),
    function("isinf(z, /)", |vm, a| to_complex(vm, &a[0]).map(|z| Value::bool(z.0.is_infinite() || z.1.is_infinite())))
        .doc("Checks if the real or imaginary part of z is infinite."),
    function("isnan(z, /)", |vm, a| to_complex(vm, &a[0]).map(|z| Value::bool(z.0.is_nan() || z.1.is_nan())))
        .doc("Checks if the real or imaginary part of z not a number (NaN)."),
    function("isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)", isclose).doc("Determine whether two complex numbers are close in value."),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("cmath", "This module provides access to mathematical functions for complex\nnumbers.", FUNCTIONS);
    constants(vm, &m);
    for (name, im) in [("infj", f64::INFINITY), ("nanj", f64::NAN)] {
        let z = new_complex(vm, 0.0, im);
        vm.module_set(&m, name, z);
    }
    Ok(m)
}

fn failed(vm: &mut Vm, f: Failure) -> gilbert_vm::error::Raised {
    match f {
        Failure::Domain => domain_error(vm),
        Failure::Range => range_error(vm),
    }
}
fn apply(vm: &mut Vm, v: &Value, f: fn(C, &MathLib) -> Res) -> PyResult {
    let z = to_complex(vm, v)?;
    match f(z, math_lib(vm)) {
        Ok((re, im)) => Ok(new_complex(vm, re, im)),
        Err(e) => Err(failed(vm, e)),
    }
}
/// `-i * z`, after which a function of `i * z` is one of `z`.
fn times_minus_i(z: C) -> C {
    (z.1, -z.0)
}
/// An infinite part from finite arguments is an overflow.
fn bounded(z: C, r: C) -> Res {
    let finite = z.0.is_finite() && z.1.is_finite();
    if finite && (r.0.is_infinite() || r.1.is_infinite()) { Err(Failure::Range) } else { Ok(r) }
}

fn exp(z: C, l: &MathLib) -> Res {
    let (re, im) = z;
    if !im.is_finite() {
        return match re {
            f64::NEG_INFINITY => Ok((0.0, 0.0)),
            _ if im.is_infinite() && !re.is_nan() => Err(Failure::Domain),
            f64::INFINITY => Ok((f64::INFINITY, f64::NAN)),
            _ => Ok((f64::NAN, f64::NAN)),
        };
    }
    if im == 0.0 {
        return bounded(z, ((l.exp)(re), im));
    }
    if re.is_infinite() {
        let size = if re > 0.0 { f64::INFINITY } else { 0.0 };
        return Ok((size.copysign((l.cos)(im)), size.copysign((l.sin)(im))));
    }
    let (size, more) = if re > LOG_LARGE { ((l.exp)(re - 1.0), E) } else { ((l.exp)(re), 1.0) };
    bounded(z, (size * (l.cos)(im) * more, size * (l.sin)(im) * more))
}

/// `(f(re) * cos im, g(re) * sin im)` with `f` and `g` the hyperbolic functions, `f` being `cosh` or `sinh`.
fn hyperbolic(z: C, l: &MathLib, f: fn(f64) -> f64, g: fn(f64) -> f64, even: bool) -> Res {
    let (re, im) = z;
    if im.is_infinite() && !re.is_nan() {
        return Err(Failure::Domain);
    }
    if im == 0.0 && !even {
        return bounded(z, (f(re), im));
    }
    if im == 0.0 {
        let sign = if re.is_nan() { im } else { im * 1f64.copysign(re) };
        return bounded(z, (f(re), sign));
    }
    if re.is_infinite() && im.is_finite() {
        let (c, s) = ((l.cos)(im), (l.sin)(im));
        let (fr, gr) = (f(re), g(re));
        return Ok((fr.abs().copysign(c * fr.signum()), gr.abs().copysign(s * gr.signum())));
    }
    if re.abs() > LOG_LARGE {
        let less = re - 1f64.copysign(re);
        return bounded(z, ((l.cos)(im) * f(less) * E, (l.sin)(im) * g(less) * E));
    }
    bounded(z, ((l.cos)(im) * f(re), (l.sin)(im) * g(re)))
}
fn cosh(z: C, l: &MathLib) -> Res {
    hyperbolic(z, l, l.cosh, l.sinh, true)
}
fn sinh(z: C, l: &MathLib) -> Res {
    hyperbolic(z, l, l.sinh, l.cosh, false)
}
fn cos(z: C, l: &MathLib) -> Res {
    cosh((-z.1, z.0), l)
}
fn sin(z: C, l: &MathLib) -> Res {
    sinh((-z.1, z.0), l).map(times_minus_i)
}
fn tanh(z: C, l: &MathLib) -> Res {
    let (re, im) = z;
    if im.is_infinite() && re.is_finite() {
        return Err(Failure::Domain);
    }
    if re.is_infinite() {
        let sign = if im.is_finite() { 0f64.copysign(2.0 * (l.sin)(im) * (l.cos)(im)) } else { 0.0 };
        return Ok((1f64.copysign(re), sign));
    }
    if re.abs() > LOG_LARGE {
        return Ok((1f64.copysign(re), 4.0 * (l.sin)(im) * (l.cos)(im) * (l.exp)(-2.0 * re.abs())));
    }
    let (tx, ty) = ((l.tanh)(re), (l.tan)(im));
    let cx = 1.0 / (l.cosh)(re);
    let txty = tx * ty;
    let denominator = 1.0 + txty * txty;
    Ok((tx * (1.0 + ty * ty) / denominator, ((ty / denominator) * cx) * cx))
}
fn tan(z: C, l: &MathLib) -> Res {
    tanh((-z.1, z.0), l).map(times_minus_i)
}

fn sqrt(z: C, l: &MathLib) -> C {
    let (re, im) = z;
    if im.is_infinite() {
        return (f64::INFINITY, im);
    }
    if re.is_infinite() {
        let flat = if im.is_nan() { f64::NAN } else { 0.0 };
        return if re > 0.0 { (re, if im.is_nan() { im } else { flat.copysign(im) }) } else { (flat, f64::INFINITY.copysign(im)) };
    }
    if re == 0.0 && im == 0.0 {
        return (0.0, im);
    }
    let (ax, ay) = (re.abs(), im.abs());
    let s = if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE && (ax > 0.0 || ay > 0.0) {
        // two subnormal parts: scaled up first
        let up = libm::ldexp(ax, 54);
        libm::ldexp((up + (l.hypot)(up, libm::ldexp(ay, 54))).sqrt(), -27) / std::f64::consts::SQRT_2
    } else {
        let ax = ax / 8.0;
        2.0 * (ax + (l.hypot)(ax, ay / 8.0)).sqrt()
    };
    let d = ay / (2.0 * s);
    if re >= 0.0 { (s, d.copysign(im)) } else { (d, s.copysign(im)) }
}

fn log(z: C, l: &MathLib) -> Res {
    let (ax, ay) = (z.0.abs(), z.1.abs());
    let angle = (l.atan2)(z.1, z.0);
    if ax.is_infinite() || ay.is_infinite() {
        return Ok((f64::INFINITY, angle));
    }
    let re = if ax > LARGE || ay > LARGE {
        (l.log)((l.hypot)(ax / 2.0, ay / 2.0)) + LN_2
    } else if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
        if ax == 0.0 && ay == 0.0 {
            return Err(Failure::Domain);
        }
        (l.log)((l.hypot)(libm::ldexp(ax, 53), libm::ldexp(ay, 53))) - 53.0 * LN_2
    } else {
        let h = (l.hypot)(ax, ay);
        if (0.71..=1.73).contains(&h) {
            let (most, least) = if ax > ay { (ax, ay) } else { (ay, ax) };
            (l.log1p)((most - 1.0) * (most + 1.0) + least * least) / 2.0
        } else {
            (l.log)(h)
        }
    };
    Ok((re, angle))
}
fn log10(z: C, l: &MathLib) -> Res {
    let (re, im) = log(z, l)?;
    Ok((re / std::f64::consts::LN_10, im / std::f64::consts::LN_10))
}
fn py_log(vm: &mut Vm, args: &[Value]) -> PyResult {
    let z = apply(vm, &args[0], log)?;
    if args[1].is_null() {
        return Ok(z);
    }
    let base = apply(vm, &args[1], log)?;
    vm.binary(gilbert_vm::op::BinOp::TrueDiv, &z, &base)
}

fn phase(vm: &mut Vm, args: &[Value]) -> PyResult {
    let z = to_complex(vm, &args[0])?;
    Ok(Value::float((math_lib(vm).atan2)(z.1, z.0)))
}
fn polar(vm: &mut Vm, args: &[Value]) -> PyResult {
    let z = to_complex(vm, &args[0])?;
    let lib = math_lib(vm);
    match gilbert_vm::num::complex::abs(z, lib) {
        Ok(r) => Ok(vm.new_tuple(vec![Value::float(r), Value::float((lib.atan2)(z.1, z.0))])),
        Err(_) => Err(range_error(vm)),
    }
}
fn rect(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (r, phi) = (vm.to_f64(&args[0])?, vm.to_f64(&args[1])?);
    let lib = math_lib(vm);
    if phi.is_infinite() && r != 0.0 && !r.is_nan() {
        return Err(domain_error(vm));
    }
    let (re, im) = if r == 0.0 && !phi.is_finite() {
        (0.0, 0.0)
    } else if phi == 0.0 {
        (r, r * phi)
    } else if r.is_infinite() && phi.is_finite() {
        let sign = |x: f64| if r > 0.0 { f64::INFINITY.copysign(x) } else { -f64::INFINITY.copysign(x) };
        (sign((lib.cos)(phi)), sign((lib.sin)(phi)))
    } else {
        (r * (lib.cos)(phi), r * (lib.sin)(phi))
    };
    Ok(new_complex(vm, re, im))
}
fn isclose(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (a, b) = (to_complex(vm, &args[0])?, to_complex(vm, &args[1])?);
    let (rel, abs) = (vm.to_f64(&args[2])?, vm.to_f64(&args[3])?);
    if rel < 0.0 || abs < 0.0 {
        return Err(vm.value_error("tolerances must be non-negative"));
    }
    if a == b {
        return Ok(Value::TRUE);
    }
    let finite = [a.0, a.1, b.0, b.1].iter().all(|x| !x.is_infinite());
    let h = math_lib(vm).hypot;
    let diff = h(a.0 - b.0, a.1 - b.1);
    Ok(Value::bool(finite && (diff <= rel * h(b.0, b.1) || diff <= rel * h(a.0, a.1) || diff <= abs)))
}
