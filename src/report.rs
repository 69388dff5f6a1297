//! What a run says at its end on standard error: deadlocks, idleness, the GIL's counters.

use gilbert_vm::gil::{Cause, Stats};
use gilbert_vm::world::{BlockedThread, Holder, Tid, WaitKind};

/// So many threads are shown one by one.
const TOO_MANY: usize = 20;

/// A thread's name, with its process's where there are several.
fn who(t: &BlockedThread, many: bool) -> String {
    match many {
        true if t.process.1.is_empty() => format!("{} [{}] of process {}", t.name, t.tid, t.process.0),
        true => format!("{} [{}] of process {} ({})", t.name, t.tid, t.process.0, t.process.1),
        false => format!("{} [{}]", t.name, t.tid),
    }
}

/// The end of a line of a report: what somebody waits for, and where.
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
        WaitKind::Process => "the end of a process",
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
    let within = match &t.why.within {
        Some(site) => format!(" (in {}:{})", site.file, site.line),
        None => String::new(),
    };
    let held = t.held_by.as_ref().map(|h| holder(t, h)).unwrap_or_default();
    format!("for {what}{note}{at}{within}{held}")
}

/// All lines; many threads that wait for the same at the same place make one.
fn lines(threads: &[BlockedThread]) {
    let many = threads.iter().any(|t| &*t.process.1 != "MainProcess");
    let mut groups: Vec<(String, Vec<&BlockedThread>)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for t in threads {
        let text = line(t);
        let at = if threads.len() > TOO_MANY { *places.entry(text.clone()).or_insert(groups.len()) } else { groups.len() };
        match groups.get_mut(at) {
            Some(group) => group.1.push(t),
            None => groups.push((text, vec![t])),
        }
    }
    for (text, group) in groups {
        match group.as_slice() {
            [] => {}
            [t] => eprintln!("  {} waits {text}", who(t, many)),
            [t, others @ ..] => eprintln!("  {} and {} more wait {text}", who(t, many), others.len()),
        }
    }
}

/// The end of such a line: who has it, since where.
fn holder(t: &BlockedThread, h: &Holder) -> String {
    let since = match &h.at {
        Some(site) => format!(" since {}:{}", site.file, site.line),
        None => String::new(),
    };
    let joined = matches!(t.why.kind, WaitKind::Join | WaitKind::Process);
    match &h.name {
        Some(name) if joined => format!(": {name} [{}]", h.tid),
        None if joined => format!(": [{}]", h.tid),
        _ if h.tid == t.tid => format!(", held by itself{since}"),
        Some(name) => format!(", held by {name} [{}]{since}", h.tid),
        None => format!(", held by [{}], which has ended,{since}", h.tid),
    }
}

/// The threads that wait for each other in a ring, if some do, each for the next and the last for the first.
fn cycle(threads: &[BlockedThread]) -> Vec<&BlockedThread> {
    let by_tid = |tid: Tid| threads.iter().find(|t| t.tid == tid);
    for start in threads {
        let mut ring = vec![start];
        while let Some(next) = ring.last().and_then(|t| t.held_by.as_ref()).and_then(|h| by_tid(h.tid)) {
            if next.tid == start.tid {
                return ring;
            }
            if ring.iter().any(|t| t.tid == next.tid) {
                break;
            }
            ring.push(next);
        }
    }
    Vec::new()
}

/// Who waits for what when nobody can ever go on.
pub fn deadlock(threads: &[BlockedThread]) {
    eprintln!("gilbert: deadlock: every thread waits, and nobody is left to wake one");
    lines(threads);
    let ring = cycle(threads);
    if ring.len() > 1 {
        let names: Vec<String> = ring.iter().chain(ring.first()).map(|t| format!("{} [{}]", t.name, t.tid)).collect();
        eprintln!("  cycle: {}", names.join(" -> "));
    }
}

/// What a simulated run was waiting for when nothing was left to do.
pub fn idle(threads: &[BlockedThread]) {
    eprintln!("gilbert: idle: only something outside could go on from here");
    lines(threads);
}

/// The table of `--stats` of another process.
pub fn stats_of(pid: u32, name: &str, counted: &Stats) {
    eprintln!("process {pid}{}", if name.is_empty() { String::new() } else { format!(" ({name})") });
    stats(counted);
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
