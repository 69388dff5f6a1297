//! `_operator`: the operators as functions, and the callables that fetch items, attributes and method results.

mod getters;

use gilbert_vm::builtins::is_int;
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::op::{BinOp, CmpOp};
use gilbert_vm::special::Special;
use gilbert_vm::types::native::{Kwargs, NativeDef, function};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

macro_rules! bin {
    ($sig:literal, $op:ident, $doc:literal) => {
        function($sig, |vm, a| vm.binary(BinOp::$op, &a[0], &a[1])).doc($doc)
    };
}
macro_rules! inplace {
    ($sig:literal, $op:ident, $doc:literal) => {
        function($sig, |vm, a| vm.binary_inplace(BinOp::$op, &a[0], &a[1])).doc($doc)
    };
}
macro_rules! cmp {
    ($sig:literal, $op:ident, $doc:literal) => {
        function($sig, |vm, a| vm.compare(CmpOp::$op, &a[0], &a[1])).doc($doc)
    };
}

const FUNCTIONS: &[NativeDef] = &[
    bin!("add(a, b, /)", Add, "Same as a + b."),
    bin!("sub(a, b, /)", Sub, "Same as a - b."),
    bin!("mul(a, b, /)", Mul, "Same as a * b."),
    bin!("matmul(a, b, /)", MatMul, "Same as a @ b."),
    bin!("truediv(a, b, /)", TrueDiv, "Same as a / b."),
    bin!("floordiv(a, b, /)", FloorDiv, "Same as a // b."),
    bin!("mod(a, b, /)", Mod, "Same as a % b."),
    bin!("pow(a, b, /)", Pow, "Same as a ** b."),
    bin!("lshift(a, b, /)", LShift, "Same as a << b."),
    bin!("rshift(a, b, /)", RShift, "Same as a >> b."),
    bin!("and_(a, b, /)", And, "Same as a & b."),
    bin!("or_(a, b, /)", Or, "Same as a | b."),
    bin!("xor(a, b, /)", Xor, "Same as a ^ b."),
    inplace!("iadd(a, b, /)", Add, "Same as a += b."),
    inplace!("isub(a, b, /)", Sub, "Same as a -= b."),
    inplace!("imul(a, b, /)", Mul, "Same as a *= b."),
    inplace!("imatmul(a, b, /)", MatMul, "Same as a @= b."),
    inplace!("itruediv(a, b, /)", TrueDiv, "Same as a /= b."),
    inplace!("ifloordiv(a, b, /)", FloorDiv, "Same as a //= b."),
    inplace!("imod(a, b, /)", Mod, "Same as a %= b."),
    inplace!("ipow(a, b, /)", Pow, "Same as a **= b."),
    inplace!("ilshift(a, b, /)", LShift, "Same as a <<= b."),
    inplace!("irshift(a, b, /)", RShift, "Same as a >>= b."),
    inplace!("iand(a, b, /)", And, "Same as a &= b."),
    inplace!("ior(a, b, /)", Or, "Same as a |= b."),
    inplace!("ixor(a, b, /)", Xor, "Same as a ^= b."),
    cmp!("lt(a, b, /)", Lt, "Same as a < b."),
    cmp!("le(a, b, /)", Le, "Same as a <= b."),
    cmp!("eq(a, b, /)", Eq, "Same as a == b."),
    cmp!("ne(a, b, /)", Ne, "Same as a != b."),
    cmp!("gt(a, b, /)", Gt, "Same as a > b."),
    cmp!("ge(a, b, /)", Ge, "Same as a >= b."),
    function("neg(a, /)", |vm, a| vm.unary(Special::Neg, &a[0])).doc("Same as -a."),
    function("pos(a, /)", |vm, a| vm.unary(Special::Pos, &a[0])).doc("Same as +a."),
    function("inv(a, /)", |vm, a| vm.unary(Special::Invert, &a[0])).doc("Same as ~a."),
    function("invert(a, /)", |vm, a| vm.unary(Special::Invert, &a[0])).doc("Same as ~a."),
    function("abs(a, /)", abs).doc("Same as abs(a)."),
    function("index(a, /)", |vm, a| vm.index(&a[0])).doc("Same as a.__index__()"),
    function("not_(a, /)", |vm, a| Ok(Value::bool(!vm.truthy(&a[0])?))).doc("Same as not a."),
    function("truth(a, /)", |vm, a| Ok(Value::bool(vm.truthy(&a[0])?))).doc("Return True if a is true, False otherwise."),
    function("is_(a, b, /)", |_, a| Ok(Value::bool(a[0].is(&a[1])))).doc("Same as a is b."),
    function("is_not(a, b, /)", |_, a| Ok(Value::bool(!a[0].is(&a[1])))).doc("Same as a is not b."),
    function("is_none(a, /)", |_, a| Ok(Value::bool(a[0].is_none()))).doc("Same as a is None."),
    function("is_not_none(a, /)", |_, a| Ok(Value::bool(!a[0].is_none()))).doc("Same as a is not None."),
    function("concat(a, b, /)", concat).doc("Same as a + b, for a and b sequences."),
    function("iconcat(a, b, /)", iconcat).doc("Same as a += b, for a and b sequences."),
    function("contains(a, b, /)", |vm, a| Ok(Value::bool(vm.contains(&a[0], &a[1])?))).doc("Same as b in a (note reversed operands)."),
    function("countOf(a, b, /)", count_of).doc("Return the number of items in a which are, or which equal, b."),
    function("indexOf(a, b, /)", index_of).doc("Return the first index of b in a."),
    function("getitem(a, b, /)", |vm, a| vm.get_item(&a[0], &a[1])).doc("Same as a[b]."),
    function("setitem(a, b, c, /)", |vm, a| vm.set_item(&a[0], &a[1], a[2].clone()).map(|_| Value::NONE)).doc("Same as a[b] = c."),
    function("delitem(a, b, /)", |vm, a| vm.del_item(&a[0], &a[1]).map(|_| Value::NONE)).doc("Same as del a[b]."),
    function("length_hint(obj, default=0, /)", length_hint).doc("Return an estimate of the number of items in obj."),
    function("call(obj, /, *args, **kwargs)", call).doc("Same as obj(*args, **kwargs)."),
    function("_compare_digest(a, b, /)", compare_digest).doc("Return 'a == b', in a time that does not depend on where they differ."),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module(
        "_operator",
        "Operator interface.\n\nThis module exports a set of functions implemented in C corresponding\nto the intrinsic operators of Python.",
        FUNCTIONS,
    );
    for def in [&getters::ITEM_GETTER, &getters::ATTR_GETTER, &getters::METHOD_CALLER] {
        vm.module_add_type(&m, def);
    }
    Ok(m)
}

