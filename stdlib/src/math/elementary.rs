//! Functions of floats.

use super::{domain_error, range_error};
use gilbert_vm::error::PyResult;
use gilbert_vm::num::Int;
use gilbert_vm::num::math::MathLib;
use gilbert_vm::special::Special;
use gilbert_vm::types::arith::{IntRef, int_result, math_lib};
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

macro_rules! simple {
    ($name:ident) => {
        |vm, args| plain(vm, &args[0], math_lib(vm).$name)
    };
}
macro_rules! growing {
    ($name:ident) => {
        |vm, args| overflowing(vm, &args[0], math_lib(vm).$name)
    };
}

pub const FUNCTIONS: &[NativeDef] = &[
    function("acos(x, /)", simple!(acos)).doc("Return the arc cosine (measured in radians) of x.\n\nThe result is between 0 and pi."),
    function("acosh(x, /)", simple!(acosh)).doc("Return the inverse hyperbolic cosine of x."),
    function("asin(x, /)", simple!(asin)).doc("Return the arc sine (measured in radians) of x.\n\nThe result is between -pi/2 and pi/2."),
    function("asinh(x, /)", simple!(asinh)).doc("Return the inverse hyperbolic sine of x."),
    function("atan(x, /)", simple!(atan)).doc("Return the arc tangent (measured in radians) of x.\n\nThe result is between -pi/2 and pi/2."),
    function("atanh(x, /)", simple!(atanh)).doc("Return the inverse hyperbolic tangent of x."),
    function("cbrt(x, /)", simple!(cbrt)).doc("Return the cube root of x."),
    function("cos(x, /)", simple!(cos)).doc("Return the cosine of x (measured in radians)."),
    function("erf(x, /)", simple!(erf)).doc("Error function at x."),
    function("erfc(x, /)", simple!(erfc)).doc("Complementary error function at x."),
    function("fabs(x, /)", |vm, args| plain(vm, &args[0], f64::abs)).doc("Return the absolute value of the float x."),
    function("log1p(x, /)", simple!(log1p)).doc("Return the natural logarithm of 1+x (base e)."),
    function("sin(x, /)", simple!(sin)).doc("Return the sine of x (measured in radians)."),
    function("sqrt(x, /)", simple!(sqrt)).doc("Return the square root of x."),
    function("tan(x, /)", simple!(tan)).doc("Return the tangent of x (measured in radians)."),
    function("tanh(x, /)", simple!(tanh)).doc("Return the hyperbolic tangent of x."),
    function("cosh(x, /)", growing!(cosh)).doc("Return the hyperbolic cosine of x."),
    function("exp(x, /)", growing!(exp)).doc("Return e raised to the power of x."),
    function("exp2(x, /)", growing!(exp2)).doc("Return 2 raised to the power of x."),
    function("expm1(x, /)", growing!(expm1)).doc("Return exp(x)-1."),
    function("sinh(x, /)", growing!(sinh)).doc("Return the hyperbolic sine of x."),
    function("gamma(x, /)", |vm, args| factorial_like(vm, &args[0], |l| l.gamma)).doc("Gamma function at x."),
    function("lgamma(x, /)", |vm, args| factorial_like(vm, &args[0], |l| l.lgamma)).doc("Natural logarithm of absolute value of Gamma function at x."),
    function("atan2(y, x, /)", atan2).doc("Return the arc tangent (measured in radians) of y/x."),
    function("copysign(x, y, /)", copysign).doc("Return a float with the magnitude (absolute value) of x but the sign of y."),
    function("degrees(x, /)", |vm, args| Ok(Value::float(vm.to_f64(&args[0])? * (180.0 / std::f64::consts::PI))))
        .doc("Convert angle x from radians to degrees."),
    function("radians(x, /)", |vm, args| Ok(Value::float(vm.to_f64(&args[0])? * (std::f64::consts::PI / 180.0))))
        .doc("Convert angle x from degrees to radians."),
    function("fmod(x, y, /)", fmod).doc("Return fmod(x, y), according to platform C."),
    function("remainder(x, y, /)", remainder).doc("Difference between x and the closest integer multiple of y."),
    function("frexp(x, /)", frexp).doc("Return the mantissa and exponent of x, as pair (m, e)."),
    function("ldexp(x, i, /)", ldexp).doc("Return x * (2**i)."),
    function("modf(x, /)", modf).doc("Return the fractional and integer parts of x."),
    function("pow(x, y, /)", pow).doc("Return x**y (x to the power of y)."),
    function("log(x, base=NULL, /)", log).doc("log(x, [base=math.e])\nReturn the logarithm of x to the given base."),
    function("log2(x, /)", |vm, args| Ok(Value::float(logarithm(vm, &args[0], |l| l.log2)?))).doc("Return the base 2 logarithm of x."),
    function("log10(x, /)", |vm, args| Ok(Value::float(logarithm(vm, &args[0], |l| l.log10)?))).doc("Return the base 10 logarithm of x."),
    function("isfinite(x, /)", |vm, args| Ok(Value::bool(vm.to_f64(&args[0])?.is_finite())))
        .doc("Return True if x is neither an infinity nor a NaN, and False otherwise."),
    function("isinf(x, /)", |vm, args| Ok(Value::bool(vm.to_f64(&args[0])?.is_infinite())))
        .doc("Return True if x is a positive or negative infinity, and False otherwise."),
    function("isnan(x, /)", |vm, args| Ok(Value::bool(vm.to_f64(&args[0])?.is_nan()))).doc("Return True if x is a NaN (not a number), and False otherwise."),
    function("isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)", isclose).doc("Determine whether two floating-point numbers are close in value."),
    function("nextafter(x, y, /, *, steps=None)", nextafter).doc("Return the floating-point value the given number of steps after x towards y."),
    function("ulp(x, /)", ulp).doc("Return the value of the least significant bit of the float x."),
    function("ceil(x, /)", |vm, args| integral(vm, &args[0], Special::Ceil, f64::ceil)).doc("Return the ceiling of x as an Integral."),
    function("floor(x, /)", |vm, args| integral(vm, &args[0], Special::Floor, f64::floor)).doc("Return the floor of x as an Integral."),
    function("trunc(x, /)", trunc).doc("Truncates the Real x to the nearest Integral toward 0."),
];

