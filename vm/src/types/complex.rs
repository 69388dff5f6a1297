//! `complex`: always an object.

use crate::error::PyResult;
use crate::image::TypeDef;
use crate::num::{complex, format_num, hash};
use crate::object::{Changes, Cloner, Immutable, Kind, Payload, layout_of};
use crate::op::{BinOp, CmpOp};
use crate::proto::compare::float_value;
use crate::special::Special;
use crate::types::T;
use crate::types::arith::{IntRef, compare_int_float, float_operand, is_subclass_instance, math_lib};
use crate::types::native::{GetSet, NativeDef, getter, method, static_method};
use crate::types::str::Str;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `complex`: real and imaginary part.
#[derive(Clone, Copy)]
pub struct Complex(pub f64, pub f64);

impl Payload for Complex {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const KIND: Kind = Kind::Complex;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> Complex {
        *self
    }
}
impl Immutable for Complex {}

/// `complex`
pub static DEF: TypeDef = TypeDef::new("complex", layout_of::<Complex>())
    .flags(flags::BASE | flags::PLAIN_EQ)
    .doc("Create a complex number from a string or numbers.\n\nIf a string is given, parse it as a complex number.\nIf a single number is given, convert it to a complex number.\nIf the 'real' or 'imag' arguments are given, create a complex number\nwith the specified real and imaginary components.")
    .methods(METHODS)
    .getset(GETSET);

static METHODS: &[NativeDef] = &[
    static_method("__new__(cls, real=NULL, imag=NULL)", complex_new),
    method("__add__(self, value, /)", forward::<{ BinOp::Add as u8 }>),
    method("__radd__(self, value, /)", reflected::<{ BinOp::Add as u8 }>),
    method("__sub__(self, value, /)", forward::<{ BinOp::Sub as u8 }>),
    method("__rsub__(self, value, /)", reflected::<{ BinOp::Sub as u8 }>),
    method("__mul__(self, value, /)", forward::<{ BinOp::Mul as u8 }>),
    method("__rmul__(self, value, /)", reflected::<{ BinOp::Mul as u8 }>),
    method("__truediv__(self, value, /)", forward::<{ BinOp::TrueDiv as u8 }>),
    method("__rtruediv__(self, value, /)", reflected::<{ BinOp::TrueDiv as u8 }>),
    method("__pow__(self, value, mod=None, /)", pow),
    method("__rpow__(self, value, mod=None, /)", rpow),
    method("__lt__(self, value, /)", compare::<{ CmpOp::Lt as u8 }>),
    method("__le__(self, value, /)", compare::<{ CmpOp::Le as u8 }>),
    method("__eq__(self, value, /)", compare::<{ CmpOp::Eq as u8 }>),
    method("__ne__(self, value, /)", compare::<{ CmpOp::Ne as u8 }>),
    method("__gt__(self, value, /)", compare::<{ CmpOp::Gt as u8 }>),
    method("__ge__(self, value, /)", compare::<{ CmpOp::Ge as u8 }>),
    method("__neg__(self, /)", neg),
    method("__pos__(self, /)", exact),
    method("__abs__(self, /)", abs),
    method("__bool__(self, /)", bool_),
    method("__hash__(self, /)", hash_),
    method("__complex__(self, /)", exact).doc("Convert this value to exact type complex."),
    method("__repr__(self, /)", repr),
    method("__format__(self, format_spec, /)", format),
    method("__getnewargs__(self, /)", getnewargs),
    method("conjugate(self, /)", conjugate).doc("Return the complex conjugate of its argument. (3-4j).conjugate() == 3+4j."),
];

static GETSET: &[GetSet] = &[getter("real", |_, v| Ok(Value::float(this(v).0))), getter("imag", |_, v| Ok(Value::float(this(v).1)))];

/// A complex number.
pub fn new_complex(vm: &mut Vm, re: f64, im: f64) -> Value {
    vm.new_object(T::Complex, Complex(re, im))
}

fn this(v: &Value) -> (f64, f64) {
    let c = v.get::<Complex>().expect("a complex");
    (c.0, c.1)
}

/// The value as a complex number, by `__complex__`, `__float__` or `__index__`; TypeError "must be real number, not X" otherwise.
pub fn to_complex(vm: &mut Vm, v: &Value) -> PyResult<(f64, f64)> {
    if let Some(c) = by_dunder(vm, v)? {
        return Ok(c);
    }
    Ok((vm.to_f64(v)?, 0.0))
}

/// A complex object's value, or that of `__complex__()`.
fn by_dunder(vm: &mut Vm, v: &Value) -> PyResult<Option<(f64, f64)>> {
    if let Some(c) = v.get::<Complex>()
        && !is_subclass_instance(v)
    {
        return Ok(Some((c.0, c.1)));
    }
    let Some(f) = vm.special(v, Special::Complex) else { return Ok(None) };
    let r = vm.call_special(&f, &[v.clone()])?;
    match r.get::<Complex>() {
        Some(c) => Ok(Some((c.0, c.1))),
        None => {
            let name = vm.type_name(&r);
            Err(vm.type_error(format!("__complex__ returned non-complex (type {name})")))
        }
    }
}

