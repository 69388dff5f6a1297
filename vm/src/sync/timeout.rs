//! Timeouts as Python gives them, and deadlines as the world wants them.

use crate::error::{Exc, PyResult};
use crate::value::Value;
use crate::vm::Vm;
use crate::world::Ns;

/// `threading.TIMEOUT_MAX`: the most seconds a wait may last (ns in 63 bits).
pub const TIMEOUT_MAX: f64 = 9_223_372_036.0;

impl Vm {
    /// The deadline of a `timeout` that may be None (wait for ever); below 0 counts as 0.
    pub fn deadline(&mut self, timeout: &Value) -> PyResult<Option<Ns>> {
        if timeout.is_none() || timeout.is_null() {
            return Ok(None);
        }
        let seconds = self.seconds(timeout)?;
        Ok(Some(self.after(seconds)))
    }
    /// A number of seconds; OverflowError beyond [`TIMEOUT_MAX`].
    pub fn seconds(&mut self, timeout: &Value) -> PyResult<f64> {
        let seconds = self.to_f64(timeout)?;
        if seconds.is_nan() {
            return Err(self.value_error("Invalid value NaN (not a number)"));
        }
        if seconds > TIMEOUT_MAX {
            let text = match timeout.is_float() {
                true => "timestamp out of range for platform time_t",
                false => "timestamp too large to convert to C _PyTime_t",
            };
            return Err(self.err(Exc::OverflowError, text));
        }
        Ok(seconds)
    }
    /// The world's time in so many seconds, rounded up.
    pub fn after(&mut self, seconds: f64) -> Ns {
        let ns = (seconds.max(0.0) * 1e9).ceil();
        self.now().saturating_add(ns as u64)
    }
}