/// A function whose infinities from finite arguments are poles: ValueError.
fn plain(vm: &mut Vm, x: &Value, f: fn(f64) -> f64) -> PyResult {
    let x = vm.to_f64(x)?;
    let r = f(x);
    if (r.is_nan() && !x.is_nan()) || (r.is_infinite() && x.is_finite()) {
        return Err(domain_error(vm));
    }
    Ok(Value::float(r))
}
/// A function whose infinities from finite arguments are overflows: OverflowError.
fn overflowing(vm: &mut Vm, x: &Value, f: fn(f64) -> f64) -> PyResult {
    let x = vm.to_f64(x)?;
    let r = f(x);
    if r.is_nan() && !x.is_nan() {
        return Err(domain_error(vm));
    }
    if r.is_infinite() && x.is_finite() {
        return Err(range_error(vm));
    }
    Ok(Value::float(r))
}
/// The gamma function or its logarithm: poles at 0 and the negative integers.
fn factorial_like(vm: &mut Vm, x: &Value, pick: fn(&MathLib) -> fn(f64) -> f64) -> PyResult {
    let x = vm.to_f64(x)?;
    let r = pick(math_lib(vm))(x);
    let pole = x <= 0.0 && x == x.floor() && x.is_finite();
    if pole || (r.is_nan() && !x.is_nan()) {
        return Err(domain_error(vm));
    }
    if r.is_infinite() && x.is_finite() { Err(range_error(vm)) } else { Ok(Value::float(r)) }
}
fn pair(vm: &mut Vm, args: &[Value]) -> PyResult<(f64, f64)> {
    Ok((vm.to_f64(&args[0])?, vm.to_f64(&args[1])?))
}
fn atan2(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (y, x) = pair(vm, args)?;
    Ok(Value::float((math_lib(vm).atan2)(y, x)))
}
fn copysign(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (x, y) = pair(vm, args)?;
    Ok(Value::float(x.copysign(y)))
}
fn fmod(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (x, y) = pair(vm, args)?;
    let r = x % y;
    if r.is_nan() && !x.is_nan() && !y.is_nan() { Err(domain_error(vm)) } else { Ok(Value::float(r)) }
}
fn remainder(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (x, y) = pair(vm, args)?;
    let r = libm::remainder(x, y);
    if r.is_nan() && !x.is_nan() && !y.is_nan() { Err(domain_error(vm)) } else { Ok(Value::float(r)) }
}
fn frexp(vm: &mut Vm, args: &[Value]) -> PyResult {
    let x = vm.to_f64(&args[0])?;
    let (m, e) = if x == 0.0 || !x.is_finite() { (x, 0) } else { libm::frexp(x) };
    Ok(vm.new_tuple(vec![Value::float(m), Value::i32(e)]))
}
fn ldexp(vm: &mut Vm, args: &[Value]) -> PyResult {
    let x = vm.to_f64(&args[0])?;
    let Some(i) = IntRef::of(&args[1]) else { return Err(vm.type_error("Expected an int as second argument to ldexp.")) };
    let exp = match i {
        IntRef::Small(i) => i.clamp(-1_000_000, 1_000_000) as i32,
        IntRef::Big(b) if b.is_negative() => -1_000_000,
        IntRef::Big(_) => 1_000_000,
    };
    if x == 0.0 || !x.is_finite() {
        return Ok(Value::float(x));
    }
    let r = libm::ldexp(x, exp);
    if r.is_infinite() { Err(range_error(vm)) } else { Ok(Value::float(r)) }
}
fn modf(vm: &mut Vm, args: &[Value]) -> PyResult {
    let x = vm.to_f64(&args[0])?;
    let (frac, whole) = if x.is_infinite() { (0f64.copysign(x), x) } else { ((x - x.trunc()).copysign(x), x.trunc()) };
    let frac = if x.is_nan() { x } else { frac };
    Ok(vm.new_tuple(vec![Value::float(frac), Value::float(whole)]))
}
fn pow(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (x, y) = pair(vm, args)?;
    let odd = y.is_finite() && y.abs() % 2.0 == 1.0;
    let r = if x == 1.0 || y == 0.0 {
        1.0
    } else if x.is_nan() || y.is_nan() {
        x + y
    } else if x.is_infinite() {
        match (x > 0.0, y > 0.0) {
            (true, true) => x,
            (true, false) => 0.0,
            (false, true) => {
                if odd {
                    x
                } else {
                    -x
                }
            }
            (false, false) => {
                if odd {
                    -0.0
                } else {
                    0.0
                }
            }
        }
    } else if y.is_infinite() {
        if x.abs() == 1.0 {
            1.0
        } else if (y > 0.0) == (x.abs() > 1.0) {
            f64::INFINITY
        } else {
            0.0
        }
    } else {
        let r = (math_lib(vm).pow)(x, y);
        if r.is_nan() {
            return Err(domain_error(vm));
        }
        if r.is_infinite() {
            return Err(if x == 0.0 { domain_error(vm) } else { range_error(vm) });
        }
        r
    };
    Ok(Value::float(r))
}

