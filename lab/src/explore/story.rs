//! A counterexample as a story: a column for each thread, only the steps that matter, with source lines and values.

use super::program::{Access, Proc};
use super::search::Counterexample;
use super::session::Told;
use crate::outcome::Failure;
use gilbert_vm::world::{BlockedThread, WaitKind};

/// A story ready to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// What kind of mistake it is, where that can be told: `lost update of x`.
    pub kind: Option<String>,
    /// The steps that matter, in order.
    pub lines: Vec<Line>,
}

/// A step of the story.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Who.
    pub thread: Proc,
    /// The source file's name without its folder, and the line.
    pub place: String,
    /// The source line, or what is known of the step where there is none.
    pub source: String,
    /// `reads x = 1`, `writes x = 2`, `acquires the lock`.
    pub action: String,
    /// Whether it is one of the accesses that the failure is about.
    pub marked: bool,
}

/// Makes the story of a counterexample; `source_of` gives a line of a file.
pub fn story(found: &Counterexample, source_of: &dyn Fn(&str, u32) -> Option<String>) -> Story {
    let told = &found.story;
    let waited = |t: &Told| t.accesses.iter().any(|a| found.waiting.iter().any(|w| w.1 == a.object));
    let matters: Vec<bool> = (0..told.len()).map(|i| conflicts_with_others(told, i) || waited(&told[i])).collect();
    let (kind, pair) = kind_of(found, &matters, source_of);
    let lines = told.iter().enumerate().filter(|(i, _)| matters[*i]).map(|(i, t)| Line {
        thread: t.thread,
        place: format!("{}:{}", t.file.rsplit('/').next().unwrap_or(&t.file), t.line),
        source: source_of(&t.file, t.line).unwrap_or_else(|| t.what.clone()),
        action: action(t),
        marked: pair.contains(&i),
    });
    let mut lines: Vec<Line> = lines.collect();
    if let Failure::Deadlock(threads) = &found.failure {
        lines.extend(threads.iter().filter(|t| t.why.kind != WaitKind::Join).filter_map(|t| waits(t, source_of)));
    }
    lines.extend(found.spinning.iter().filter_map(|p| spins(*p, found, source_of)));
    // one instruction may tell of itself and of the object it calls
    lines.dedup_by(|b, a| a.thread == b.thread && a.place == b.place && a.action == b.action);
    Story { kind, lines }
}

/// The last line of a thread in a deadlock.
fn waits(t: &BlockedThread, source_of: &dyn Fn(&str, u32) -> Option<String>) -> Option<Line> {
    let at = t.why.at.as_ref()?;
    let holder = match &t.held_by {
        Some(h) if h.tid == t.tid => ", which it holds itself".to_owned(),
        Some(h) => format!(", which {} holds", thread_name(h.tid.0)),
        None => String::new(),
    };
    let what = format!("{:?}", t.why.kind).to_lowercase();
    let action = format!("waits for ever: {what}{holder}");
    Some(Line { thread: t.tid.0, place: crate::outcome::place(at), source: source_of(&at.file, at.line).unwrap_or_default(), action, marked: true })
}

/// The last line of a thread that spins for ever.
fn spins(proc: Proc, found: &Counterexample, source_of: &dyn Fn(&str, u32) -> Option<String>) -> Option<Line> {
    let last = found.story.iter().rev().find(|t| t.thread == proc)?;
    let place = format!("{}:{}", last.file.rsplit('/').next().unwrap_or(&last.file), last.line);
    let action = "spins for ever".to_owned();
    Some(Line { thread: proc, place, source: source_of(&last.file, last.line).unwrap_or_default(), action, marked: true })
}

fn conflicts_with_others(told: &[Told], i: usize) -> bool {
    let own = &told[i];
    if own.file.starts_with('<') {
        return false;
    }
    let conflicting = |t: &Told| t.thread != own.thread && !t.file.starts_with('<') && t.accesses.iter().any(|a| own.accesses.iter().any(|b| a.conflicts(b)));
    told.iter().any(conflicting)
}