fn abs(vm: &mut Vm, args: &[Value]) -> PyResult {
    let f = vm.builtin("abs")?;
    vm.call(&f, args)
}

fn is_sequence(vm: &Vm, v: &Value) -> bool {
    let class = v.class(vm);
    !class.special(Special::GetItem).is_null() && !class.has(gilbert_vm::types::type_::flags::MAPPING)
}
fn concat(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_sequence(vm, &args[0])?;
    vm.binary(BinOp::Add, &args[0], &args[1])
}
fn iconcat(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_sequence(vm, &args[0])?;
    vm.binary_inplace(BinOp::Add, &args[0], &args[1])
}
fn check_sequence(vm: &mut Vm, v: &Value) -> PyResult<()> {
    if is_sequence(vm, v) {
        return Ok(());
    }
    let name = vm.type_name(v);
    Err(vm.type_error(format!("'{name}' object can't be concatenated")))
}
fn count_of(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mut n = 0;
    vm.for_each(&args[0], |vm, item| {
        n += vm.eq(&item, &args[1])? as i64;
        Ok(())
    })?;
    Ok(vm.new_int(n))
}
fn index_of(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = vm.iter(&args[0])?;
    let mut i = 0;
    while let Some(item) = vm.next(&it)? {
        if vm.eq(&item, &args[1])? {
            return Ok(vm.new_int(i));
        }
        i += 1;
    }
    Err(vm.value_error("sequence.index(x): x not in sequence"))
}
fn length_hint(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !is_int(&args[1]) {
        let name = vm.type_name(&args[1]);
        return Err(vm.type_error(format!("'{name}' object cannot be interpreted as an integer")));
    }
    if vm.special(&args[0], Special::Len).is_some() {
        return Ok(Value::small_wrap(vm.len(&args[0])? as i64));
    }
    let Some(f) = vm.special(&args[0], Special::LengthHint) else { return Ok(args[1].clone()) };
    let hint = match vm.call_special(&f, &[args[0].clone()]) {
        Err(e) if vm.is_exc(&e, Exc::TypeError) => return Ok(args[1].clone()),
        r => r?,
    };
    if hint.is_not_implemented() {
        return Ok(args[1].clone());
    }
    match vm.int_value(&hint).map(|i| i.is_negative()) {
        Some(false) => Ok(hint),
        Some(true) => Err(vm.value_error("__length_hint__() should return >= 0")),
        None => {
            let name = vm.type_name(&hint);
            Err(vm.type_error(format!("__length_hint__ must be an integer, not {name}")))
        }
    }
}
fn call(vm: &mut Vm, args: &[Value]) -> PyResult {
    let positional = args[1].get::<Tuple>().expect("bound").items();
    let (names, values): (Vec<Value>, Vec<Value>) = vm.dict_items(&args[2]).into_iter().unzip();
    vm.call_kw(&args[0], positional, Kwargs { names: &names, values: &values })
}
fn compare_digest(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (a, b) = match (args[0].get::<Str>(), args[1].get::<Str>()) {
        (Some(a), Some(b)) => {
            if !a.is_ascii() || !b.is_ascii() {
                return Err(vm.type_error("comparing strings with non-ASCII characters is not supported"));
            }
            (a.bytes().to_vec(), b.bytes().to_vec())
        }
        (None, None) if vm.is_buffer(&args[0]) && vm.is_buffer(&args[1]) => (vm.buffer_bytes(&args[0])?, vm.buffer_bytes(&args[1])?),
        _ => {
            let (x, y) = (vm.type_name(&args[0]), vm.type_name(&args[1]));
            return Err(vm.type_error(format!("unsupported operand types(s) or combination of types: '{x}' and '{y}'")));
        }
    };
    let differ = a.iter().zip(&b).fold(0u8, |d, (x, y)| d | (x ^ y));
    Ok(Value::bool(differ == 0 && a.len() == b.len()))
}