fn complex_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (cls, real, imag) = (&args[0], &args[1], &args[2]);
    if let Some(s) = real.get::<Str>() {
        if !imag.is_null() {
            return Err(vm.type_error("complex() can't take second arg if first is a string"));
        }
        return match complex::parse(&s.lossy()) {
            Ok((re, im)) => Ok(of_class(vm, cls, re, im)),
            Err(e) => Err(vm.num_err(e)),
        };
    }
    if imag.is_a::<Str>() {
        return Err(vm.type_error("complex() second arg can't be a string"));
    }
    let (re, re_imag) = if real.is_null() { (0.0, None) } else { part(vm, real, "first argument must be a string or a number")? };
    if imag.is_null() {
        return Ok(of_class(vm, cls, re, re_imag.unwrap_or(0.0)));
    }
    // the second argument may be complex too: real + imag * 1j
    let (im, im_imag) = match imag.get::<Complex>() {
        Some(c) => (c.0, Some(c.1)),
        None => (real_part(vm, imag, "second argument must be a number")?, None),
    };
    let re = im_imag.map_or(re, |i| re - i);
    let im = re_imag.map_or(im, |i| im + i);
    Ok(of_class(vm, cls, re, im))
}

/// A number as its real and, if it is complex, its imaginary part.
fn part(vm: &mut Vm, v: &Value, what: &str) -> PyResult<(f64, Option<f64>)> {
    match by_dunder(vm, v)? {
        Some((re, im)) => Ok((re, Some(im))),
        None => Ok((real_part(vm, v, what)?, None)),
    }
}

fn real_part(vm: &mut Vm, v: &Value, what: &str) -> PyResult<f64> {
    let number = float_value(v).is_some() || IntRef::of(v).is_some() || vm.special(v, Special::Float).is_some() || vm.special(v, Special::Index).is_some();
    if number {
        return vm.to_f64(v);
    }
    let name = vm.type_name(v);
    Err(vm.type_error(format!("complex() {what}, not '{name}'")))
}

fn of_class(vm: &mut Vm, cls: &Value, re: f64, im: f64) -> Value {
    vm.new_of(cls, Complex(re, im))
}

fn operand(vm: &mut Vm, v: &Value) -> PyResult<Option<(f64, f64)>> {
    match v.get::<Complex>() {
        Some(c) => Ok(Some((c.0, c.1))),
        None => Ok(float_operand(vm, v)?.map(|re| (re, 0.0))),
    }
}
fn binary(vm: &mut Vm, op: BinOp, a: &Value, b: &Value) -> PyResult {
    let (Some(a), Some(b)) = (operand(vm, a)?, operand(vm, b)?) else { return Ok(Value::NOT_IMPLEMENTED) };
    let r = match op {
        BinOp::Add => Ok((a.0 + b.0, a.1 + b.1)),
        BinOp::Sub => Ok((a.0 - b.0, a.1 - b.1)),
        BinOp::Mul => Ok(complex::mul(a, b)),
        BinOp::TrueDiv => complex::div(a, b),
        BinOp::Pow => complex::pow(a, b, math_lib(vm)),
        _ => return Ok(Value::NOT_IMPLEMENTED),
    };
    match r {
        Ok((re, im)) => Ok(new_complex(vm, re, im)),
        Err(e) => Err(vm.num_err(e)),
    }
}
fn forward<const OP: u8>(vm: &mut Vm, args: &[Value]) -> PyResult {
    binary(vm, BinOp::from_u8(OP), &args[0], &args[1])
}
fn reflected<const OP: u8>(vm: &mut Vm, args: &[Value]) -> PyResult {
    binary(vm, BinOp::from_u8(OP), &args[1], &args[0])
}
fn pow(vm: &mut Vm, args: &[Value]) -> PyResult {
    no_modulus(vm, &args[2])?;
    binary(vm, BinOp::Pow, &args[0], &args[1])
}
fn rpow(vm: &mut Vm, args: &[Value]) -> PyResult {
    no_modulus(vm, &args[2])?;
    binary(vm, BinOp::Pow, &args[1], &args[0])
}
fn no_modulus(vm: &mut Vm, modulus: &Value) -> PyResult<()> {
    if modulus.is_none() { Ok(()) } else { Err(vm.value_error("complex modulo")) }
}
fn compare<const OP: u8>(_: &mut Vm, args: &[Value]) -> PyResult {
    let (op, (re, im)) = (CmpOp::from_u8(OP), this(&args[0]));
    let equal = if let Some(c) = args[1].get::<Complex>() {
        re == c.0 && im == c.1
    } else if let Some(f) = float_value(&args[1]) {
        im == 0.0 && re == f
    } else if let Some(i) = IntRef::of(&args[1]) {
        im == 0.0 && compare_int_float(CmpOp::Eq, i, re)
    } else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    Ok(match op {
        CmpOp::Eq => Value::bool(equal),
        CmpOp::Ne => Value::bool(!equal),
        _ => Value::NOT_IMPLEMENTED,
    })
}
fn neg(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (re, im) = this(&args[0]);
    Ok(new_complex(vm, -re, -im))
}
fn exact(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (re, im) = this(&args[0]);
    Ok(new_complex(vm, re, im))
}
fn conjugate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (re, im) = this(&args[0]);
    Ok(new_complex(vm, re, -im))
}
fn abs(vm: &mut Vm, args: &[Value]) -> PyResult {
    complex::abs(this(&args[0]), math_lib(vm)).map(Value::float).map_err(|e| vm.num_err(e))
}
fn bool_(_: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::bool(this(&args[0]) != (0.0, 0.0)))
}
fn hash_(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (re, im) = this(&args[0]);
    Ok(vm.new_int(hash::hash_complex(re, im, 0)))
}
fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (re, im) = this(&args[0]);
    Ok(vm.new_str(complex::repr(re, im)))
}
fn format(vm: &mut Vm, args: &[Value]) -> PyResult {
    let spec = vm.format_spec(&args[1])?;
    if spec.is_empty() {
        return vm.str(&args[0]);
    }
    let (re, im) = this(&args[0]);
    vm.formatted(format_num::format_complex(re, im, &spec))
}
fn getnewargs(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (re, im) = this(&args[0]);
    Ok(vm.new_tuple(vec![Value::float(re), Value::float(im)]))
}
