//! `float`. Floats are immediate; [`FloatObj`] holds the value of instances of subclasses.

use crate::error::{Exc, PyResult};
use crate::image::TypeDef;
use crate::num::{Int, float, float_ops, hash};
use crate::object::{Changes, Cloner, Immutable, Kind, Payload, layout_of};
use crate::op::{BinOp, CmpOp};
use crate::proto::compare::{compare_floats, float_value};
use crate::special::Special;
use crate::types::T;
use crate::types::arith::{IntRef, compare_int_float, float_op, float_operand, int_result};
use crate::types::native::{GetSet, NativeDef, class_method, getter, method, static_method};
use crate::types::str::Str;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of instances of subclasses of float.
pub struct FloatObj(pub f64);

impl Payload for FloatObj {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const KIND: Kind = Kind::Float;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> FloatObj {
        FloatObj(self.0)
    }
}
impl Immutable for FloatObj {}

/// `float`
pub static DEF: TypeDef = TypeDef::new("float", layout_of::<FloatObj>())
    .flags(flags::BASE | flags::PLAIN_EQ | flags::MATCH_SELF)
    .doc("Convert a string or number to a floating-point number, if possible.")
    .methods(METHODS)
    .getset(GETSET);

static METHODS: &[NativeDef] = &[
    static_method("__new__(cls, x=0, /)", float_new),
    method("__add__(self, value, /)", forward::<{ BinOp::Add as u8 }>),
    method("__radd__(self, value, /)", reflected::<{ BinOp::Add as u8 }>),
    method("__sub__(self, value, /)", forward::<{ BinOp::Sub as u8 }>),
    method("__rsub__(self, value, /)", reflected::<{ BinOp::Sub as u8 }>),
    method("__mul__(self, value, /)", forward::<{ BinOp::Mul as u8 }>),
    method("__rmul__(self, value, /)", reflected::<{ BinOp::Mul as u8 }>),
    method("__truediv__(self, value, /)", forward::<{ BinOp::TrueDiv as u8 }>),
    method("__rtruediv__(self, value, /)", reflected::<{ BinOp::TrueDiv as u8 }>),
    method("__floordiv__(self, value, /)", forward::<{ BinOp::FloorDiv as u8 }>),
    method("__rfloordiv__(self, value, /)", reflected::<{ BinOp::FloorDiv as u8 }>),
    method("__mod__(self, value, /)", forward::<{ BinOp::Mod as u8 }>),
    method("__rmod__(self, value, /)", reflected::<{ BinOp::Mod as u8 }>),
    method("__pow__(self, value, mod=None, /)", pow),
    method("__rpow__(self, value, mod=None, /)", rpow),
    method("__divmod__(self, value, /)", divmod),
    method("__rdivmod__(self, value, /)", rdivmod),
    method("__lt__(self, value, /)", compare::<{ CmpOp::Lt as u8 }>),
    method("__le__(self, value, /)", compare::<{ CmpOp::Le as u8 }>),
    method("__eq__(self, value, /)", compare::<{ CmpOp::Eq as u8 }>),
    method("__ne__(self, value, /)", compare::<{ CmpOp::Ne as u8 }>),
    method("__gt__(self, value, /)", compare::<{ CmpOp::Gt as u8 }>),
    method("__ge__(self, value, /)", compare::<{ CmpOp::Ge as u8 }>),
    method("__neg__(self, /)", |_, args| Ok(Value::float(-this(&args[0])))),
    method("__pos__(self, /)", exact),
    method("__abs__(self, /)", |_, args| Ok(Value::float(this(&args[0]).abs()))),
    method("__bool__(self, /)", |_, args| Ok(Value::bool(this(&args[0]) != 0.0))),
    method("__hash__(self, /)", hash_),
    method("__int__(self, /)", trunc),
    method("__float__(self, /)", exact),
    method("__trunc__(self, /)", trunc).doc("Return the Integral closest to x between 0 and x."),
    method("__floor__(self, /)", |vm, args| int_result(vm, Int::from_f64(this(&args[0]).floor()))).doc("Return the floor as an Integral."),
    method("__ceil__(self, /)", |vm, args| int_result(vm, Int::from_f64(this(&args[0]).ceil()))).doc("Return the ceiling as an Integral."),
    method("__round__(self, ndigits=None, /)", round),
    method("__repr__(self, /)", repr),
    method("__format__(self, format_spec, /)", format),
    method("__getnewargs__(self, /)", getnewargs),
    method("conjugate(self, /)", exact).doc("Return self, the complex conjugate of any float."),
    method("as_integer_ratio(self, /)", as_integer_ratio).doc("Return a pair of integers, whose ratio is exactly equal to the original float."),
    method("is_integer(self, /)", |_, args| Ok(Value::bool(float_ops::is_integer(this(&args[0]))))).doc("Return True if the float is an integer."),
    method("hex(self, /)", hex).doc("Return a hexadecimal representation of a floating-point number."),
    class_method("fromhex(cls, string, /)", fromhex).doc("Create a floating-point number from a hexadecimal string."),
    class_method("__getformat__(cls, typestr, /)", getformat),
];

