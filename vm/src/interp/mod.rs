//! The interpreter.

mod arith;
mod attrs;
mod build;
mod calls;
mod except;
pub mod frame;
pub mod generator;
pub mod greenlet;
mod import;
mod names;
mod operators;
mod others;
mod pending;
pub mod quicken;
mod run;
pub mod trace;
pub(crate) mod visible;

use crate::error::{Exc, PyResult};
use crate::vm::Vm;

/// How many native re-entries may lie above the recursion limit.
const NATIVE_ROOM: u32 = 50;

impl Vm {
    /// Counts one more native re-entry; RecursionError at the limit or where the native stack runs out.
    #[inline]
    pub fn enter_native(&mut self) -> PyResult<()> {
        self.enter_native_for("")
    }
    /// The same; `what` ends the RecursionError's text (" in comparison").
    #[inline]
    pub fn enter_native_for(&mut self, what: &str) -> PyResult<()> {
        self.depth += 1;
        // Python's own frames meet the limit first, so that their error is the plain one
        if self.depth > self.iso().recursion_limit + NATIVE_ROOM || crate::world::stack_pointer() < self.stack_floor {
            self.depth -= 1;
            return Err(self.err(Exc::RecursionError, format!("maximum recursion depth exceeded{what}")));
        }
        Ok(())
    }
    /// RecursionError where the native stack runs out: natives that call natives (an iterator over an iterator over ..) count no frames.
    #[inline(always)]
    pub fn check_stack(&mut self) -> PyResult<()> {
        if crate::world::stack_pointer() < self.stack_floor { Err(self.recursion_error()) } else { Ok(()) }
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
