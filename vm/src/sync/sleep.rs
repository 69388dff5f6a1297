//! `time.sleep`.

use crate::control::CLOCK;
use crate::error::PyResult;
use crate::gil::Cause;
use crate::probe::Wait;
use crate::start::Woken;
use crate::vm::Vm;
use crate::world::{Blocked, Ns, WaitKind};

impl Vm {
    /// The world's monotonic time in ns, exact also in the middle of a slice of ticks.
    pub fn now(&mut self) -> Ns {
        let gil = self.iso().gil.clone();
        gil.sync_clock(&mut self.turn);
        self.iso().world.now()
    }
    /// Waits without the GIL until the world's clock shows `deadline`; signal handlers run meanwhile.
    pub fn sleep_until(&mut self, deadline: Ns) -> PyResult<()> {
        self.point()?;
        self.sync_access_at(CLOCK, true, false, Wait::No);
        while self.park_as(Some(deadline), Blocked::new(WaitKind::Sleep, 0), Cause::Io)? != Woken::TimedOut {}
        self.sync_access_at(CLOCK, true, false, Wait::Open);
        Ok(())
    }
}
