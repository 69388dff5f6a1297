//! What a run came to, and when that counts as a failure.

use crate::data::{Data, cut};
use crate::detect::Findings;
use gilbert_vm::world::sim::Run;
use gilbert_vm::world::{BlockedThread, Outcome, Site, Tid};
use std::fmt;
use std::path::PathBuf;

/// Why a run counts as failed.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// Native code panicked: a bug of ours.
    Panic { thread: Tid, message: String },
    /// Every thread waits for another.
    Deadlock(Vec<BlockedThread>),
    /// No end within the bound of ticks (0: only threads that spin are left); who was running, and where.
    Livelock { ticks: u64, at: Vec<(Tid, Site)> },
    /// An exception that ended a thread.
    Uncaught { thread: Tid, what: String },
    /// An exit code other than 0.
    Exit(i32),
    /// A limit ended it: which.
    Limit(String),
    /// `--expect` was false at the end, or could not be evaluated: then why.
    Expect(Option<String>),
}

impl Failure {
    /// One word for the kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Failure::Panic { .. } => "panic",
            Failure::Deadlock(_) => "deadlock",
            Failure::Livelock { .. } => "livelock",
            Failure::Uncaught { .. } => "exception",
            Failure::Exit(_) => "exit",
            Failure::Limit(_) => "limit",
            Failure::Expect(_) => "expect",
        }
    }
}

/// A line without what differs from run to run of the same failure.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Panic { thread, message } => write!(f, "a bug of gilbert's: {thread} panicked: {message}"),
            Failure::Deadlock(threads) => {
                write!(f, "deadlock")?;
                let waits = |t: &&BlockedThread| t.held_by.is_some() || threads.len() < 4;
                for (i, t) in threads.iter().filter(waits).take(4).enumerate() {
                    let at = t.why.at.as_ref().map(|site| format!(" at {}", place(site))).unwrap_or_default();
                    write!(f, "{} {}{at}", if i == 0 { ":" } else { "," }, t.tid)?;
                }
                Ok(())
            }
            Failure::Livelock { ticks, at } => {
                match ticks {
                    0 => f.write_str("livelock")?,
                    n => write!(f, "no end within {n} ticks")?,
                }
                for (i, (tid, site)) in at.iter().take(4).enumerate() {
                    write!(f, "{} {tid} at {}", if i == 0 { ":" } else { "," }, place(site))?;
                }
                Ok(())
            }
            Failure::Uncaught { thread, what } => write!(f, "{} in {thread}", cut(what, 200)),
            Failure::Limit(which) => write!(f, "stopped: {which}"),
            Failure::Exit(code) => write!(f, "exit code {code}"),
            Failure::Expect(None) => f.write_str("--expect is false"),
            Failure::Expect(Some(why)) => write!(f, "--expect raised {why}"),
        }
    }
}

/// `file.py:3`
pub fn place(site: &Site) -> String {
    let file = site.file.rsplit('/').next().unwrap_or(&site.file);
    format!("{file}:{}", site.line)
}

/// What an expression came to at the end of a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Evaluated {
    /// Its value.
    Value(Data),
    /// The exception that it raised.
    Raised(String),
    /// It names nothing: a NameError.
    Unknown(String),
}

/// All that is kept of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunResult {
    /// How it ended.
    pub ended: Outcome,
    /// The exit code that a process would have had: 3 for a deadlock.
    pub exit: i32,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// Why it counts as failed, if it does.
    pub failure: Option<Failure>,
    /// The value of `--watch`, where the run came to its end.
    pub watch: Option<Evaluated>,
    /// The value of `--expect`, likewise.
    pub expect: Option<Evaluated>,
    /// Ticks of all threads.
    pub ticks: u64,
    /// Who ran for how many ticks, where that was recorded.
    pub schedule: Vec<Run>,
    /// Files that it read from the disk, with fingerprints.
    pub files: Vec<(PathBuf, u64)>,
    /// What detectors have found, where some were watching.
    pub findings: Option<Box<Findings>>,
}

impl RunResult {
    /// What a histogram counts: the watched value, else the output; a failure that no value shows is added.
    pub fn value(&self) -> Data {
        let shown = match &self.watch {
            Some(Evaluated::Value(v)) => Some(v.clone()),
            Some(Evaluated::Raised(e) | Evaluated::Unknown(e)) => Some(Data::Other(e.clone())),
            None => {
                let text = String::from_utf8_lossy(&self.stdout);
                let text = cut(text.trim_end(), 1000);
                (!text.is_empty()).then_some(Data::Str(text))
            }
        };
        match (shown, &self.failure) {
            (Some(shown), None | Some(Failure::Expect(None))) => shown,
            (None, None) => Data::Str(String::new()),
            (None, Some(failure)) => Data::Other(failure.to_string()),
            (Some(Data::Str(text)), Some(failure)) => Data::Other(format!("{text} · {failure}")),
            (Some(shown), Some(failure)) => Data::Other(format!("{shown} · {failure}")),
        }
    }
}
