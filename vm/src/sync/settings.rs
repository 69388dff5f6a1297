//! How often the GIL changes hands, as scripts see and set it: the natives that `sys` and `gil` offer.

use crate::error::{Exc, PyResult};
use crate::gil::Policy;
use crate::types::native::{NativeDef, function};
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// Changes the GIL's policy; ValueError with the reason where that is impossible.
    pub fn set_gil_policy(&mut self, policy: Policy) -> PyResult<()> {
        let gil = self.gil.clone();
        gil.set_policy(policy, &mut self.turn).map_err(|text| self.value_error(text))
    }
    /// Sets the tick interval; below 1 counts as 1, as in CPython 2.
    pub fn set_ticks(&mut self, n: i64) -> PyResult<()> {
        let n = n.clamp(1, i64::from(i32::MAX)) as u32;
        match self.gil.policy() {
            Policy::Off(_) => self.set_gil_policy(Policy::Off(n)),
            _ => self.set_gil_policy(Policy::Ticks(n)),
        }
    }
}

fn get_check_interval(vm: &mut Vm, _: &[Value]) -> PyResult {
    let n = match vm.gil.policy() {
        Policy::Ticks(n) | Policy::Off(n) => i64::from(n),
        Policy::Interval(_) => 100,
    };
    Ok(vm.new_int(n))
}
fn set_check_interval(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = vm.to_i32(&args[0])?;
    vm.set_ticks(i64::from(n))?;
    Ok(Value::NONE)
}
fn get_switch_interval(vm: &mut Vm, _: &[Value]) -> PyResult {
    Ok(Value::float(vm.gil.interval() as f64 / 1e9))
}
fn set_switch_interval(vm: &mut Vm, args: &[Value]) -> PyResult {
    let seconds = vm.to_f64(&args[0])?;
    if seconds.is_nan() || seconds <= 0.0 {
        return Err(vm.value_error("switch interval must be strictly positive"));
    }
    if seconds > super::timeout::TIMEOUT_MAX {
        return Err(vm.err(Exc::OverflowError, "timestamp too large to convert to C _PyTime_t"));
    }
    let ns = (seconds * 1e9) as u64;
    vm.set_gil_policy(Policy::Interval(ns.max(1)))?;
    Ok(Value::NONE)
}

/// What the module `sys` adds.
pub static FUNCTIONS: &[NativeDef] = &[
    function("getcheckinterval()", get_check_interval),
    function("setcheckinterval(n, /)", set_check_interval),
    function("getswitchinterval()", get_switch_interval),
    function("setswitchinterval(interval, /)", set_switch_interval),
];
