//! The interpreter.

mod arith;
mod attrs;
mod build;
mod calls;
mod except;
pub mod frame;
pub mod generator;
mod import;
mod names;
mod operators;
mod pending;
pub mod quicken;
mod run;

use crate::error::{Exc, PyResult};
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
}
