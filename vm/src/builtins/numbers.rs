//! `abs`, `bin`, `divmod`, `hex`, `oct`, `pow`, `round`, `sum`.

use crate::error::PyResult;
use crate::num::Int;
use crate::op::BinOp;
use crate::special::Special;
use crate::types::arith::{IntRef, is_subclass_instance};
use crate::types::native::{NativeDef, function};
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;

pub const FUNCTIONS: &[NativeDef] = &[
    function("abs(x, /)", abs).doc("Return the absolute value of the argument."),
    function("bin(number, /)", |vm, args| radix(vm, &args[0], 2, "0b"))
        .doc("Return the binary representation of an integer.\n\n   >>> bin(2796202)\n   '0b1010101010101010101010'"),
    function("oct(number, /)", |vm, args| radix(vm, &args[0], 8, "0o"))
        .doc("Return the octal representation of an integer.\n\n   >>> oct(342391)\n   '0o1234567'"),
    function("hex(number, /)", |vm, args| radix(vm, &args[0], 16, "0x"))
        .doc("Return the hexadecimal representation of an integer.\n\n   >>> hex(12648430)\n   '0xc0ffee'"),
    function("divmod(x, y, /)", |vm, args| vm.divmod(&args[0], &args[1])).doc("Return the tuple (x//y, x%y).  Invariant: div*y + mod == x."),
    function("pow(base, exp, mod=None)", pow).doc("Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments."),
    function("round(number, ndigits=None)", round).doc("Round a number to a given precision in decimal digits."),
    function("sum(iterable, /, start=0)", sum).doc("Return the sum of a 'start' value (default: 0) plus an iterable of numbers"),
];

fn abs(vm: &mut Vm, args: &[Value]) -> PyResult {
    match vm.special(&args[0], Special::Abs) {
        Some(f) => vm.call_special(&f, &[args[0].clone()]),
        None => {
            let name = vm.type_name(&args[0]);
            Err(vm.type_error(format!("bad operand type for abs(): '{name}'")))
        }
    }
}

fn radix(vm: &mut Vm, v: &Value, radix: u32, prefix: &str) -> PyResult {
    let i = vm.to_int(v)?;
    let sign = if i.is_negative() { "-" } else { "" };
    let text = format!("{sign}{prefix}{}", i.abs().to_radix(radix));
    Ok(vm.new_str(text))
}

fn pow(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (base, exp, modulus) = (&args[0], &args[1], &args[2]);
    if modulus.is_none() {
        return vm.binary(BinOp::Pow, base, exp);
    }
    for (this, special, other) in [(base, Special::Pow, exp), (exp, Special::RPow, base)] {
        // the reflected method takes no modulus before Python 3.14: only numbers' own does
        if let Some(f) = vm.special(this, special)
            && (special == Special::Pow || IntRef::of(this).is_some())
        {
            let r = vm.call_special(&f, &[this.clone(), other.clone(), modulus.clone()])?;
            if !r.is_not_implemented() {
                return Ok(r);
            }
        }
    }
    let names = [vm.type_name(base), vm.type_name(exp), vm.type_name(modulus)];
    Err(vm.type_error(format!("unsupported operand type(s) for ** or pow(): '{}', '{}', '{}'", names[0], names[1], names[2])))
}

fn round(vm: &mut Vm, args: &[Value]) -> PyResult {
    let Some(f) = vm.special(&args[0], Special::Round) else {
        let name = vm.type_name(&args[0]);
        return Err(vm.type_error(format!("type {name} doesn't define __round__ method")));
    };
    if args[1].is_none() { vm.call_special(&f, &[args[0].clone()]) } else { vm.call_special(&f, &[args[0].clone(), args[1].clone()]) }
}

fn sum(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (iterable, start) = (&args[0], &args[1]);
    let it = vm.iter(iterable)?;
    if start.is_a::<Str>() {
        return Err(vm.type_error("sum() can't sum strings [use ''.join(seq) instead]"));
    }
    let name = vm.type_name(start);
    if name == "bytes" || name == "bytearray" {
        return Err(vm.type_error(format!("sum() can't sum {name} [use b''.join(seq) instead]")));
    }
    let mut total = start.clone();
    let mut next = vm.next(&it)?;
    while let Some(item) = next {
        total = vm.binary(BinOp::Add, &total, &item)?;
        drop(item);
        next = match (exact_small(&total), total.as_float()) {
            (Some(i), _) => sum_ints(vm, &it, i, &mut total)?,
            (_, Some(f)) => sum_floats(vm, &it, f, &mut total)?,
            _ => vm.next(&it)?,
        };
    }
    Ok(total)
}

fn exact_small(v: &Value) -> Option<i64> {
    match IntRef::of_exact(v)? {
        IntRef::Small(i) => Some(i),
        IntRef::Big(_) => None,
    }
}

/// Adds ints while they and the sum fit 64 bits; gives back the first item that is something else.
fn sum_ints(vm: &mut Vm, it: &Value, mut sum: i64, total: &mut Value) -> PyResult<Option<Value>> {
    let rest = loop {
        let Some(item) = vm.next(it)? else { break None };
        match exact_small(&item).and_then(|i| sum.checked_add(i)) {
            Some(s) => sum = s,
            None => break Some(item),
        }
    };
    *total = vm.new_int(sum);
    Ok(rest)
}

/// Adds floats and ints with Neumaier's compensation, as CPython 3.12 does; gives back the first item that is something else.
fn sum_floats(vm: &mut Vm, it: &Value, mut sum: f64, total: &mut Value) -> PyResult<Option<Value>> {
    let mut lost = 0.0;
    let rest = loop {
        let Some(item) = vm.next(it)? else { break None };
        if let Some(x) = item.as_float() {
            let t = sum + x;
            lost += if sum.abs() >= x.abs() { (sum - t) + x } else { (x - t) + sum };
            sum = t;
        } else if let (Some(IntRef::Small(i)), false) = (IntRef::of(&item), is_subclass_instance(&item)) {
            sum += i as f64;
        } else {
            break Some(item);
        }
    };
    let lost: f64 = lost;
    *total = Value::float(if lost != 0.0 && lost.is_finite() { sum + lost } else { sum });
    Ok(rest)
}

/// Keeps the numeric type in one place for `chr` and `ord`.
pub fn code_point(i: &Int) -> Option<u32> {
    i.to_i64().and_then(|i| u32::try_from(i).ok()).filter(|c| *c < 0x11_0000)
}