/// What a step did, in words.
fn action(t: &Told) -> String {
    let name = t.what.split_once(' ').map_or("", |(_, name)| name);
    let sync = t.accesses.iter().find(|a| a.wait != super::program::Wait::No || !a.open);
    let verb = if t.accesses.iter().any(|a| a.write) { "changes" } else { "looks at" };
    match (t.written.as_str(), t.read.as_str(), sync) {
        ("", "", Some(a)) if a.wait == super::program::Wait::Open => format!("{} the {}", if is_lock(&t.what) { "takes" } else { "gets past" }, t.what),
        ("", "", Some(_)) => format!("{} the {}", if is_lock(&t.what) { "releases" } else { "changes" }, t.what),
        ("", "", None) if name.is_empty() => format!("{verb} it ({})", t.what),
        ("", "", None) => format!("{verb} {name}"),
        ("", read, _) if t.accesses.iter().any(|a| a.write) => format!("changes it, gets {read}"),
        ("", read, _) if name.is_empty() => format!("reads {read}"),
        ("", read, _) => format!("reads {name} = {read}"),
        (written, _, _) if name.is_empty() => format!("writes {written}"),
        (written, _, _) => format!("writes {name} = {written}"),
    }
}

fn is_lock(what: &str) -> bool {
    matches!(what, "lock" | "RLock" | "Semaphore" | "BoundedSemaphore")
}

/// The kind of mistake, and the steps of the story that show it.
fn kind_of(found: &Counterexample, matters: &[bool], source_of: &dyn Fn(&str, u32) -> Option<String>) -> (Option<String>, Vec<usize>) {
    match &found.failure {
        Failure::Deadlock(threads) => return (Some(kind_of_deadlock(threads)), Vec::new()),
        Failure::Livelock { .. } => return (Some("livelock: nobody changes what the spinning threads wait for".into()), Vec::new()),
        _ => {}
    }
    let told = &found.story;
    let steps: Vec<usize> = (0..told.len()).filter(|&i| matters[i]).collect();
    if let Some((pair, name, checks)) = stale_read(told, &steps, source_of) {
        return match checks {
            true => (Some(format!("check-then-act: {name} has changed since it was looked at")), pair),
            false => (Some(format!("lost update of {name}")), pair),
        };
    }
    let order = steps.iter().enumerate().find_map(|(n, &i)| {
        let read = told[i].accesses.iter().find(|a| !a.write)?;
        let late = steps[n + 1..].iter().find(|&&k| told[k].thread != told[i].thread && writes(&told[k], read))?;
        Some(vec![i, *late])
    });
    match order {
        Some(pair) => (Some("order violation: read before it was written".into()), pair),
        None => (None, Vec::new()),
    }
}

/// A read that another thread's write made stale before the reader acted: (read, foreign write, own act), what was read, and whether
/// the reader decided by it rather than writing it back. The latter counts first.
fn stale_read(told: &[Told], steps: &[usize], source_of: &dyn Fn(&str, u32) -> Option<String>) -> Option<(Vec<usize>, String, bool)> {
    let mut decided = None;
    for (n, &i) in steps.iter().enumerate() {
        let after = &steps[n + 1..];
        for read in told[i].accesses.iter().filter(|a| !a.write) {
            let Some(foreign) = after.iter().position(|&k| told[k].thread != told[i].thread && writes(&told[k], read)) else { continue };
            let own = |k: &&usize| told[**k].thread == told[i].thread;
            let again = after.iter().filter(own).find(|k| told[**k].accesses.iter().any(|a| a.same_part(read)));
            let checks = source_of(&told[i].file, told[i].line).is_some_and(|line| is_check(&line));
            let name = told[i].what.split_once(' ').map_or_else(|| "what was read".to_owned(), |(_, n)| n.to_owned());
            let write_back = again.filter(|k| writes(&told[**k], read) && after[foreign..].contains(k));
            match (write_back, after[foreign..].iter().find(own)) {
                (Some(&own), _) => return Some((vec![i, after[foreign], own], name, checks)),
                (None, Some(&own)) if checks && again.is_none_or(|k| told[*k].line != told[i].line) && decided.is_none() => {
                    decided = Some((vec![i, after[foreign], own], name, true))
                }
                _ => {}
            }
        }
    }
    decided
}

