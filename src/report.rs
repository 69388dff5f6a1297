//! What a run says at its end on standard error: deadlocks, idleness, the GIL's counters.

use gilbert_vm::gil::{Cause, Stats};
use gilbert_vm::world::{BlockedThread, WaitKind};

/// One line of a report: who waits for what, and where.
fn line(t: &BlockedThread) -> String {
    let what = match t.why.kind {
        WaitKind::Gil => "the GIL",
        WaitKind::Lock => "a lock",
        WaitKind::RLock => "an RLock",
        WaitKind::Condition => "a condition",
        WaitKind::Semaphore => "a semaphore",
        WaitKind::Event => "an event",
        WaitKind::Barrier => "a barrier",
        WaitKind::Queue => "a queue",
        WaitKind::Join => "the end of a thread",
        WaitKind::Process => "a process",
        WaitKind::Sleep => "time to pass",
        WaitKind::Io => "input or output",
        WaitKind::Greenlet => "a greenlet",
        WaitKind::Other => "something",
    };
    let note = if t.why.note.is_empty() { String::new() } else { format!(" ({})", t.why.note) };
    let at = match &t.why.at {
        Some(site) => format!(" at {}:{}", site.file, site.line),
        None => String::new(),
    };
    let name = if t.name.is_empty() { "MainThread" } else { &t.name };
    format!("  {name} [{}] waits for {what}{note}{at}", t.tid)
}

/// Who waits for what when nobody can ever go on.
pub fn deadlock(threads: &[BlockedThread]) {
    eprintln!("gilbert: deadlock: every thread waits, and nobody is left to wake one");
    for t in threads {
        eprintln!("{}", line(t));
    }
}

/// What a simulated run was waiting for when nothing was left to do.
pub fn idle(threads: &[BlockedThread]) {
    eprintln!("gilbert: idle: only something outside could go on from here");
    for t in threads {
        eprintln!("{}", line(t));
    }
}

/// The table of `--stats`.
pub fn stats(stats: &Stats) {
    eprintln!("GIL         releases   switches");
    for (name, cause) in [("ticks", Cause::Tick), ("io", Cause::Io), ("block", Cause::Block), ("exit", Cause::Exit)] {
        eprintln!("  {name:<8}{:>10} {:>10}", stats.total.releases_by(cause), stats.total.switches_by(cause));
    }
    eprintln!("thread      acquired     waited    wait ms   longest hold ms");
    for (tid, t) in &stats.threads {
        eprintln!("  {:<8}{:>10} {:>10} {:>10.3} {:>17.3}", tid.to_string(), t.acquisitions, t.waits, t.wait_ns as f64 / 1e6, t.longest_hold_ns as f64 / 1e6);
    }
}

/// A panic is reported once, as a bug of gilbert's, without a backtrace on the screen; `RUST_BACKTRACE` brings it back.
pub fn quiet_panics() {
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        std::panic::set_hook(Box::new(|_| {}));
    }
}

/// Whether standard input has something to read, or has ended, within a moment.
pub fn readable_soon() -> bool {
    gilbert_vm::world::native::stdin_ready(50)
}
