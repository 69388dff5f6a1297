//! A run's timeline: what the event log ([`gilbert_vm::timeline`]) says, made into lanes, and written as a page, a picture, trace events,
//! or lines for a terminal.
//!
//! ```text
//! Log (a tape for each thread)  --build-->  Trace (a lane for each thread: spans and marks)  --+-> html   one page, no network
//!                                                                                              +-> svg    a picture
//!                                                                                              +-> json   Trace Event Format
//!                                                                                              +-> text   a terminal
//!                                                                                              +-> figures  shares, waits, fairness
//! ```

mod base64;
mod build;
pub mod figures;
mod html;
mod json;
mod replayed;
mod story;
mod svg;
#[cfg(test)]
mod tests;
mod text;

use gilbert_vm::gil::{Handoff, Policy};
use gilbert_vm::timeline::Dropped;
use gilbert_vm::world::{Ns, Tid};
use std::sync::Arc;

pub use build::build;
pub use html::{escaped, html, short_name};
pub use json::json;
pub use replayed::{Replayed, replayed};
pub use story::Step;
pub use svg::svg;
pub use text::{Style, text};

/// What run it was.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    /// The script, as it was named.
    pub script: String,
    /// Whether the world was simulated.
    pub simulated: bool,
    /// Its seed.
    pub seed: u64,
    /// What made threads switch.
    pub policy: Policy,
    /// Who got a released GIL.
    pub handoff: Handoff,
    /// Virtual ns of a tick; 0 in a native world.
    pub tick_ns: u64,
}

impl About {
    /// The settings in words: `simulated, seed 7, 100 ticks, hand-over fair`.
    pub fn settings(&self) -> String {
        let world = if self.simulated { format!("simulated, seed {}", self.seed) } else { "native threads".to_owned() };
        match self.policy {
            Policy::Off(_) => format!("{world}, no GIL"),
            policy => format!("{world}, {}, hand-over {}", policy_name(policy), handoff_name(self.handoff)),
        }
    }
}

/// `100 ticks`, `interval 5 ms`, `no GIL`.
pub fn policy_name(policy: Policy) -> String {
    match policy {
        Policy::Ticks(1) => "1 tick".to_owned(),
        Policy::Ticks(n) => format!("{n} ticks"),
        Policy::Interval(ns) => format!("interval {} ms", ns as f64 / 1e6),
        Policy::Off(_) => "no GIL".to_owned(),
    }
}

/// `fair`, `fifo`, `contend`.
pub fn handoff_name(handoff: Handoff) -> &'static str {
    match handoff {
        Handoff::Fair => "fair",
        Handoff::Fifo => "fifo",
        Handoff::Contend => "contend",
    }
}

/// What a thread is at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum State {
    /// Has the GIL, or runs where there is none.
    Run = 0,
    /// Could run, and waits for the GIL.
    Wait = 1,
    /// Waits for another thread: a lock, a queue, a join.
    Block = 2,
    /// In a call into the operating system.
    Io = 3,
    /// Sleeps.
    Sleep = 4,
}

impl State {
    /// All of them, in the order of their numbers.
    pub const ALL: [State; 5] = [State::Run, State::Wait, State::Block, State::Io, State::Sleep];

    /// What it is called.
    pub fn name(self) -> &'static str {
        ["running", "waiting for the GIL", "blocked", "input/output", "sleeping"][self as usize]
    }
}

/// Names of the causes of a release, by number; `end` is none of the GIL's.
pub const CAUSES: [&str; 5] = ["tick", "io", "block", "exit", "end"];
/// The run is over, or the log.
pub const CAUSE_END: u8 = 4;
/// No object, no lane.
pub const NONE: u32 = u32::MAX;

/// A time in which a thread was at one thing. It ends where the lane's next span begins.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Span {
    /// World time, ns.
    pub from: Ns,
    /// Ticks that the thread had run by then.
    pub ticks: u64,
    /// At what.
    pub state: State,
    /// Run: why it ended (index into [`CAUSES`]).
    pub cause: u8,
    /// Where in the source, at its beginning: index into [`Trace::files`].
    pub file: u16,
    /// The line.
    pub line: u32,
    /// Block: the object, or with [`Trace::LANE`] added, the lane of the thread that is waited for; [`NONE`].
    pub object: u32,
    /// Run: how often others waited at the end of an interval and the GIL was kept.
    pub kept: u32,
}

/// What happens at one moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum MarkKind {
    /// Woken in vain: it tried, and did not get the GIL.
    InVain = 0,
    /// Asked the holder to drop the GIL.
    Asks = 1,
    /// Acquired, or took from, an object.
    Take = 2,
    /// Released, set, or put into an object.
    Give = 3,
    /// Wrote to a standard stream.
    Output = 4,
    /// Started a thread.
    Start = 5,
    /// A step of a counterexample that conflicts with another.
    Step = 6,
}

/// See [`MarkKind`].
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Mark {
    /// World time, ns.
    pub at: Ns,
    /// Ticks that the thread had run.
    pub ticks: u64,
    /// What.
    pub kind: MarkKind,
    /// Take, Give: the object. Start: the lane. Output: bytes. Step: its number.
    pub arg: u32,
    /// Where: index into [`Trace::files`].
    pub file: u16,
    /// The line.
    pub line: u32,
}

