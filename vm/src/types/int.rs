//! `int`. Small ints are immediate; [`BigInt`] holds the others, and the value of instances of subclasses (of any size).

use crate::error::{Exc, PyResult};
use crate::image::TypeDef;
use crate::num::{Int, Order, hash};
use crate::object::{Changes, Cloner, Immutable, Kind, Payload, layout_of};
use crate::op::{BinOp, CmpOp};
use crate::proto::compare::holds;
use crate::special::Special;
use crate::types::T;
use crate::types::arith::{IntRef, int_divmod, int_op, int_pow_mod, int_result, is_subclass_instance};
use crate::types::native::{GetSet, NativeDef, class_method, getter, method, static_method};
use crate::types::str::Str;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of ints that are objects: those beyond 48 bits, and instances of subclasses of int (of any size).
pub struct BigInt(pub Int);

impl Payload for BigInt {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const KIND: Kind = Kind::BigInt;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn outside(&self) -> usize {
        self.0.bit_length() as usize / 8
    }
    fn clone_in(&self, _: &mut Cloner) -> BigInt {
        BigInt(self.0.clone())
    }
}
impl Immutable for BigInt {}

/// `int`
pub static INT: TypeDef =
    TypeDef::new("int", layout_of::<BigInt>()).flags(flags::BASE | flags::PLAIN_EQ | flags::MATCH_SELF).doc(DOC).methods(METHODS).getset(GETSET);

const DOC: &str = "int([x]) -> integer\nint(x, base=10) -> integer\n\nConvert a number or string to an integer, or return 0 if no arguments\nare given.  A string is read in the given base (2 to 36, or 0 to take\nthe base from its prefix).";

static METHODS: &[NativeDef] = &[
    static_method("__new__(cls, x=NULL, /, base=NULL)", int_new),
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
    method("__lshift__(self, value, /)", forward::<{ BinOp::LShift as u8 }>),
    method("__rlshift__(self, value, /)", reflected::<{ BinOp::LShift as u8 }>),
    method("__rshift__(self, value, /)", forward::<{ BinOp::RShift as u8 }>),
    method("__rrshift__(self, value, /)", reflected::<{ BinOp::RShift as u8 }>),
    method("__and__(self, value, /)", forward::<{ BinOp::And as u8 }>),
    method("__rand__(self, value, /)", reflected::<{ BinOp::And as u8 }>),
    method("__xor__(self, value, /)", forward::<{ BinOp::Xor as u8 }>),
    method("__rxor__(self, value, /)", reflected::<{ BinOp::Xor as u8 }>),
    method("__or__(self, value, /)", forward::<{ BinOp::Or as u8 }>),
    method("__ror__(self, value, /)", reflected::<{ BinOp::Or as u8 }>),
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
    method("__neg__(self, /)", neg),
    method("__pos__(self, /)", exact),
    method("__abs__(self, /)", abs),
    method("__invert__(self, /)", invert),
    method("__bool__(self, /)", bool_),
    method("__hash__(self, /)", hash_),
    method("__int__(self, /)", exact),
    method("__index__(self, /)", exact),
    method("__trunc__(self, /)", exact).doc("Truncating an Integral returns itself."),
    method("__floor__(self, /)", exact).doc("Flooring an Integral returns itself."),
    method("__ceil__(self, /)", exact).doc("Ceiling of an Integral returns itself."),
    method("__round__(self, ndigits=NULL, /)", round),
    method("__float__(self, /)", float),
    method("__repr__(self, /)", repr),
    method("__format__(self, format_spec, /)", format),
    method("__getnewargs__(self, /)", getnewargs),
    method("__sizeof__(self, /)", sizeof).doc("Returns size in memory, in bytes."),
    method("conjugate(self, /)", exact).doc("Returns self, the complex conjugate of any int."),
    method("bit_length(self, /)", bit_length).doc("Number of bits necessary to represent self in binary."),
    method("bit_count(self, /)", bit_count).doc("Number of ones in the binary representation of the absolute value of self."),
    method("as_integer_ratio(self, /)", as_integer_ratio).doc("Return a pair of integers, whose ratio is equal to the original int."),
    method("is_integer(self, /)", is_integer).doc("Returns True. Exists for duck type compatibility with float.is_integer."),
    method("to_bytes(self, /, length=1, byteorder='big', *, signed=False)", to_bytes).doc("Return an array of bytes representing an integer."),
    class_method("from_bytes(cls, /, bytes, byteorder='big', *, signed=False)", from_bytes).doc("Return the integer represented by the given array of bytes."),
];

