//! `signal.alarm` and `setitimer(ITIMER_REAL)`, upon the world's clock.

use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::Ns;

fn invalid(vm: &mut Vm) -> Raised {
    let text = vm.new_str("Invalid argument");
    match vm.thread_error_type("itimer_error").and_then(|ty| vm.call(&ty, &[Value::i32(libc::EINVAL), text])) {
        Ok(e) | Err(Raised(e)) => Raised(e),
    }
}
fn nanoseconds(vm: &mut Vm, v: &Value) -> PyResult<Ns> {
    let seconds = vm.to_f64(v)?;
    if seconds.is_nan() || seconds < 0.0 {
        return Err(invalid(vm));
    }
    Ok((seconds * 1e9) as Ns)
}
fn pair(vm: &mut Vm, (left, every): (Ns, Ns)) -> Value {
    let both = vec![Value::float(left as f64 / 1e9), Value::float(every as f64 / 1e9)];
    vm.new_tuple(both)
}
fn real_only(vm: &mut Vm, which: &Value) -> PyResult<()> {
    match vm.to_i32(which)? {
        0 => Ok(()),
        1 | 2 => Err(vm.err(Exc::NotImplementedError, "only signal.ITIMER_REAL is there")),
        _ => Err(invalid(vm)),
    }
}
/// `alarm(seconds, /)`: the seconds that were left of the one before.
pub fn alarm(vm: &mut Vm, args: &[Value]) -> PyResult {
    let seconds = vm.to_i32(&args[0])?;
    let after = (seconds > 0).then_some(seconds.max(0) as Ns * 1_000_000_000);
    let (left, _) = vm.set_alarm(after, 0)?;
    Ok(vm.new_uint(left.div_ceil(1_000_000_000)))
}
/// `setitimer(which, seconds, interval=0.0, /)`
pub fn setitimer(vm: &mut Vm, args: &[Value]) -> PyResult {
    real_only(vm, &args[0])?;
    let (after, every) = (nanoseconds(vm, &args[1])?, nanoseconds(vm, &args[2])?);
    let old = vm.set_alarm((after > 0).then_some(after), every)?;
    Ok(pair(vm, old))
}
/// `getitimer(which, /)`
pub fn getitimer(vm: &mut Vm, args: &[Value]) -> PyResult {
    real_only(vm, &args[0])?;
    let now = vm.alarm();
    Ok(pair(vm, now))
}
