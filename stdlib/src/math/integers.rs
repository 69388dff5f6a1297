//! Functions of ints: `comb`, `factorial`, `gcd`, `isqrt`, `lcm`, `perm`.

use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::num::{Int, PyErr};
use gilbert_vm::types::arith::{int_result, max_bytes};
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

pub const FUNCTIONS: &[NativeDef] = &[
    function("comb(n, k, /)", comb).doc("Number of ways to choose k items from n items without repetition and without order."),
    function("factorial(n, /)", factorial).doc("Find n!.\n\nRaise a ValueError if x is negative or non-integral."),
    function("gcd(*integers)", gcd).doc("Greatest Common Divisor."),
    function("isqrt(n, /)", isqrt).doc("Return the integer part of the square root of the input."),
    function("lcm(*integers)", lcm).doc("Least Common Multiple."),
    function("perm(n, k=None, /)", perm).doc("Number of ways to choose k items from n items without repetition and with order."),
];

fn gcd(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mut g = Int::ZERO;
    for v in args[0].get::<Tuple>().expect("bound").items() {
        g = g.gcd(&vm.to_int(v)?);
    }
    Ok(vm.new_bigint(g))
}
fn lcm(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mut m = Int::ONE;
    for v in args[0].get::<Tuple>().expect("bound").items() {
        let i = vm.to_int(v)?;
        m = m.lcm(&i, max_bytes(vm)).map_err(|e| vm.num_err(e))?;
    }
    Ok(vm.new_bigint(m))
}
fn isqrt(vm: &mut Vm, args: &[Value]) -> PyResult {
    let r = vm.to_int(&args[0])?.isqrt();
    int_result(vm, r)
}

/// The product `from * (from + 1) * .. * (to - 1)`, halved again and again so that the factors stay of one size.
fn product(from: &Int, count: u64, max: usize) -> Result<Int, PyErr> {
    if count <= 8 {
        let mut r = Int::ONE;
        let mut f = from.clone();
        for _ in 0..count {
            r = r.mul(&f, max)?;
            f = f.add(&Int::ONE);
        }
        return Ok(r);
    }
    let half = count / 2;
    product(from, half, max)?.mul(&product(&from.add(&Int::from(half)), count - half, max)?, max)
}

/// Whether a product of `count` factors of about `bits` bits is too large to be made.
fn too_large(count: u64, bits: u64, max: usize) -> bool {
    count.saturating_mul(bits.max(1)) / 8 > max as u64
}

fn factorial(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = vm.to_int(&args[0])?;
    if n.is_negative() {
        return Err(vm.value_error("factorial() not defined for negative values"));
    }
    let Some(n) = n.to_i64() else {
        return Err(vm.err(Exc::OverflowError, "factorial() argument should not exceed 9223372036854775807"));
    };
    let max = max_bytes(vm);
    if too_large(n as u64, 64 - u64::from(n.leading_zeros()), max) {
        return Err(vm.memory_error());
    }
    let r = product(&Int::ONE, n as u64, max);
    int_result(vm, r)
}

fn non_negative(vm: &mut Vm, v: &Value, name: &str) -> PyResult<Int> {
    let i = vm.to_int(v)?;
    if i.is_negative() {
        return Err(vm.value_error(format!("{name} must be a non-negative integer")));
    }
    Ok(i)
}

fn perm(vm: &mut Vm, args: &[Value]) -> PyResult {
    if args[1].is_none() {
        return factorial(vm, args);
    }
    let (n, k) = (vm.to_int(&args[0])?, vm.to_int(&args[1])?);
    let (n, k) = (check(vm, n, "n")?, check(vm, k, "k")?);
    if k > n {
        return Ok(Value::small_wrap(0));
    }
    let Some(count) = k.to_i64() else {
        return Err(vm.err(Exc::OverflowError, "k must not exceed 9223372036854775807"));
    };
    falling(vm, &n, count as u64)
}
fn check(vm: &mut Vm, i: Int, name: &str) -> PyResult<Int> {
    if i.is_negative() { Err(vm.value_error(format!("{name} must be a non-negative integer"))) } else { Ok(i) }
}
/// `n * (n - 1) * ..`, `count` factors.
fn falling(vm: &mut Vm, n: &Int, count: u64) -> PyResult {
    let max = max_bytes(vm);
    if too_large(count, n.bit_length(), max) {
        return Err(vm.memory_error());
    }
    let first = n.sub(&Int::from(count)).add(&Int::ONE);
    let r = product(&first, count, max);
    int_result(vm, r)
}

fn comb(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = non_negative(vm, &args[0], "n")?;
    let k = non_negative(vm, &args[1], "k")?;
    if k > n {
        return Ok(Value::small_wrap(0));
    }
    let k = k.clone().min(n.sub(&k));
    let Some(count) = k.to_i64() else {
        return Err(vm.err(Exc::OverflowError, "min(n - k, k) must not exceed 9223372036854775807"));
    };
    let top = falling(vm, &n, count as u64)?;
    let max = max_bytes(vm);
    let bottom = product(&Int::ONE, count as u64, max).map_err(|e| vm.num_err(e))?;
    let top = vm.to_int(&top)?;
    int_result(vm, top.floor_div(&bottom))
}
