//! Ctrl-C in long work: the first one asks it to stop and tell what is known, the second one ends the process.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A flag that Ctrl-C sets.
pub fn flag() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    // the second handler looks before the first one sets
    let _ = signal_hook::flag::register_conditional_shutdown(signal_hook::consts::SIGINT, 130, flag.clone());
    let _ = signal_hook::flag::register(signal_hook::consts::SIGINT, flag.clone());
    flag
}

/// Exit code of work that was interrupted.
pub const INTERRUPTED: i32 = 4;
