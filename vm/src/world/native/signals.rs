//! Signals: caught by signal-hook, handed on by a helper thread, never handled inside a signal handler.

use std::sync::Weak;

use parking_lot::Mutex;
use signal_hook::iterator::{Handle, Signals as Caught};

use super::super::{OsError, OsResult};
use super::threads::Threads;

/// The signals of the host that are caught for a machine.
#[derive(Default)]
pub struct Signals {
    catcher: Mutex<Option<Handle>>,
}

impl Signals {
    /// From now on this signal does not end the host's process, but goes to the machine's.
    pub fn catch(&self, signum: i32, threads: Weak<Threads>) -> OsResult<()> {
        let mut catcher = self.catcher.lock();
        if let Some(catcher) = &*catcher {
            return Ok(catcher.add_signal(signum)?);
        }
        let mut caught = Caught::new([signum])?;
        *catcher = Some(caught.handle());
        let hand_on = move || {
            for signum in caught.forever() {
                let Some(threads) = threads.upgrade() else { return };
                threads.deliver_from_host(signum);
            }
        };
        std::thread::Builder::new().name("gilbert-signals".to_owned()).spawn(hand_on)?;
        Ok(())
    }
}

/// Whether a process may watch this signal.
///
/// # Errors
/// `EINVAL`.
pub fn check(signum: i32) -> OsResult<()> {
    if signal_hook::consts::FORBIDDEN.contains(&signum) || !(1..=64).contains(&signum) { Err(OsError::new(libc::EINVAL)) } else { Ok(()) }
}

impl Drop for Signals {
    fn drop(&mut self) {
        if let Some(catcher) = self.catcher.lock().take() {
            catcher.close();
        }
    }
}

/// The signals that are ignored, as the kernel says: what nobody has touched yet is as it was when the process was started (a background
/// job ignores SIGINT).
pub fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find_map(|line| line.strip_prefix("SigIgn:")).and_then(|hex| u64::from_str_radix(hex.trim(), 16).ok()).unwrap_or(0)
}