/// The logarithm of a positive number; ints may be larger than any float.
fn logarithm(vm: &mut Vm, v: &Value, pick: fn(&MathLib) -> fn(f64) -> f64) -> PyResult<f64> {
    let f = pick(math_lib(vm));
    if let Some(i) = IntRef::of(v) {
        if i.is_zero() || i.is_negative() {
            return Err(domain_error(vm));
        }
        return Ok(match i.to_f64() {
            Ok(x) => f(x),
            Err(_) => {
                let i = i.int();
                let bits = i.bit_length();
                let mantissa = i.true_div(&Int::ONE.shl(&Int::from(bits), usize::MAX).map_err(|e| vm.num_err(e))?).map_err(|e| vm.num_err(e))?;
                f(mantissa) + f(2.0) * bits as f64
            }
        });
    }
    let x = vm.to_f64(v)?;
    if x > 0.0 || x.is_nan() { Ok(if x.is_finite() { f(x) } else { x }) } else { Err(domain_error(vm)) }
}
fn log(vm: &mut Vm, args: &[Value]) -> PyResult {
    let x = logarithm(vm, &args[0], |l| l.log)?;
    if args[1].is_null() {
        return Ok(Value::float(x));
    }
    let base = logarithm(vm, &args[1], |l| l.log)?;
    vm.binary(gilbert_vm::op::BinOp::TrueDiv, &Value::float(x), &Value::float(base))
}
fn isclose(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (a, b) = pair(vm, args)?;
    let (rel, abs) = (vm.to_f64(&args[2])?, vm.to_f64(&args[3])?);
    if rel < 0.0 || abs < 0.0 {
        return Err(vm.value_error("tolerances must be non-negative"));
    }
    if a == b {
        return Ok(Value::TRUE);
    }
    let diff = (b - a).abs();
    let close = diff <= (rel * b).abs() || diff <= (rel * a).abs() || diff <= abs;
    Ok(Value::bool(a.is_finite() && b.is_finite() && close))
}
fn nextafter(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (x, y) = pair(vm, args)?;
    if args[2].is_none() {
        return Ok(Value::float(if x.is_nan() || y.is_nan() {
            x + y
        } else if x < y {
            x.next_up()
        } else if x > y {
            x.next_down()
        } else {
            y
        }));
    }
    let steps = vm.to_int(&args[2])?;
    if steps.is_negative() {
        return Err(vm.value_error("steps must be a non-negative integer"));
    }
    if x.is_nan() || y.is_nan() {
        return Ok(Value::float(x + y));
    }
    let steps = steps.to_u64().unwrap_or(u64::MAX);
    // floats in order are ints in order, with the negative ones counted downwards
    let order = |f: f64| if f.is_sign_negative() { -((f.to_bits() & !(1 << 63)) as i64) } else { f.to_bits() as i64 };
    let back = |i: i64| f64::from_bits(i.unsigned_abs()).copysign(if i < 0 { -1.0 } else { 1.0 });
    let (from, to) = (order(x), order(y));
    if steps == 0 {
        return Ok(Value::float(x));
    }
    if from.abs_diff(to) <= steps {
        return Ok(Value::float(y));
    }
    let at = if to > from { from + steps as i64 } else { from - steps as i64 };
    let r = back(at);
    Ok(Value::float(if at == 0 { 0f64.copysign(x) } else { r }))
}
fn ulp(vm: &mut Vm, args: &[Value]) -> PyResult {
    let x = vm.to_f64(&args[0])?.abs();
    if !x.is_finite() {
        return Ok(Value::float(x));
    }
    let up = x.next_up();
    Ok(Value::float(if up.is_infinite() { x - x.next_down() } else { up - x }))
}
fn integral(vm: &mut Vm, v: &Value, special: Special, f: fn(f64) -> f64) -> PyResult {
    if !v.is_float()
        && let Some(method) = vm.special(v, special)
    {
        return vm.call_special(&method, &[v.clone()]);
    }
    let x = vm.to_f64(v)?;
    int_result(vm, Int::from_f64(f(x)))
}
fn trunc(vm: &mut Vm, args: &[Value]) -> PyResult {
    match vm.special(&args[0], Special::Trunc) {
        Some(f) => vm.call_special(&f, &[args[0].clone()]),
        None => {
            let name = vm.type_name(&args[0]);
            Err(vm.type_error(format!("type {name} doesn't define __trunc__ method")))
        }
    }
}
