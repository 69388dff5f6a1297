//! One controlled run of a script, between the machine and a driver: what the machine asks and reports becomes steps with footprints;
//! what is not visible yet, and should be, is learned; spin loops are taken for waiting.

use super::program::{Access, Proc, SharedDriver, Step, Wait};
use gilbert_vm::control::{CLOCK, CodeSite, OUTPUT, Sites, limit_of};
use gilbert_vm::probe::{self, Event, Part, Probe};
use gilbert_vm::strategy::{ChoicePoint, END_RUN, Strategy, alarm_of, whose_alarm};
use gilbert_vm::world::Tid;
use parking_lot::Mutex;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What a run tells of one step at a visible place.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Which step of the run.
    pub step: usize,
    /// Who.
    pub thread: Proc,
    /// The source file.
    pub file: Arc<str>,
    /// The line.
    pub line: u32,
    /// The instruction and its name, or the type of a synchronisation object.
    pub what: String,
    /// What was written.
    pub written: String,
    /// What was read.
    pub read: String,
    /// The accesses that belong to it.
    pub accesses: Vec<Access>,
}

/// The accesses to one part of an object so far, for learning.
#[derive(Default)]
struct Seen {
    by: Vec<(Proc, bool, CodeSite)>,
    contended: bool,
}

/// A loop that reads more than this before it comes back is not taken for a spin.
const MOST_READS: usize = 2000;

/// Where a thread stood at a point, to see whether it comes back unchanged.
#[derive(Clone, Copy)]
struct Visit {
    state: u64,
    begun: u64,
    changes: u64,
    reads: usize,
}

#[derive(Default)]
struct Thread {
    /// Writes so far that have changed something for others or itself.
    changes: u64,
    visits: HashMap<CodeSite, Visit>,
    reads: Vec<Access>,
    /// It has read all this in vain; it goes on when some of it is written.
    spins: Option<Vec<Access>>,
    /// Locks it has taken since it last changed something.
    holds: Vec<u64>,
    /// What it waits for to be open.
    waits: Option<u64>,
    /// Where it has read since its last point, and whether it has changed anything there.
    looked: HashSet<CodeSite>,
    changed: bool,
}

/// What counts in a run, beside the contents of objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sees {
    /// The order of what is written to a standard stream.
    pub output: bool,
    /// Time passes only where nobody can go on: instructions take none. Else a timer may go off between any two instructions, and
    /// only the order among timers is kept.
    pub virtual_time: bool,
}

/// The state of a run.
pub struct Session {
    sees: Sees,
    driver: SharedDriver,
    sites: Arc<Sites>,
    /// Sites that must be visible and are not.
    pub learned: HashSet<CodeSite>,
    /// Some thread clears an event.
    pub clears_events: bool,
    /// Nobody can go on but threads that spin.
    pub livelock: Vec<Proc>,
    /// The driver has ended the run.
    pub cut: bool,
    /// The main thread has come to its end and lets the others finish.
    lingering: bool,
    alone: bool,
    threads: HashMap<Proc, Thread>,
    seen: HashMap<(u64, u64), Seen>,
    parts: HashMap<u64, Vec<u64>>,
    /// Objects that are no part of the program's state: the standard streams.
    pub ignored: HashSet<u64>,
    started: bool,
    steps: usize,
    last: Option<Proc>,
    /// Who sleeps.
    sleeping: HashSet<Proc>,
    /// What was told of.
    pub story: Vec<Told>,
    /// Some wait had a time limit that could have been reached.
    pub timed: bool,
    /// Another process was started: what it does is not seen.
    pub processes: bool,
}

impl Session {
    /// A run with these visible sites.
    pub fn new(driver: SharedDriver, sites: Arc<Sites>, sees: Sees) -> Session {
        Session {
            sees,
            driver,
            sites,
            learned: HashSet::new(),
            clears_events: false,
            livelock: Vec::new(),
            cut: false,
            lingering: false,
            alone: false,
            threads: HashMap::new(),
            seen: HashMap::new(),
            parts: HashMap::new(),
            ignored: HashSet::new(),
            started: false,
            steps: 0,
            last: None,
            sleeping: HashSet::new(),
            story: Vec::new(),
            timed: false,
            processes: false,
        }
    }

    /// The main thread asks, at its end, whether all others have come to theirs, or to a wait. Else it makes a point.
    pub fn linger(&mut self) -> bool {
        if !self.lingering {
            self.lingering = true;
            self.alone = false;
        }
        self.alone || !self.started
    }

    /// Who waits for which object now.
    pub fn waiting(&self) -> Vec<(Proc, u64)> {
        self.threads.iter().filter_map(|(p, t)| Some((*p, t.waits?))).collect()
    }