static GETSET: &[GetSet] =
    &[getter("real", real), getter("imag", |_, _| Ok(Value::small_wrap(0))), getter("numerator", real), getter("denominator", |_, _| Ok(Value::small_wrap(1)))];

/// The value of `self`, which the binding has checked to be an int.
fn this(v: &Value) -> IntRef<'_> {
    IntRef::of(v).expect("an int")
}

impl Vm {
    /// The exact int equal to an int, bool or instance of a subclass.
    pub fn exact_int(&mut self, v: &Value) -> Value {
        if v.is_small() || (v.is_a::<BigInt>() && !is_subclass_instance(v)) {
            return v.clone();
        }
        match this(v) {
            IntRef::Small(i) => self.new_int(i),
            IntRef::Big(i) => self.new_bigint(i.clone()),
        }
    }
    /// The decimal text of an int, within the limit of `sys.set_int_max_str_digits`.
    pub fn int_text(&mut self, v: &Value) -> PyResult<String> {
        match this(v) {
            IntRef::Small(i) => Ok(i.to_string()),
            IntRef::Big(i) => {
                let max = self.iso().int_max_str_digits;
                i.to_decimal(max).map_err(|e| self.num_err(e))
            }
        }
    }
    /// `int(v)` for one argument: `__int__`, `__index__`, `__trunc__`, text. The result is an exact int.
    pub fn to_python_int(&mut self, v: &Value) -> PyResult {
        if IntRef::of(v).is_some() && !is_subclass_instance(v) {
            return Ok(self.exact_int(v));
        }
        if let Some(f) = v.as_float() {
            return int_result(self, Int::from_f64(f));
        }
        if let Some(f) = self.special(v, Special::Int) {
            let r = self.call_special(&f, &[v.clone()])?;
            return self.int_from_special(&r, "__int__ returned non-int");
        }
        if self.special(v, Special::Index).is_some() {
            let i = self.index(v)?;
            return Ok(self.exact_int(&i));
        }
        if let Some(f) = self.special(v, Special::Trunc) {
            let r = self.call_special(&f, &[v.clone()])?;
            if IntRef::of(&r).is_some() {
                return Ok(self.exact_int(&r));
            }
            if self.special(&r, Special::Index).is_none() {
                let name = self.type_name(&r);
                return Err(self.type_error(format!("__trunc__ returned non-Integral (type {name})")));
            }
            let i = self.index(&r)?;
            return Ok(self.exact_int(&i));
        }
        match self.int_from_text(v, 10)? {
            Some(i) => Ok(i),
            None => {
                let name = self.type_name(v);
                Err(self.type_error(format!("int() argument must be a string, a bytes-like object or a real number, not '{name}'")))
            }
        }
    }
    fn int_from_special(&mut self, r: &Value, text: &str) -> PyResult {
        if IntRef::of(r).is_some() {
            return Ok(self.exact_int(r));
        }
        let name = self.type_name(r);
        Err(self.type_error(format!("{text} (type {name})")))
    }
    /// The int that a str, bytes or bytearray spells; `None` for other values.
    fn int_from_text(&mut self, v: &Value, base: u32) -> PyResult<Option<Value>> {
        let max = self.iso().int_max_str_digits;
        let parsed = if let Some(s) = v.get::<Str>() {
            Int::parse_quoted(&s.lossy(), base, max, || crate::text::repr::repr_wtf8(s.bytes()))
        } else if let Some(bytes) = crate::types::arith::bytes_like(self, v) {
            let text = String::from_utf8(bytes.clone()).unwrap_or_else(|_| "?".into());
            Int::parse_quoted(&text, base, max, || crate::text::repr::repr_bytes(&bytes))
        } else {
            return Ok(None);
        };
        int_result(self, parsed).map(Some)
    }
}

fn int_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (cls, x, base) = (&args[0], &args[1], &args[2]);
    let value = match (x.is_null(), base.is_null()) {
        (true, true) => Value::small_wrap(0),
        (true, false) => return Err(vm.type_error("int() missing string argument")),
        (false, true) => vm.to_python_int(x)?,
        (false, false) => {
            let base = vm.to_isize_clamped(base)?;
            if base != 0 && !(2..=36).contains(&base) {
                return Err(vm.value_error("int() base must be >= 2 and <= 36, or 0"));
            }
            match vm.int_from_text(x, base as u32)? {
                Some(i) => i,
                None => return Err(vm.type_error("int() can't convert non-string with explicit base")),
            }
        }
    };
    of_class(vm, cls, value)
}

