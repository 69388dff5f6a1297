//! What detectors have found, in one run or in many: joined, told in words, and as JSON.

use super::held::{Held, HeldOver, NeverJoined, add as add_held, add_unjoined};
use super::order::Inversions;
use super::place::At;
use super::races::{Found, Kind, Race, Side, add as add_race};
use crate::json;
use crate::json::Json;
use gilbert_vm::world::{BlockedThread, WaitKind};
use std::collections::HashMap;
use std::fmt::Write;
use std::str::FromStr;

/// What shall be looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Which {
    /// Data races.
    pub races: bool,
    /// Deadlocks, and lock orders that could lead to one.
    pub deadlocks: bool,
    /// Lock orders, locks held over waits, threads never joined.
    pub locks: bool,
}

impl FromStr for Which {
    type Err = String;
    fn from_str(text: &str) -> Result<Which, String> {
        let mut which = Which::default();
        for word in text.split(',') {
            match word.trim() {
                "races" => which.races = true,
                "deadlocks" => which.deadlocks = true,
                "locks" => which.locks = true,
                "all" => which = Which { races: true, deadlocks: true, locks: true },
                other => return Err(format!("there is no detector `{other}`: races, deadlocks, locks, all")),
            }
        }
        Ok(which)
    }
}

/// A deadlock that happened: who waited for what, held by whom, in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deadlock {
    /// A line for each thread.
    pub threads: Vec<String>,
    /// In how many runs.
    pub count: u64,
}

/// See the module's page.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Findings {
    /// What was looked for.
    pub which: Which,
    /// Runs that were watched.
    pub runs: u64,
    /// Data races of all kinds.
    pub races: Found,
    /// Lock orders that could deadlock.
    pub inversions: Inversions,
    /// Locks held over waits.
    pub held: Held,
    /// Threads never joined.
    pub unjoined: NeverJoined,
    /// Deadlocks that happened.
    pub deadlocks: Vec<Deadlock>,
    /// There was more than the detectors keep: not all races were looked for.
    pub full: bool,
}

/// The text of a line of a file, for reports.
pub trait Sources {
    /// The line, from 1, without its ending.
    fn line(&mut self, file: &str, line: u32) -> Option<String>;
}

/// Texts that are known beforehand: the file's name and its text.
#[derive(Default)]
pub struct Texts(HashMap<String, Vec<String>>);

impl Texts {
    /// Adds a file.
    pub fn add(&mut self, file: &str, text: &str) {
        self.0.insert(file.to_owned(), text.lines().map(str::to_owned).collect());
    }
}

impl Sources for Texts {
    fn line(&mut self, file: &str, line: u32) -> Option<String> {
        self.0.get(file)?.get((line as usize).checked_sub(1)?).cloned()
    }
}

