//! Detectors: a sink of events that watches a run and says what in it could go wrong, also where it did not.
//!
//! - [`races`]: accesses that nothing orders, by vector clocks ([`happens`], [`clock`]).
//! - [`order`]: locks that are acquired in different orders.
//! - [`held`]: locks held over waits, threads never joined.
//! - Deadlocks that happened come from the machine itself.
//!
//! Looked at is what the script does itself: accesses of the library's own frames (the deque of a `queue.Queue` under its mutex, the
//! bookkeeping of executors) are not, but the locks that the library takes order and are ordered like any other. Nothing before the first
//! thread's start is looked at, since it comes before everything else. Processes are not: they share no objects.

pub mod clock;
pub mod findings;
pub mod happens;
pub mod held;
pub mod order;
pub mod place;
pub mod races;
mod words;

pub use findings::{Findings, Sources, Texts, Which};

use gilbert_vm::code::CodeProto;
use gilbert_vm::control::ALL_NAMES;
use gilbert_vm::probe::{Access, Event, Part, Probe, SyncKind};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::{Outcome, Tid, WaitKind};
use happens::{Act, Happens};
use order::{Holding, Orders};
use parking_lot::Mutex;
use place::{Places, StackId};
use races::{Races, Touch};
use std::collections::HashMap;
use std::sync::Arc;

/// A thread, as far as reports need it.
struct Thread {
    name: String,
    started: StackId,
    /// The script started it, and it is no daemon.
    to_be_joined: bool,
    joined: bool,
}

/// A wait that has begun.
struct Waiting {
    since: u64,
    what: String,
    stack: StackId,
    /// Shorter waits are not worth a word, ns.
    worth: u64,
}

struct State {
    which: Which,
    places: Places,
    /// With the order that locks make.
    happens: Happens,
    /// Without.
    must: Happens,
    races: Races,
    orders: Orders,
    held_over: held::Held,
    threads: HashMap<u32, Thread>,
    holding: HashMap<u32, Vec<Holding>>,
    waiting: HashMap<u32, Waiting>,
    /// Locks in the order of their first acquisition: kind, and what the script calls them.
    locks: HashMap<u64, (usize, &'static str, Option<String>)>,
    sets: Vec<Vec<(u64, StackId)>>,
    set_ids: HashMap<Vec<(u64, StackId)>, u32>,
}

/// Watches one run. Cloned handles share what was seen.
#[derive(Clone)]
pub struct Detector(Arc<Mutex<State>>);

/// Input or output that takes less is not told of, ns: a `print` under a lock is no blunder.
const SHORT_IO: u64 = 1_000_000;

/// What waits are worth a word while a lock is held.
fn blocking(kind: WaitKind, note: &str) -> Option<String> {
    match kind {
        WaitKind::Sleep => Some("time to pass (a sleep)".into()),
        WaitKind::Io if note.is_empty() => Some("input or output".into()),
        WaitKind::Io => Some(note.to_owned()),
        WaitKind::Process => Some("the end of a process".into()),
        _ => None,
    }
}

impl Detector {
    /// A detector for one run.
    pub fn new(which: Which) -> Detector {
        Detector(Arc::new(Mutex::new(State {
            which,
            places: Places::default(),
            happens: Happens::new(true),
            must: Happens::new(false),
            races: Races::default(),
            orders: Orders::default(),
            held_over: held::Held::new(),
            threads: HashMap::new(),
            holding: HashMap::new(),
            waiting: HashMap::new(),
            locks: HashMap::new(),
            sets: vec![Vec::new()],
            set_ids: HashMap::from([(Vec::new(), 0)]),
        })))
    }
    /// Makes the isolate's main thread, and those that it starts, report here.
    pub fn listen(&self, vm: &mut Vm) {
        vm.observe(Box::new(self.clone()));
    }
    /// What was found in the run, which has ended so.
    pub fn findings(&self, ended: &Outcome) -> Findings {
        let mut findings = self.0.lock().findings();
        if let Outcome::Deadlock(threads) = ended {
            findings.add_deadlock(threads);
        }
        findings
    }
}

impl Probe for Detector {
    fn event(&mut self, _: Tid, _: &Event) {}
    fn event_in(&mut self, vm: &Vm, event: &Event, object: Option<&Value>) {
        let mut state = self.0.lock();
        let me = vm.tid().0;
        match event {
            Event::Access(access) if state.which.races && !access.sync => {
                if let Some(object) = object {
                    state.access(vm, me, object, access);
                }
            }
            Event::Sync { object, kind, acquired, free, patient } => state.sync(vm, me, *object, *kind, *acquired, *free, *patient),
            Event::Started { tid, name, daemon } => state.started(vm, me, tid.0, name, *daemon),
            Event::ThreadEnd(tid) => {
                state.happens.end(tid.0);
                state.must.end(tid.0);
            }
            Event::Joined(tid) => {
                state.happens.joined(me, tid.0);
                state.must.joined(me, tid.0);
                if let Some(t) = state.threads.get_mut(&tid.0) {
                    t.joined = true;
                }
            }
            Event::Blocks { kind, note } => state.blocks(vm, me, *kind, note),
            Event::Resumes => state.resumes(vm, me),
            _ => {}
        }
    }
}

/// Whether a file is one of the library's.
fn of_library(code: &CodeProto) -> bool {
    code.filename.starts_with("<lib>") || code.filename.starts_with("<frozen")
}

impl State {
    /// The stack from the innermost frame of the script on.
    fn stack(&mut self, vm: &Vm) -> StackId {
        let frames: Vec<(&Arc<CodeProto>, u32)> = vm.calls().skip_while(|(code, _)| of_library(code)).collect();
        let frames = if frames.is_empty() { vm.calls().collect() } else { frames };
        self.places.id(&frames)
    }

