//! The interpreter.

pub mod frame;
pub mod quicken;

use crate::error::{Exc, PyResult};
use crate::types::native::Kwargs;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// Counts one more native re-entry; RecursionError at the limit or where the native stack runs out.
    #[inline]
    pub fn enter_native(&mut self) -> PyResult<()> {
        self.depth += 1;
        if self.depth > self.iso().recursion_limit || crate::world::stack_pointer() < self.stack_floor {
            self.depth -= 1;
            return Err(self.recursion_error());
        }
        Ok(())
    }
    /// Ends what [`Vm::enter_native`] began.
    #[inline]
    pub fn leave_native(&mut self) {
        self.depth -= 1;
    }
    /// "maximum recursion depth exceeded"
    #[cold]
    pub fn recursion_error(&mut self) -> crate::error::Raised {
        self.err(Exc::RecursionError, "maximum recursion depth exceeded")
    }
    /// Calls a Python function from a native.
    pub fn call_function(&mut self, f: &Value, args: &[Value], kw: Kwargs) -> PyResult {
        let _ = (f, args, kw);
        Err(self.runtime_error("the interpreter is not built yet"))
    }
}