/// A thread.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lane {
    /// Its process.
    pub pid: u32,
    /// Its number.
    pub tid: u32,
    /// Its name.
    pub name: String,
    /// In order; none of length 0.
    pub spans: Vec<Span>,
    /// Where the last span ends.
    pub end: Ns,
    /// Ticks that it ran.
    pub ticks: u64,
    /// Whether the thread ended, or only the log.
    pub ended: bool,
    /// In order.
    pub marks: Vec<Mark>,
}

impl Lane {
    /// Where span `i` ends.
    pub fn end_of(&self, i: usize) -> Ns {
        self.spans.get(i + 1).map_or(self.end, |s| s.from)
    }
    /// Spans with their ends.
    pub fn spans(&self) -> impl Iterator<Item = (Span, Ns)> + '_ {
        self.spans.iter().enumerate().map(|(i, s)| (*s, self.end_of(i)))
    }
    /// Ticks that the thread had run at the end of span `i`.
    pub fn ticks_after(&self, i: usize) -> u64 {
        self.spans.get(i + 1).map_or(self.ticks, |s| s.ticks)
    }
}

/// A lock, an event, a queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// Its process.
    pub pid: u32,
    /// `lock m`, `Event #2`
    pub label: String,
    /// Whether threads hold it: a lock, not an event.
    pub held: bool,
}

/// Somebody held a lock.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Hold {
    /// The lock.
    pub object: u32,
    /// Who.
    pub lane: u32,
    /// From when, ns.
    pub from: Ns,
    /// Until when.
    pub to: Ns,
    /// Where it was acquired: index into [`Trace::files`].
    pub file: u16,
    /// The line.
    pub line: u32,
}

/// A source.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceFile {
    /// As tracebacks show it.
    pub name: String,
    /// Its text, where it is known and no part of the library.
    pub text: Option<Arc<str>>,
}

/// A process.
#[derive(Clone, Debug, PartialEq)]
pub struct ProcessName {
    /// Its number.
    pub pid: u32,
    /// `MainProcess`, `Process-1`
    pub name: String,
}

/// An access to what threads share, of an observed run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Touch {
    /// Who.
    pub lane: u32,
    /// World time, ns.
    pub at: Ns,
    /// Ticks that the thread had run.
    pub ticks: u64,
    /// What: equal for the same part of the same object.
    pub location: u64,
    /// Written, or only read.
    pub write: bool,
    /// Where: index into [`Trace::files`].
    pub file: u16,
    /// The line.
    pub line: u32,
}

/// See the module's page.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// What run it was.
    pub about: About,
    /// How it ended, in words.
    pub outcome: String,
    /// Its length, ns.
    pub end: Ns,
    /// Sources; index 0 is none.
    pub files: Vec<SourceFile>,
    /// In the order of their numbers.
    pub processes: Vec<ProcessName>,
    /// By process, then in the order of their start.
    pub lanes: Vec<Lane>,
    /// What threads synchronise with.
    pub objects: Vec<Object>,
    /// Who held which lock, by object and time.
    pub holds: Vec<Hold>,
    /// What the log had no room for.
    pub dropped: Dropped,
    /// The steps of a counterexample that matter.
    pub steps: Vec<Step>,
    /// Accesses, where the run was observed.
    pub touches: Vec<Touch>,
}

impl Trace {
    /// Added to a lane's number where a span's object is a thread.
    pub const LANE: u32 = 1 << 31;
    /// Added to that where its start is waited for, not its end.
    pub const STARTS: u32 = 1 << 30;

    /// What a span's thread waits for, in words.
    pub fn waits_for(&self, object: u32) -> String {
        match object {
            NONE => String::new(),
            o if o >= Trace::LANE + Trace::STARTS => {
                self.lanes.get((o - Trace::LANE - Trace::STARTS) as usize).map(|l| format!("the start of {}", l.name)).unwrap_or_default()
            }
            o if o >= Trace::LANE => self.lanes.get((o - Trace::LANE) as usize).map(|l| format!("the end of {}", l.name)).unwrap_or_default(),
            o => self.objects.get(o as usize).map(|o| o.label.clone()).unwrap_or_default(),
        }
    }
    /// The lane of a thread.
    pub fn lane_of(&self, tid: Tid) -> Option<usize> {
        self.lanes.iter().position(|l| l.tid == tid.0)
    }
    /// Events: spans and marks.
    pub fn events(&self) -> usize {
        self.lanes.iter().map(|l| l.spans.len() + l.marks.len()).sum()
    }
    /// What could not be kept, as a sentence; empty: everything was.
    pub fn dropped_note(&self) -> String {
        let d = self.dropped;
        if d == Dropped::default() {
            return String::new();
        }
        let since = time(d.since);
        match d.others {
            0 => format!("From {since} on {} events of locks and output were dropped: the log was more than half full (see --max-events).", d.details),
            n => format!("From {since} on events were dropped, the log was full (see --max-events): {} of locks and output, {n} others.", d.details),
        }
    }
}

/// A time as people read it: `1.25 ms`.
pub fn time(ns: Ns) -> String {
    let n = ns as f64;
    let (value, unit) = match ns {
        0..1_000 => return format!("{ns} ns"),
        1_000..1_000_000 => (n / 1e3, "µs"),
        1_000_000..1_000_000_000 => (n / 1e6, "ms"),
        _ => (n / 1e9, "s"),
    };
    let digits = if value < 10.0 {
        2
    } else if value < 100.0 {
        1
    } else {
        0
    };
    format!("{value:.digits$} {unit}")
}