impl Findings {
    /// What makes a run fail: races that no GIL hides, deadlocks, lock orders that could become one.
    pub fn fails(&self) -> bool {
        self.races.values().any(|r| matches!(r.kind, Kind::Data | Kind::Hidden)) || !self.inversions.is_empty() || !self.deadlocks.is_empty()
    }
    /// Whether nothing was found, not even what only leans on the GIL.
    pub fn is_empty(&self) -> bool {
        self.races.is_empty() && self.inversions.is_empty() && self.held.is_empty() && self.unjoined.is_empty() && self.deadlocks.is_empty()
    }
    /// Races of one kind.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Race> {
        self.races.values().filter(move |r| r.kind == kind)
    }
    /// Adds what another run has found.
    pub fn merge(&mut self, other: Findings) {
        self.which = other.which;
        self.runs += other.runs;
        self.full |= other.full;
        other.races.into_values().for_each(|r| add_race(&mut self.races, r));
        other.held.into_values().for_each(|h| add_held(&mut self.held, h));
        other.unjoined.into_values().for_each(|t| add_unjoined(&mut self.unjoined, t));
        for (key, inversion) in other.inversions {
            self.inversions.entry(key).and_modify(|known| known.count += inversion.count).or_insert(inversion);
        }
        for deadlock in other.deadlocks {
            match self.deadlocks.iter_mut().find(|d| d.threads == deadlock.threads) {
                Some(known) => known.count += deadlock.count,
                None => self.deadlocks.push(deadlock),
            }
        }
    }
    /// A deadlock that the machine has reported.
    pub fn add_deadlock(&mut self, threads: &[BlockedThread]) {
        if !self.which.deadlocks {
            return;
        }
        let threads = threads.iter().map(blocked).collect();
        self.deadlocks.push(Deadlock { threads, count: 1 });
    }

    /// The report. Ends with a line's end.
    pub fn text(&self, sources: &mut dyn Sources) -> String {
        let mut out = Report { out: String::new(), sources, runs: self.runs };
        if self.which.races {
            out.races(self);
        }
        for deadlock in &self.deadlocks {
            out.deadlock(deadlock);
        }
        for inversion in self.inversions.values() {
            out.inversion(inversion);
        }
        for held in self.held.values() {
            out.held(held);
        }
        for thread in self.unjoined.values() {
            let started = thread.started.first().map(|at| at.to_string()).unwrap_or_default();
            let _ = writeln!(out.out, "thread never joined: {}, started at {started}{}", thread.thread, out.times(thread.count));
            out.source(thread.started.first(), "    ");
        }
        let mut text = out.out;
        if self.full {
            text.push_str("More places were touched than the detector watches: there may be races besides these.\n");
        }
        if self.is_empty() {
            let _ = writeln!(text, "{}", self.nothing());
        }
        text
    }
    fn nothing(&self) -> String {
        let mut words = Vec::new();
        if self.which.races {
            words.push("no data race");
        }
        if self.which.deadlocks {
            words.push("no deadlock and no lock order that could lead to one");
        }
        if self.which.locks {
            words.push("no lock held over a wait, every thread joined");
        }
        let runs = if self.runs == 1 { "this run".to_owned() } else { format!("{} runs", self.runs) };
        format!("detectors: {} in {runs}", words.join("; "))
    }

    /// One object.
    pub fn json(&self, sources: &mut dyn Sources) -> Json {
        let mut at = |at: &At| json!({"file": &*at.file, "line": at.line, "function": &*at.function, "text": sources.line(&at.file, at.line).map_or(Json::Null, |t| t.trim().into())});
        let mut stack = |frames: &[At]| Json::List(frames.iter().map(&mut at).collect());
        let races: Vec<Json> = self.races.values().map(|r| race_json(r, &mut stack)).collect();
        let inversions: Vec<Json> = self
            .inversions
            .values()
            .map(|i| {
                let step = |s: &super::order::Step, stack: &mut dyn FnMut(&[At]) -> Json| json!({"thread": s.thread.as_str(), "holds": s.holds.0.as_str(), "acquired": stack(&s.holds.1), "takes": s.takes.0.as_str(), "stack": stack(&s.takes.1)});
                let steps: Vec<Json> = i.steps.iter().map(|s| step(s, &mut stack)).collect();
                json!({"steps": steps, "count": i.count})
            })
            .collect();
        let held: Vec<Json> = self
            .held
            .values()
            .map(|h| {
                json!({"lock": h.lock.0.as_str(), "acquired": stack(&h.lock.1), "waited_for": h.waited_for.as_str(), "stack": stack(&h.stack), "longest_ns": h.longest, "count": h.count})
            })
            .collect();
        let unjoined: Vec<Json> =
            self.unjoined.values().map(|t| json!({"thread": t.thread.as_str(), "started": stack(&t.started), "count": t.count})).collect();
        let deadlocks: Vec<Json> =
            self.deadlocks.iter().map(|d| json!({"threads": d.threads.iter().map(|t| Json::from(t.as_str())).collect::<Vec<_>>(), "count": d.count})).collect();
        json!({
            "runs": self.runs, "fails": self.fails(), "races": races, "lock_orders": inversions, "held_over_waits": held,
            "never_joined": unjoined, "deadlocks": deadlocks, "complete": !self.full
        })
    }
}

fn race_json(r: &Race, stack: &mut dyn FnMut(&[At]) -> Json) -> Json {
    let kind = match r.kind {
        Kind::Data => "data race",
        Kind::Hidden => "hidden by the GIL",
        Kind::Atomic => "relies on the GIL",
        Kind::BusyWait => "busy wait",
    };
    let mut side = |s: &Side| {
        let held: Vec<Json> = s.held.iter().map(|h| Json::from(h.as_str())).collect();
        json!({"thread": s.thread.as_str(), "reads": s.reads, "writes": s.writes, "held": held, "stack": stack(&s.stack)})
    };
    let sides = vec![side(&r.sides[0]), side(&r.sides[1])];
    json!({"kind": kind, "what": r.what.as_str(), "count": r.count, "sides": sides})
}

/// A blocked thread in a line.
fn blocked(t: &BlockedThread) -> String {
    let what = match t.why.kind {
        WaitKind::Lock => "a lock",
        WaitKind::RLock => "an RLock",
        WaitKind::Condition => "a condition",
        WaitKind::Semaphore => "a semaphore",
        WaitKind::Event => "an event",
        WaitKind::Barrier => "a barrier",
        WaitKind::Queue => "a queue",
        WaitKind::Join => "the end of a thread",
        WaitKind::Process => "the end of a process",
        _ => "something",
    };
    let place = |s: &gilbert_vm::world::Site| format!("{}:{}", s.file.rsplit('/').next().unwrap_or(&s.file), s.line);
    let at = t.why.at.as_ref().map(|s| format!(" at {}", place(s))).unwrap_or_default();
    let held = match &t.held_by {
        Some(h) if matches!(t.why.kind, WaitKind::Join | WaitKind::Process) => format!(": {}", h.tid),
        Some(h) => format!(", held by {}{}", h.tid, h.at.as_ref().map(|s| format!(" since {}", place(s))).unwrap_or_default()),
        None => String::new(),
    };
    format!("{} ({}) waits for {what}{at}{held}", t.tid, t.name)
}