static GETSET: &[GetSet] = &[getter("real", |_, v| Ok(Value::float(this(v)))), getter("imag", |_, _| Ok(Value::float(0.0)))];

/// The value of `self`, which the binding has checked to be a float.
fn this(v: &Value) -> f64 {
    float_value(v).expect("a float")
}

fn float_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let f = to_python_float(vm, &args[1])?;
    if args[0].is(vm.ty(T::Float)) { Ok(Value::float(f)) } else { Ok(vm.new_of(&args[0], FloatObj(f))) }
}

/// `float(v)`
fn to_python_float(vm: &mut Vm, v: &Value) -> PyResult<f64> {
    if let Some(f) = v.as_float() {
        return Ok(f);
    }
    if let Some(s) = v.get::<Str>() {
        let r = float::parse_quoted(&s.lossy(), || crate::text::repr::repr_wtf8(s.bytes()));
        return r.map_err(|e| vm.num_err(e));
    }
    if vm.special(v, Special::Float).is_some() || IntRef::of(v).is_some() || vm.special(v, Special::Index).is_some() {
        return vm.to_f64(v);
    }
    if let Some(bytes) = crate::types::arith::bytes_like(vm, v) {
        let text = String::from_utf8(bytes.clone()).unwrap_or_else(|_| "?".into());
        let r = float::parse_quoted(&text, || crate::text::repr::repr_bytes(&bytes));
        return r.map_err(|e| vm.num_err(e));
    }
    let name = vm.type_name(v);
    Err(vm.type_error(format!("float() argument must be a string or a real number, not '{name}'")))
}