    fn access(&mut self, vm: &Vm, me: u32, object: &Value, access: &Access) {
        if self.threads.is_empty() {
            return;
        }
        let Some((code, at)) = vm.calls().next() else { return };
        if of_library(code) {
            return;
        }
        let (mut location, mut part) = (access.object, access.part);
        if let Part::Name(name) = part {
            if object.attrs(vm).is_none() && !vm.is_type(object) {
                // a method of a built-in type is looked up
                return;
            }
            // an object's attributes are not part of its contents
            location = !location;
            if name == ALL_NAMES {
                part = Part::Whole;
            }
        }
        let manner = words::manner(code, at, access.part);
        let stack = self.stack(vm);
        let held = self.held_set(me);
        let touch = Touch { stack, write: access.write, manner, held };
        let (threads, sets, locks) = (&self.threads, &self.sets, &self.locks);
        let thread = |t: u32| thread_name(threads, t);
        let held = |set: u32| sets[set as usize].iter().map(|(lock, _)| lock_name(locks, *lock)).collect();
        let what = || words::location(vm, object, access.part);
        let words = races::Words { places: &self.places, thread: &thread, held: &held, what: &what };
        self.races.access(&mut self.happens, me, location, part, touch, &words);
    }

    fn held_set(&mut self, me: u32) -> u32 {
        let set: Vec<(u64, StackId)> = self.holding.get(&me).map_or(Vec::new(), |h| h.iter().map(|h| (h.lock, h.stack)).collect());
        if let Some(&id) = self.set_ids.get(&set) {
            return id;
        }
        let id = self.sets.len() as u32;
        self.sets.push(set.clone());
        self.set_ids.insert(set, id);
        id
    }

    #[allow(clippy::too_many_arguments)]
    fn sync(&mut self, vm: &Vm, me: u32, object: u64, kind: SyncKind, acquired: bool, free: usize, patient: bool) {
        let act = match (kind, acquired) {
            (SyncKind::Lock | SyncKind::RLock, true) => Act::Acquire,
            (SyncKind::Lock | SyncKind::RLock, false) => Act::Release,
            (SyncKind::Semaphore | SyncKind::Queue, true) => Act::Take(free),
            (SyncKind::Semaphore | SyncKind::Queue, false) => Act::Give(free),
            (SyncKind::Event, true) => Act::Seen,
            (SyncKind::Event, false) => Act::Set,
            (SyncKind::Barrier, true) => Act::Leave,
            (SyncKind::Barrier, false) => Act::Arrive,
        };
        self.happens.act(me, object, act);
        self.must.act(me, object, act);
        match act {
            Act::Acquire => self.lock_acquired(vm, me, object, kind, patient),
            Act::Release => self.lock_released(me, object),
            _ => {}
        }
    }

