//! `math`, as in CPython 3.12 (`Modules/mathmodule.c`). Elementary functions come from the host natively and from software in the
//! simulated world, so that a script's output does not depend on the machine there.

mod elementary;
mod integers;
pub mod sums;

use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::types::native::NativeDef;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

const FUNCTIONS: &[&[NativeDef]] = &[elementary::FUNCTIONS, integers::FUNCTIONS, sums::FUNCTIONS];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("math", "This module provides access to the mathematical functions\ndefined by the C standard.", &[]);
    for functions in FUNCTIONS {
        vm.module_add_functions(&m, "math", functions);
    }
    constants(vm, &m);
    Ok(m)
}

/// The constants that `math` and `cmath` share.
pub fn constants(vm: &mut Vm, m: &Value) {
    use std::f64::consts;
    for (name, x) in [("pi", consts::PI), ("e", consts::E), ("tau", consts::TAU), ("inf", f64::INFINITY), ("nan", f64::NAN)] {
        vm.module_set(m, name, Value::float(x));
    }
}

/// "math domain error"
pub fn domain_error(vm: &mut Vm) -> Raised {
    vm.value_error("math domain error")
}
/// "math range error"
pub fn range_error(vm: &mut Vm) -> Raised {
    vm.err(Exc::OverflowError, "math range error")
}