struct Report<'a> {
    out: String,
    sources: &'a mut dyn Sources,
    runs: u64,
}

impl Report<'_> {
    fn times(&self, count: u64) -> String {
        match (count, self.runs) {
            (1, _) => String::new(),
            (n, 1) => format!(" ({n} times)"),
            (n, runs) => format!(" ({n} times in {runs} runs)"),
        }
    }
    fn source(&mut self, at: Option<&At>, indent: &str) {
        if let Some(text) = at.and_then(|at| self.sources.line(&at.file, at.line)) {
            let _ = writeln!(self.out, "{indent}{}", text.trim());
        }
    }
    fn stack(&mut self, stack: &[At], indent: &str) {
        for (i, at) in stack.iter().enumerate().take(12) {
            let word = if i == 0 { "at" } else { "called at" };
            let text = self.sources.line(&at.file, at.line).map(|t| format!("    {}", t.trim())).unwrap_or_default();
            let _ = writeln!(self.out, "{indent}{word} {at}{text}");
        }
        if stack.len() > 12 {
            let _ = writeln!(self.out, "{indent}.. {} calls more", stack.len() - 12);
        }
    }
    fn races(&mut self, findings: &Findings) {
        for race in findings.of(Kind::Data) {
            self.race("data race", race);
            let why = if race.update {
                "Nothing orders the two. What one side has read may be old when it writes: an update is lost, in every Python."
            } else {
                "Nothing orders the two: which comes first is left to chance, in every Python."
            };
            let _ = writeln!(self.out, "  {why}");
        }
        for race in findings.of(Kind::Hidden) {
            self.race("race hidden by the GIL", race);
            let _ = writeln!(
                self.out,
                "  Between the read and the write CPython since 3.10 does not switch threads, so it loses nothing there. Python 2, CPython before\n  \
                 3.10, a build without a GIL, or a call put into that line can lose an update. Use a lock."
            );
        }
        let mut told = false;
        for race in findings.of(Kind::Atomic) {
            self.race("relies on the GIL, no race", race);
            told = true;
        }
        if told {
            let _ = writeln!(
                self.out,
                "  Each side is one method of a built-in container, which runs whole under the GIL (and under the container's own lock in CPython's\n  build without one). Their order is left to chance."
            );
        }
        for race in findings.of(Kind::BusyWait) {
            self.race("relies on the GIL, no race: a busy wait", race);
            let _ = writeln!(
                self.out,
                "  A loop waits until the other thread has written. That works as long as each read sees the last write, as under the GIL; a\n  threading.Event says it and does not burn the processor."
            );
        }
    }
    fn race(&mut self, title: &str, race: &Race) {
        let _ = writeln!(self.out, "{title} on {}{}", race.what, self.times(race.count));
        for side in &race.sides {
            let does = match (side.reads, side.writes) {
                (true, true) => "reads and writes it",
                (_, true) => "writes it",
                _ => "reads it",
            };
            let held = if side.held.is_empty() { "holding no lock".to_owned() } else { format!("holding {}", side.held.join(", ")) };
            let _ = writeln!(self.out, "  {} {does}, {held}", side.thread);
            self.stack(&side.stack, "    ");
        }
    }
    fn deadlock(&mut self, deadlock: &Deadlock) {
        let _ = writeln!(self.out, "deadlock{}", self.times(deadlock.count));
        for line in &deadlock.threads {
            let _ = writeln!(self.out, "  {line}");
        }
    }
    fn inversion(&mut self, inversion: &super::order::Inversion) {
        let many = self.times(inversion.count);
        let _ = writeln!(self.out, "possible deadlock: locks are acquired in different orders{many}");
        for step in &inversion.steps {
            let _ = writeln!(self.out, "  {} holds {}", step.thread, step.holds.0);
            self.stack(&step.holds.1, "    ");
            let _ = writeln!(self.out, "  and waits for {}", step.takes.0);
            self.stack(&step.takes.1, "    ");
        }
        let _ = writeln!(self.out, "  It did not happen here. If each of these threads gets its first lock, none gets its second.");
    }
    fn held(&mut self, held: &HeldOver) {
        let many = self.times(held.count);
        let _ =
            writeln!(self.out, "lock held over a wait: {} is held while its thread waits for {}, {}{many}", held.lock.0, held.waited_for, time(held.longest));
        let _ = writeln!(self.out, "  acquired");
        self.stack(&held.lock.1, "    ");
        let _ = writeln!(self.out, "  waits");
        self.stack(&held.stack, "    ");
    }
}

/// Nanoseconds for people.
fn time(ns: u64) -> String {
    match ns {
        0..1_000 => format!("{ns} ns"),
        1_000..1_000_000 => format!("{:.1} µs", ns as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} ms", ns as f64 / 1e6),
        _ => format!("{:.2} s", ns as f64 / 1e9),
    }
}