    fn lock_acquired(&mut self, vm: &Vm, me: u32, lock: u64, kind: SyncKind, patient: bool) {
        let stack = self.stack(vm);
        let number = self.locks.len() + 1;
        if !self.locks.contains_key(&lock) {
            let word = if kind == SyncKind::RLock { "RLock" } else { "lock" };
            let name = self.places.spot(stack).and_then(|s| words::lock_expression(&s.code, s.at));
            self.locks.insert(lock, (number, word, name));
        }
        let taken = Holding { lock, stack, since: vm.iso().world.now() };
        let holding = self.holding.entry(me).or_default();
        if patient && !self.threads.is_empty() && (self.which.deadlocks || self.which.locks) {
            let (at, clock) = (self.must.now(me), self.must.clock(me).clone());
            self.orders.acquired(at, &clock, holding, taken);
        }
        holding.push(taken);
    }

    fn lock_released(&mut self, me: u32, lock: u64) {
        // a lock may be released by another thread than the one that has it
        let holder = match self.holding.get(&me).is_some_and(|h| h.iter().any(|h| h.lock == lock)) {
            true => Some(me),
            false => self.holding.iter().find(|(_, h)| h.iter().any(|h| h.lock == lock)).map(|(t, _)| *t),
        };
        if let Some(holding) = holder.and_then(|t| self.holding.get_mut(&t))
            && let Some(at) = holding.iter().rposition(|h| h.lock == lock)
        {
            holding.remove(at);
        }
    }

    fn started(&mut self, vm: &Vm, me: u32, child: u32, name: &str, daemon: bool) {
        self.happens.start(me, child);
        self.must.start(me, child);
        let started = self.stack(vm);
        let by_script = vm.calls().next().is_some_and(|(code, _)| !of_library(code));
        self.threads.insert(child, Thread { name: name.to_owned(), started, to_be_joined: by_script && !daemon, joined: false });
    }

    fn blocks(&mut self, vm: &Vm, me: u32, kind: WaitKind, note: &str) {
        if !self.which.locks || self.holding.get(&me).is_none_or(Vec::is_empty) {
            return;
        }
        if let Some(what) = blocking(kind, note) {
            let stack = self.stack(vm);
            let worth = if kind == WaitKind::Io { SHORT_IO } else { 1 };
            self.waiting.insert(me, Waiting { since: vm.iso().world.now(), what, stack, worth });
        }
    }

    fn resumes(&mut self, vm: &Vm, me: u32) {
        let Some(waited) = self.waiting.remove(&me) else { return };
        let longest = vm.iso().world.now().saturating_sub(waited.since);
        if longest < waited.worth {
            return;
        }
        for h in self.holding.get(&me).cloned().unwrap_or_default() {
            // a lock that the library takes for itself is its own business
            if self.places.spot(h.stack).is_none_or(|s| of_library(&s.code)) {
                continue;
            }
            let lock = (lock_name(&self.locks, h.lock), self.places.stack(h.stack));
            let held = held::HeldOver { lock, waited_for: waited.what.clone(), stack: self.places.stack(waited.stack), longest, count: 1 };
            held::add(&mut self.held_over, held);
        }
    }

    fn findings(&mut self) -> Findings {
        let mut unjoined = held::NeverJoined::new();
        let mut threads: Vec<_> = self.threads.iter().filter(|(_, t)| self.which.locks && t.to_be_joined && !t.joined).collect();
        threads.sort_by_key(|(tid, _)| **tid);
        for (tid, t) in threads {
            let thread = held::Unjoined { thread: format!("T{tid} ({})", t.name), started: self.places.stack(t.started), count: 1 };
            held::add_unjoined(&mut unjoined, thread);
        }
        let stack = |s: StackId| self.places.stack(s);
        let thread = |t: u32| thread_name(&self.threads, t);
        let lock = |l: u64| lock_name(&self.locks, l);
        Findings {
            which: self.which,
            runs: 1,
            races: self.races.found.clone(),
            inversions: self.orders.inversions(&order::Words { stack: &stack, thread: &thread, lock: &lock }),
            held: self.held_over.clone(),
            unjoined,
            deadlocks: Vec::new(),
            full: self.races.full,
        }
    }
}

fn thread_name(threads: &HashMap<u32, Thread>, tid: u32) -> String {
    match threads.get(&tid) {
        Some(t) => format!("T{tid} ({})", t.name),
        None => format!("T{tid} (MainThread)"),
    }
}

fn lock_name(locks: &HashMap<u64, (usize, &'static str, Option<String>)>, lock: u64) -> String {
    match locks.get(&lock) {
        Some((number, word, Some(name))) => format!("{word} #{number} `{name}`"),
        Some((number, word, None)) => format!("{word} #{number}"),
        None => "a lock".into(),
    }
}
