//! Waiting. Everything that blocks is written here once, upon [`World::park`](crate::world::World::park), and runs unchanged in both worlds.

pub mod sleep;

use crate::error::{PyResult, Raised};
use crate::gil::Cause;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{Tid, World};
use std::sync::Arc;

impl Vm {
    /// Runs `f`, a call into the outside that may block, without the GIL. Owns nothing of Python's meanwhile.
    ///
    /// # Errors
    /// The thread has been killed: nothing but leaving is left.
    pub fn without_gil<R>(&mut self, cause: Cause, f: impl FnOnce(&dyn World, Tid) -> R) -> PyResult<R> {
        let (gil, world) = (Arc::clone(&self.iso().gil), Arc::clone(&self.iso().world));
        let me = self.tid();
        gil.release(&mut self.turn, cause);
        let r = f(&*world, me);
        match gil.acquire(&mut self.turn) {
            Ok(()) => Ok(r),
            Err(_) => Err(Raised(Value::NULL)),
        }
    }
}