/// Whether a source line decides on what it reads.
fn is_check(line: &str) -> bool {
    let line = line.trim_start();
    ["if ", "elif ", "while ", "assert "].iter().any(|word| line.starts_with(word)) || line.contains(" if ")
}

fn writes(t: &Told, read: &Access) -> bool {
    t.accesses.iter().any(|a| a.write && a.conflicts(read))
}

impl Access {
    /// Whether both touch the same part.
    fn same_part(&self, other: &Access) -> bool {
        self.object == other.object && (self.part == other.part || self.part == 0 || other.part == 0)
    }
}

fn kind_of_deadlock(threads: &[BlockedThread]) -> String {
    let locks = threads.iter().filter(|t| matches!(t.why.kind, WaitKind::Lock | WaitKind::RLock));
    let waits_in_ring = locks.clone().filter(|t| t.held_by.as_ref().is_some_and(|h| h.tid != t.tid && threads.iter().any(|o| o.tid == h.tid)));
    if waits_in_ring.count() > 1 {
        return "lock-order cycle".into();
    }
    if threads.iter().any(|t| t.held_by.as_ref().is_some_and(|h| h.tid == t.tid)) {
        return "a thread waits for a lock that it holds itself".into();
    }
    if threads.iter().any(|t| matches!(t.why.kind, WaitKind::Condition | WaitKind::Event)) {
        return "lost wake-up: nobody is left to wake the waiting thread".into();
    }
    "everybody waits".into()
}

/// What a thread is called in a story.
pub fn thread_name(proc: Proc) -> String {
    match (proc, proc >> 31) {
        (0, _) => "main".into(),
        (p, 0) => format!("T{p}"),
        (p, _) => format!("T{}'s time limit", p & !(1 << 31)),
    }
}

/// The story as text: a column for each thread.
pub fn to_text(story: &Story) -> String {
    let mut threads: Vec<Proc> = story.lines.iter().map(|l| l.thread).collect();
    threads.sort_unstable();
    threads.dedup();
    let cell = |l: &Line| format!("{} {}", l.place, l.source.trim());
    let width = |p: Proc| {
        let cells = story.lines.iter().filter(|l| l.thread == p).flat_map(|l| [cell(l).chars().count(), l.action.chars().count() + 4]);
        cells.max().unwrap_or(0).clamp(8, 48) + 2
    };
    let widths: Vec<usize> = threads.iter().map(|p| width(*p)).collect();
    let mut out = String::new();
    let row = |at: usize, text: &str| {
        let before: usize = widths[..at].iter().sum();
        format!("{}{text}", " ".repeat(before))
    };
    let heads: Vec<String> = threads.iter().zip(&widths).map(|(p, &w)| format!("{:<w$}", thread_name(*p))).collect();
    out.push_str(&format!("    {}\n", heads.concat().trim_end()));
    let mut last: Option<(Proc, String)> = None;
    for l in &story.lines {
        let at = threads.iter().position(|p| *p == l.thread).unwrap_or(0);
        let head = cell(l);
        if last.as_ref() != Some(&(l.thread, head.clone())) {
            out.push_str(&format!("    {}\n", row(at, &head)));
        }
        out.push_str(&format!("  {} {}\n", if l.marked { "*" } else { " " }, row(at, &format!("    {}", l.action))));
        last = Some((l.thread, head));
    }
    out
}