    /// Tells the driver who is left waiting; after the run.
    pub fn end(&mut self) {
        if self.cut {
            return;
        }
        let mut left: Vec<Step> = Vec::new();
        for (proc, t) in &self.threads {
            if let Some(object) = t.waits {
                left.push(Step { proc: *proc, accesses: vec![Access { wait: Wait::Open, ..Access::write(object) }] });
            } else if let Some(reads) = &t.spins {
                left.push(Step { proc: *proc, accesses: reads.clone() });
            }
        }
        left.sort_by_key(|s| s.proc);
        for step in left {
            self.driver.lock().left_waiting(step);
        }
    }

    fn choose(&mut self, choices: &[Tid], current: Option<Tid>) -> usize {
        let mut enabled: Vec<Proc> = Vec::with_capacity(choices.len());
        let mut spinning: Vec<Proc> = Vec::new();
        let busy = self.sees.virtual_time && choices.iter().any(|c| whose_alarm(*c).is_none() && !self.spins(c.0) && !self.sleeping.contains(&c.0));
        for c in choices {
            self.timed |= whose_alarm(*c).is_some();
            match whose_alarm(*c) {
                Some(_) if busy => {}
                None if self.spins(c.0) => spinning.push(c.0),
                None if busy && self.sleeping.contains(&c.0) => {}
                _ => enabled.push(c.0),
            }
        }
        if self.lingering && enabled.len() > 1 {
            enabled.retain(|p| *p != 0);
        }
        self.alone = enabled == [0];
        if enabled.is_empty() {
            self.livelock = spinning;
            return END_RUN;
        }
        enabled.sort_unstable();
        let current = current.map(|t| t.0).or(self.last).filter(|p| enabled.contains(p));
        let Some(chosen) = self.driver.lock().choose(&enabled, current) else {
            self.cut = true;
            return END_RUN;
        };
        self.steps += 1;
        if let Some(tid) = whose_alarm(Tid(chosen)) {
            alarm_step(tid).accesses.into_iter().for_each(|a| self.driver.lock().access(a));
            return choices.iter().position(|c| c.0 == chosen).unwrap_or(END_RUN);
        }
        self.last = Some(chosen);
        let t = self.threads.entry(chosen).or_default();
        t.waits = None;
        choices.iter().position(|c| c.0 == chosen).unwrap_or(END_RUN)
    }

    /// The running thread has gone on for very long without a point. If it has only read all the while, it may be waiting for another
    /// one: then these places must be visible, and the run is not needed any more. Else it goes on.
    fn relieve(&mut self, choices: &[Tid]) -> usize {
        let Some(last) = self.last else { return 0 };
        let t = self.threads.entry(last).or_default();
        let looked = std::mem::take(&mut t.looked);
        if !std::mem::take(&mut t.changed) {
            let new: Vec<CodeSite> = looked.into_iter().filter(|s| s.code != 0 && !self.sites.contains(*s)).collect();
            if !new.is_empty() {
                self.learned.extend(new);
                self.cut = true;
                return END_RUN;
            }
        }
        choices.iter().position(|c| c.0 == last).unwrap_or(0)
    }

    fn spins(&self, proc: Proc) -> bool {
        self.threads.get(&proc).is_some_and(|t| t.spins.is_some())
    }

    fn accessed(&mut self, thread: Proc, a: &probe::Access) {
        let output = (OUTPUT..OUTPUT + 16).contains(&a.object) && !self.sees.output;
        if !self.started || output || self.ignored.contains(&a.object) {
            return;
        }
        let access = Access {
            object: a.object,
            part: part_number(a.part),
            write: a.write,
            open: a.open,
            wait: match a.wait {
                probe::Wait::No => Wait::No,
                probe::Wait::Open => Wait::Open,
                probe::Wait::Last => Wait::Last,
            },
        };
        if a.sync && a.object == CLOCK {
            match a.wait {
                probe::Wait::No => self.sleeping.insert(thread),
                _ => self.sleeping.remove(&thread),
            };
        }
        self.notice(thread, &access, a.sync, a.site);
        if !a.sync {
            self.learn(thread, &access, a.site);
        }
        if a.visible {
            self.driver.lock().access(access);
            if let Some(told) = self.story.last_mut()
                && told.thread == thread
                && told.step == self.steps
            {
                told.accesses.push(access);
            }
        }
    }