/// An int as an instance of `cls`.
fn of_class(vm: &mut Vm, cls: &Value, value: Value) -> PyResult {
    if cls.is(vm.ty(T::Int)) {
        return Ok(value);
    }
    let int = vm.int_value(&value).expect("an int");
    Ok(vm.new_of(cls, BigInt(int)))
}

fn forward<const OP: u8>(vm: &mut Vm, args: &[Value]) -> PyResult {
    match (IntRef::of(&args[0]), IntRef::of(&args[1])) {
        (Some(a), Some(b)) => int_op(vm, BinOp::from_u8(OP), a, b),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn reflected<const OP: u8>(vm: &mut Vm, args: &[Value]) -> PyResult {
    match (IntRef::of(&args[1]), IntRef::of(&args[0])) {
        (Some(a), Some(b)) => int_op(vm, BinOp::from_u8(OP), a, b),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn compare<const OP: u8>(_: &mut Vm, args: &[Value]) -> PyResult {
    match (IntRef::of(&args[0]), IntRef::of(&args[1])) {
        (Some(a), Some(b)) => Ok(Value::bool(holds(CmpOp::from_u8(OP), a.order(b)))),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn pow(vm: &mut Vm, args: &[Value]) -> PyResult {
    power(vm, &args[0], &args[1], &args[2])
}
fn rpow(vm: &mut Vm, args: &[Value]) -> PyResult {
    power(vm, &args[1], &args[0], &args[2])
}
fn power(vm: &mut Vm, a: &Value, b: &Value, modulus: &Value) -> PyResult {
    let (Some(a), Some(b)) = (IntRef::of(a), IntRef::of(b)) else { return Ok(Value::NOT_IMPLEMENTED) };
    if modulus.is_none() {
        return int_op(vm, BinOp::Pow, a, b);
    }
    match IntRef::of(modulus) {
        Some(m) => int_pow_mod(vm, a, b, m),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn divmod(vm: &mut Vm, args: &[Value]) -> PyResult {
    match (IntRef::of(&args[0]), IntRef::of(&args[1])) {
        (Some(a), Some(b)) => int_divmod(vm, a, b),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn rdivmod(vm: &mut Vm, args: &[Value]) -> PyResult {
    divmod(vm, &[args[1].clone(), args[0].clone()])
}
fn neg(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(match this(&args[0]) {
        IntRef::Small(i) => match i.checked_neg() {
            Some(n) => vm.new_int(n),
            None => vm.new_bigint(Int::from(i).neg()),
        },
        IntRef::Big(i) => vm.new_bigint(i.neg()),
    })
}
fn abs(vm: &mut Vm, args: &[Value]) -> PyResult {
    if this(&args[0]).is_negative() { neg(vm, args) } else { exact(vm, args) }
}
fn invert(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(match this(&args[0]) {
        IntRef::Small(i) => vm.new_int(!i),
        IntRef::Big(i) => vm.new_bigint(i.invert()),
    })
}
fn exact(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.exact_int(&args[0]))
}
fn real(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(vm.exact_int(v))
}
fn bool_(_: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::bool(!this(&args[0]).is_zero()))
}
fn hash_(vm: &mut Vm, args: &[Value]) -> PyResult {
    let h = match this(&args[0]) {
        IntRef::Small(i) => hash::hash_i64(i),
        IntRef::Big(i) => hash::hash_int(i),
    };
    Ok(vm.new_int(h))
}
fn float(vm: &mut Vm, args: &[Value]) -> PyResult {
    this(&args[0]).to_f64().map(Value::float).map_err(|e| vm.num_err(e))
}
fn round(vm: &mut Vm, args: &[Value]) -> PyResult {
    if args[1].is_null() {
        return exact(vm, args);
    }
    let digits = vm.to_isize_clamped(&args[1])? as i64;
    if digits >= 0 {
        return exact(vm, args);
    }
    let r = this(&args[0]).int().round_digits(digits);
    int_result(vm, r)
}
fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = vm.int_text(&args[0])?;
    Ok(vm.new_str(text))
}
fn format(vm: &mut Vm, args: &[Value]) -> PyResult {
    let spec = vm.format_spec(&args[1])?;
    if spec.is_empty() {
        return vm.str(&args[0]);
    }
    let r = match this(&args[0]) {
        IntRef::Small(i) => crate::num::format_num::format_small(i, &spec),
        IntRef::Big(i) => crate::num::format_num::format_int(i, &spec, vm.iso().int_max_str_digits),
    };
    vm.formatted(r)
}
fn getnewargs(vm: &mut Vm, args: &[Value]) -> PyResult {
    let i = vm.exact_int(&args[0]);
    Ok(vm.new_tuple(vec![i]))
}
fn sizeof(_: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::small_wrap(this(&args[0]).int().cpython_size() as i64))
}
fn bit_length(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = match this(&args[0]) {
        IntRef::Small(i) => 64 - u64::from(i.unsigned_abs().leading_zeros()),
        IntRef::Big(i) => i.bit_length(),
    };
    Ok(vm.new_uint(n))
}
fn bit_count(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = match this(&args[0]) {
        IntRef::Small(i) => u64::from(i.unsigned_abs().count_ones()),
        IntRef::Big(i) => i.bit_count(),
    };
    Ok(vm.new_uint(n))
}
fn as_integer_ratio(vm: &mut Vm, args: &[Value]) -> PyResult {
    let i = vm.exact_int(&args[0]);
    Ok(vm.new_tuple(vec![i, Value::small_wrap(1)]))
}
fn is_integer(_: &mut Vm, _: &[Value]) -> PyResult {
    Ok(Value::TRUE)
}

fn byte_order(vm: &mut Vm, v: &Value, what: &str) -> PyResult<Order> {
    let Some(s) = v.get::<Str>() else {
        let name = vm.type_name(v);
        return Err(vm.type_error(format!("{what}() argument 'byteorder' must be str, not {name}")));
    };
    match s.as_str() {
        Some("little") => Ok(Order::Little),
        Some("big") => Ok(Order::Big),
        _ => Err(vm.value_error("byteorder must be either 'little' or 'big'")),
    }
}
fn to_bytes(vm: &mut Vm, args: &[Value]) -> PyResult {
    let length = vm.to_isize(&args[1])?;
    let order = byte_order(vm, &args[2], "to_bytes")?;
    let signed = vm.truthy(&args[3])?;
    let Ok(length) = usize::try_from(length) else {
        return Err(vm.value_error("length argument must be non-negative"));
    };
    if length > crate::types::arith::max_bytes(vm) {
        return Err(vm.memory_error());
    }
    match this(&args[0]).int().to_bytes(length, order, signed) {
        Ok(bytes) => Ok(vm.new_bytes(bytes)),
        Err(e) => Err(vm.num_err(e)),
    }
}
/// The bytes that `int.from_bytes` reads: of a bytes-like object, of `__bytes__()`, or of an iterable of ints.
fn from_bytes_source(vm: &mut Vm, v: &Value) -> PyResult<Vec<u8>> {
    if v.is_a::<Str>() || IntRef::of(v).is_some() {
        let name = vm.type_name(v);
        return Err(vm.type_error(format!("cannot convert '{name}' object to bytes")));
    }
    crate::types::bytes::bytes_of(vm, v)
}
fn from_bytes(vm: &mut Vm, args: &[Value]) -> PyResult {
    let order = byte_order(vm, &args[2], "from_bytes")?;
    let signed = vm.truthy(&args[3])?;
    let bytes = from_bytes_source(vm, &args[1])?;
    let value = vm.new_bigint(Int::from_bytes(&bytes, order, signed));
    if args[0].is(vm.ty(T::Int)) { Ok(value) } else { vm.call(&args[0], &[value]) }
}

impl Vm {
    /// The text of a format specification; TypeError unless it is a str.
    pub fn format_spec(&mut self, spec: &Value) -> PyResult<Vec<u8>> {
        match spec.get::<Str>() {
            Some(s) => Ok(s.bytes().to_vec()),
            None => {
                let name = self.type_name(spec);
                Err(self.type_error(format!("__format__() argument must be str, not {name}")))
            }
        }
    }
    /// A formatted text as a str, or the error.
    pub fn formatted(&mut self, r: Result<Vec<u8>, crate::num::PyErr>) -> PyResult {
        match r {
            Ok(text) => Ok(self.new_str_wtf8(text)),
            Err(e) => Err(self.num_err(e)),
        }
    }
    /// The OverflowError of an int that a C type cannot hold.
    #[cold]
    pub fn too_large(&mut self, c_type: &str) -> crate::error::Raised {
        self.err(Exc::OverflowError, format!("Python int too large to convert to C {c_type}"))
    }
}
