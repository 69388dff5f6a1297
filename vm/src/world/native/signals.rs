//! Signals: caught by signal-hook, handed on by a helper thread, never handled inside a signal handler.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use signal_hook::iterator::{Handle, Signals as Caught};

use super::super::{OnSignal, OsError, OsResult};

/// The watched signals of one world.
pub struct Signals {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    watched: BTreeMap<i32, Watch>,
    arrived: Vec<i32>,
    catcher: Option<Handle>,
}

struct Watch {
    outside: bool,
    on_signal: OnSignal,
}

impl Signals {
    pub fn new() -> Signals {
        Signals { shared: Arc::default() }
    }

    /// Watches `signum`. Returns by how much the number of outside sources has changed.
    pub fn watch(&self, signum: i32, outside: bool, on_signal: OnSignal) -> OsResult<i32> {
        if signal_hook::consts::FORBIDDEN.contains(&signum) || !(1..=64).contains(&signum) {
            return Err(OsError::new(libc::EINVAL));
        }
        let mut shared = self.shared.lock();
        match &shared.catcher {
            Some(catcher) => catcher.add_signal(signum)?,
            None => {
                let caught = Caught::new([signum])?;
                shared.catcher = Some(caught.handle());
                let for_thread = Arc::clone(&self.shared);
                std::thread::Builder::new().name("gilbert-signals".to_owned()).spawn(move || hand_on(caught, &for_thread))?;
            }
        }
        let before = shared.watched.insert(signum, Watch { outside, on_signal });
        Ok(i32::from(outside) - i32::from(before.is_some_and(|watch| watch.outside)))
    }

    /// Stops watching; the same return.
    pub fn unwatch(&self, signum: i32) -> i32 {
        let before = self.shared.lock().watched.remove(&signum);
        -i32::from(before.is_some_and(|watch| watch.outside))
    }

    /// What has arrived since the last call.
    pub fn take(&self) -> Vec<i32> {
        std::mem::take(&mut self.shared.lock().arrived)
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        if let Some(catcher) = self.shared.lock().catcher.take() {
            catcher.close();
        }
    }
}

/// The helper thread.
fn hand_on(mut caught: Caught, shared: &Mutex<Shared>) {
    for signum in caught.forever() {
        let callback = {
            let mut shared = shared.lock();
            let callback = shared.watched.get(&signum).map(|watch| Arc::clone(&watch.on_signal));
            if callback.is_some() {
                shared.arrived.push(signum);
            }
            callback
        };
        match callback {
            Some(callback) => callback(signum),
            // Watched once and no longer: signal-hook keeps its handler, so we do what the kernel would have done.
            None => drop(signal_hook::low_level::emulate_default_handler(signum)),
        }
    }
}

/// The signals that are ignored, as the kernel says: what nobody has touched yet is as it was when the process was started (a background
/// job ignores SIGINT).
pub fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find_map(|line| line.strip_prefix("SigIgn:")).and_then(|hex| u64::from_str_radix(hex.trim(), 16).ok()).unwrap_or(0)
}