    /// For spin loops: what the thread has read and changed, and whom its writes let go on.
    fn notice(&mut self, thread: Proc, a: &Access, sync: bool, site: CodeSite) {
        let t = self.threads.entry(thread).or_default();
        if !a.write {
            if t.reads.len() >= MOST_READS {
                t.visits.clear();
                t.reads.clear();
            }
            t.reads.push(*a);
            t.looked.insert(site);
            return;
        }
        if a.object == CLOCK || a.object == limit_of(Tid(thread)) {
            return;
        }
        let neutral = sync && (a.wait == Wait::Open || t.holds.contains(&a.object));
        if neutral {
            match t.holds.iter().position(|o| *o == a.object) {
                Some(at) => drop(t.holds.remove(at)),
                None => t.holds.push(a.object),
            }
        } else {
            t.changes += 1;
            t.changed = true;
            t.visits.clear();
            t.reads.clear();
        }
        for (proc, other) in &mut self.threads {
            if *proc != thread && (other.reads.iter().any(|r| r.conflicts(a)) || other.spins.as_ref().is_some_and(|reads| reads.iter().any(|r| r.conflicts(a))))
            {
                other.spins = None;
                other.visits.clear();
                other.reads.clear();
            }
        }
    }

    fn at_point(&mut self, thread: Proc, state: Option<u64>, site: CodeSite, begun: u64) {
        let t = self.threads.entry(thread).or_default();
        t.looked.clear();
        t.changed = false;
        let reads = t.reads.len();
        let Some(state) = state else { return };
        let now = Visit { state, begun, changes: t.changes, reads };
        match t.visits.get(&site) {
            // another point of the same instruction
            Some(v) if v.begun == begun => return,
            Some(v) if v.state == state && v.changes == t.changes && v.reads < reads => {
                t.spins = Some(t.reads[v.reads..].to_vec());
            }
            _ => {}
        }
        t.visits.insert(site, now);
    }

    /// Two threads touch the same thing, one of them writing: the sites must be visible.
    fn learn(&mut self, thread: Proc, a: &Access, site: CodeSite) {
        let parts = self.parts.entry(a.object).or_default();
        if !parts.contains(&a.part) {
            parts.push(a.part);
        }
        let own = self.seen.entry((a.object, a.part)).or_default();
        if own.by.contains(&(thread, a.write, site)) {
            return;
        }
        own.by.push((thread, a.write, site));
        let others: &[u64] = if a.part == 0 { &self.parts[&a.object] } else { &[0, a.part] };
        let mut found = Vec::new();
        for part in others {
            let Some(seen) = self.seen.get(&(a.object, *part)) else { continue };
            let conflicting = |s: &&(Proc, bool, CodeSite)| s.0 != thread && (s.1 || a.write);
            found.extend(seen.by.iter().filter(conflicting).map(|s| s.2));
        }
        if let Some(own) = self.seen.get_mut(&(a.object, a.part)) {
            own.contended |= !found.is_empty();
        }
        if !found.is_empty() {
            found.push(site);
        }
        for site in found {
            if !self.sites.contains(site) && site.code != 0 {
                self.learned.insert(site);
            }
        }
    }

    fn event(&mut self, thread: Proc, event: &Event) {
        match event {
            Event::Access(a) => self.accessed(thread, a),
            Event::ThreadStart(_) => self.started = true,
            Event::Point { state, site, begun } => self.at_point(thread, *state, *site, *begun),
            Event::Waits(object) => self.threads.entry(thread).or_default().waits = Some(*object),
            Event::ProcessStart => self.processes = true,
            Event::EventCleared => self.clears_events |= self.started,
            Event::Told { file, line, what, value } if self.started => {
                let (file, what, written) = (file.clone(), what.clone(), value.clone());
                self.story.push(Told { step: self.steps, thread, file, line: *line, what, written, read: String::new(), accesses: Vec::new() });
            }
            Event::Value(text) => {
                if let Some(told) = self.story.iter_mut().rev().find(|t| t.thread == thread) {
                    told.read = text.clone();
                }
            }
            _ => {}
        }
    }
}

/// A wait's time limit is reached: what comes before any other timer, and after the wait has begun.
fn alarm_step(tid: Tid) -> Step {
    let limit = Access { wait: Wait::Last, ..Access::write(limit_of(tid)) };
    let clock = Access { wait: Wait::Open, open: false, ..Access::write(CLOCK) };
    Step { proc: alarm_of(tid).0, accesses: vec![limit, clock] }
}

fn part_number(part: Part) -> u64 {
    let (kind, n) = match part {
        Part::Whole => return 0,
        Part::Index(i) => (1u64, i as u64),
        Part::Hash(h) => (2, h as u64),
        Part::Name(n) => (3, n),
    };
    (n.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ kind << 61) | 1
}

/// A session as the machine's strategy.
pub struct Oracle(pub Arc<Mutex<Session>>);

impl Strategy for Oracle {
    fn choose(&mut self, choices: &[Tid], current: Option<Tid>, why: ChoicePoint) -> usize {
        match why {
            ChoicePoint::Slice => self.0.lock().relieve(choices),
            _ => self.0.lock().choose(choices, current),
        }
    }
}

/// A session as the isolate's probe.
pub struct Watcher(pub Arc<Mutex<Session>>);

impl Probe for Watcher {
    fn event(&mut self, thread: Tid, event: &Event) {
        self.0.lock().event(thread.0, event);
    }
}