fn operands(vm: &mut Vm, a: &Value, b: &Value) -> PyResult<Option<(f64, f64)>> {
    let (Some(x), Some(y)) = (float_operand(vm, a)?, float_operand(vm, b)?) else { return Ok(None) };
    Ok(Some((x, y)))
}
fn forward<const OP: u8>(vm: &mut Vm, args: &[Value]) -> PyResult {
    match operands(vm, &args[0], &args[1])? {
        Some((x, y)) => float_op(vm, BinOp::from_u8(OP), x, y),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn reflected<const OP: u8>(vm: &mut Vm, args: &[Value]) -> PyResult {
    match operands(vm, &args[1], &args[0])? {
        Some((x, y)) => float_op(vm, BinOp::from_u8(OP), x, y),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn pow(vm: &mut Vm, args: &[Value]) -> PyResult {
    power(vm, &args[0], &args[1], &args[2])
}
fn rpow(vm: &mut Vm, args: &[Value]) -> PyResult {
    power(vm, &args[1], &args[0], &args[2])
}
fn power(vm: &mut Vm, a: &Value, b: &Value, modulus: &Value) -> PyResult {
    if !modulus.is_none() {
        return Err(vm.type_error("pow() 3rd argument not allowed unless all arguments are integers"));
    }
    match operands(vm, a, b)? {
        Some((x, y)) => float_op(vm, BinOp::Pow, x, y),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn divmod(vm: &mut Vm, args: &[Value]) -> PyResult {
    let Some((x, y)) = operands(vm, &args[0], &args[1])? else { return Ok(Value::NOT_IMPLEMENTED) };
    match float_ops::divmod(x, y) {
        Ok((q, r)) => Ok(vm.new_tuple(vec![Value::float(q), Value::float(r)])),
        Err(e) => Err(vm.num_err(e)),
    }
}
fn rdivmod(vm: &mut Vm, args: &[Value]) -> PyResult {
    divmod(vm, &[args[1].clone(), args[0].clone()])
}
fn compare<const OP: u8>(_: &mut Vm, args: &[Value]) -> PyResult {
    let (op, x) = (CmpOp::from_u8(OP), this(&args[0]));
    if let Some(y) = float_value(&args[1]) {
        return Ok(Value::bool(compare_floats(op, x, y)));
    }
    Ok(match IntRef::of(&args[1]) {
        Some(i) => Value::bool(compare_int_float(crate::proto::compare::swapped(op), i, x)),
        None => Value::NOT_IMPLEMENTED,
    })
}

/// `hash(x)` of a float; NaNs, which equal nothing, share one.
pub fn float_hash(x: f64) -> i64 {
    hash::hash_f64(x).unwrap_or(0)
}
fn hash_(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_int(float_hash(this(&args[0]))))
}
fn exact(_: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::float(this(&args[0])))
}
fn trunc(vm: &mut Vm, args: &[Value]) -> PyResult {
    int_result(vm, Int::from_f64(this(&args[0])))
}
fn round(vm: &mut Vm, args: &[Value]) -> PyResult {
    let x = this(&args[0]);
    if args[1].is_none() {
        return int_result(vm, float_ops::round_to_int(x));
    }
    let digits = vm.to_isize_clamped(&args[1])? as i64;
    float_ops::round_digits(x, digits).map(Value::float).map_err(|e| vm.num_err(e))
}
fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_str(float::repr(this(&args[0]))))
}
fn format(vm: &mut Vm, args: &[Value]) -> PyResult {
    let spec = vm.format_spec(&args[1])?;
    if spec.is_empty() {
        return vm.str(&args[0]);
    }
    vm.formatted(crate::num::format_num::format_float(this(&args[0]), &spec))
}
fn getnewargs(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_tuple(vec![Value::float(this(&args[0]))]))
}
fn as_integer_ratio(vm: &mut Vm, args: &[Value]) -> PyResult {
    match float_ops::as_integer_ratio(this(&args[0])) {
        Ok((n, d)) => {
            let pair = vec![vm.new_bigint(n), vm.new_bigint(d)];
            Ok(vm.new_tuple(pair))
        }
        Err(e) => Err(vm.num_err(e)),
    }
}
fn hex(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_str(float::hex(this(&args[0]))))
}
fn fromhex(vm: &mut Vm, args: &[Value]) -> PyResult {
    let Some(s) = args[1].get::<Str>() else { return Err(vm.type_error("bad argument type for built-in operation")) };
    let f = match float::fromhex(&s.lossy()) {
        Ok(f) => Value::float(f),
        Err(e) => return Err(vm.num_err(e)),
    };
    if args[0].is(vm.ty(T::Float)) { Ok(f) } else { vm.call(&args[0], &[f]) }
}
fn getformat(vm: &mut Vm, args: &[Value]) -> PyResult {
    match args[1].get::<Str>().and_then(|s| s.as_str()) {
        Some("double" | "float") => Ok(vm.new_str("IEEE, little-endian")),
        Some(_) => Err(vm.err(Exc::ValueError, "__getformat__() argument 1 must be 'double' or 'float'")),
        None => {
            let name = vm.type_name(&args[1]);
            Err(vm.type_error(format!("__getformat__() argument must be str, not {name}")))
        }
    }
}
