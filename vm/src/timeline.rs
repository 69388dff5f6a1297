//! The event log at timeline level: who had the GIL when, who waited for it, who blocked on what, and why threads switched.
//!
//! A [`Log`] belongs to a machine; every thread writes to a [`Tape`] of its own, with a pen that belongs to its [`crate::gil::Turn`], so
//! that writing needs neither the GIL (a thread that waits for it writes too) nor a lock that anybody contends for. A run without a log pays a test of a
//! pointer at calls that are slow anyway, and nothing at an instruction. Writing never changes a schedule: in a simulated run the time
//! of a record is computed, the clock is not moved.
//!
//! Memory is bounded: beyond half of the [`Log`]'s room, details (locks, queues, output) are dropped, beyond all of it everything is;
//! [`Log::dropped`] says how many of each and since when. Accesses to what threads share are another level: see [`crate::probe`].

use crate::interp::frame::Frame;
use crate::probe::Part;
use crate::types::dict::Dict;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{Blocked, Ns, Tid, WaitKind};
use parking_lot::Mutex;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// What a record says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    /// Starts the thread whose number is `arg`.
    Start,
    /// Begins to wait for the GIL.
    Wait,
    /// Has the GIL from now on.
    Acquire,
    /// Gives it up; `aux` is the [`crate::gil::Cause`], `arg` how often it was kept before while others waited.
    Release,
    /// Blocks; `aux` is the [`WaitKind`], `arg` the object or, for a thread, its number (see [`STARTS`]).
    Block,
    /// Can go on: it comes back from what it was blocked on.
    Woken,
    /// Was woken, tried, and did not get the GIL.
    InVain,
    /// Has waited for the interval and asks the holder to drop the GIL.
    Asks,
    /// Acquired or took from the synchronisation object `arg`.
    Take,
    /// Released, set, or put into the synchronisation object `arg`.
    Give,
    /// Read what threads share; `arg` tells the location. Only in observed runs.
    Read,
    /// Wrote it.
    Write,
    /// Wrote `arg` bytes to standard stream `aux`.
    Output,
    /// The thread's last act.
    End,
}

/// One event of one thread.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Record {
    /// World time, ns; or [`UNTIMED`].
    pub at: Ns,
    /// Ticks that the thread has run.
    pub ticks: u64,
    /// See [`Kind`].
    pub arg: u64,
    /// Line in the source, from 1; 0: as the record before.
    pub line: u32,
    /// The source: an index into [`Log::files`].
    pub file: u16,
    /// What.
    pub kind: Kind,
    /// See [`Kind`].
    pub aux: u8,
}

/// [`Record::at`] of a record whose time follows from its ticks: it lies between those of its neighbours as its ticks do.
pub const UNTIMED: Ns = Ns::MAX;
/// Added to a thread's number in [`Record::arg`] where its start is waited for, not its end.
pub const STARTS: u64 = 1 << 32;
/// Records that a log holds unless told otherwise: 64 MB.
pub const DEFAULT_ROOM: usize = 2_000_000;
/// A tape asks for room by so many records.
const PORTION: usize = 256;
/// Synchronisation objects that a tape knows to be known.
const KNOWN: usize = 16;
/// Of so many objects it is looked up which variable holds them.
const NAMED: usize = 256;

/// The log of a machine: its processes' threads.
pub struct Log {
    /// Virtual ns of a tick; 0 in a native world.
    tick_ns: u64,
    room: usize,
    used: AtomicUsize,
    dropped_details: AtomicU64,
    dropped: AtomicU64,
    full_at: AtomicU64,
    tapes: Mutex<BTreeMap<Tid, Arc<Tape>>>,
    files: Mutex<Vec<Arc<str>>>,
    objects: Mutex<HashMap<(u32, u64), Object>>,
    names: Mutex<HashMap<Tid, Arc<str>>>,
    processes: Mutex<HashMap<u32, Arc<str>>>,
}

/// A synchronisation object that the log has met.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// In order of first sight within its process and type, from 1.
    pub number: u32,
    /// Its type: `lock`, `RLock`, `Event` ..
    pub type_name: String,
    /// Where it was met first: source and line, as in a [`Record`].
    pub place: (u16, u32),
    /// The variable that holds it, where that is known.
    pub variable: Option<String>,
}

/// What a log had no room for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Records of locks, queues and output.
    pub details: u64,
    /// Records of any other kind.
    pub others: u64,
    /// When the first one was dropped, ns.
    pub since: Ns,
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").field("used", &self.used).field("room", &self.room).finish_non_exhaustive()
    }
}

impl Log {
    /// A log with room for so many records. `tick_ns`: virtual ns of a tick, 0 in a native world.
    pub fn new(room: usize, tick_ns: u64) -> Arc<Log> {
        Arc::new(Log {
            tick_ns,
            room,
            used: AtomicUsize::new(0),
            dropped_details: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
            full_at: AtomicU64::new(u64::MAX),
            tapes: Mutex::default(),
            files: Mutex::new(vec!["".into()]),
            objects: Mutex::default(),
            names: Mutex::default(),
            processes: Mutex::default(),
        })
    }
    /// The tape of a thread of process `pid`.
    pub(crate) fn tape(self: &Arc<Log>, pid: u32, tid: Tid) -> Arc<Tape> {
        let new = || Arc::new(Tape { log: self.clone(), pid, tid, records: Mutex::default() });
        self.tapes.lock().entry(tid).or_insert_with(new).clone()
    }
    /// All tapes, in the order of their threads.
    pub fn tapes(&self) -> Vec<Arc<Tape>> {
        self.tapes.lock().values().cloned().collect()
    }
    /// Names of sources; index 0 is none.
    pub fn files(&self) -> Vec<Arc<str>> {
        self.files.lock().clone()
    }
    /// The name that a thread was started with.
    pub fn name_of(&self, tid: Tid) -> Option<Arc<str>> {
        self.names.lock().get(&tid).cloned()
    }
    /// What is known of an object of a process.
    pub fn object(&self, pid: u32, object: u64) -> Option<Object> {
        self.objects.lock().get(&(pid, object)).cloned()
    }
    /// Whether details, or everything, had to be dropped.
    pub fn dropped(&self) -> Dropped {
        let load = |n: &AtomicU64| n.load(Ordering::Relaxed);
        let (details, others) = (load(&self.dropped_details), load(&self.dropped));
        let since = load(&self.full_at);
        Dropped { details, others, since: if since == u64::MAX { 0 } else { since } }
    }
    /// Names a thread.
    pub fn name(&self, tid: Tid, name: &str) {
        self.names.lock().insert(tid, name.into());
    }
    /// The name of a process other than the first.
    pub fn process_name(&self, pid: u32) -> Option<Arc<str>> {
        self.processes.lock().get(&pid).cloned()
    }
    pub(crate) fn name_process(&self, pid: u32, name: Arc<str>) {
        self.processes.lock().insert(pid, name);
    }
    fn file(&self, name: &Arc<str>) -> u16 {
        let mut files = self.files.lock();
        let known = files.iter().position(|f| Arc::ptr_eq(f, name) || **f == **name);
        let at = known.unwrap_or_else(|| {
            files.push(name.clone());
            files.len() - 1
        });
        // a program of more than 65,535 sources has its later ones without a name
        u16::try_from(at).unwrap_or(0)
    }
    /// Room for a portion of records; what share of the log is in use then, in percent.
    fn portion(&self) -> usize {
        let used = self.used.fetch_add(PORTION, Ordering::Relaxed) + PORTION;
        used.saturating_mul(100) / self.room.max(1)
    }
    fn drop_one(&self, record: &Record) {
        let count = if record.kind.is_detail() { &self.dropped_details } else { &self.dropped };
        count.fetch_add(1, Ordering::Relaxed);
        if record.at != UNTIMED {
            self.full_at.fetch_min(record.at, Ordering::Relaxed);
        }
    }
    fn meet(&self, key: (u32, u64), mut object: Object) {
        let mut objects = self.objects.lock();
        let alike = objects.iter().filter(|(k, o)| k.0 == key.0 && o.type_name == object.type_name).count();
        object.number = 1 + alike as u32;
        objects.entry(key).or_insert(object);
    }
}

impl Kind {
    /// Whether it is the first to be dropped.
    pub fn is_detail(self) -> bool {
        matches!(self, Kind::Take | Kind::Give | Kind::Output | Kind::Read | Kind::Write)
    }
}

/// One thread's part of a log.
pub struct Tape {
    log: Arc<Log>,
    /// The thread's process.
    pub pid: u32,
    /// The thread.
    pub tid: Tid,
    records: Mutex<Vec<Record>>,
}

impl Tape {
    /// A copy of the records.
    pub fn records(&self) -> Vec<Record> {
        self.records.lock().clone()
    }
    /// Takes the records out.
    pub fn take(&self) -> Vec<Record> {
        std::mem::take(&mut self.records.lock())
    }
}

/// What a thread writes with: a few records that are not on its tape yet, so that most of them need no lock at all. They go there when
/// they are many, and before the thread waits for anything.
pub(crate) struct Pen {
    tape: Arc<Tape>,
    records: Vec<Record>,
    /// Records that may be written before room is asked for.
    granted: usize,
    /// Percent of the log that were in use when it was asked last.
    share: usize,
    /// The source of the record before, by address, and its number.
    file: Option<(usize, u16)>,
    known: [u64; KNOWN],
    /// Where the thread blocks, until it is back.
    blocked_at: Option<(u16, u32)>,
    /// The run is over: what a thread does to leave is not part of it.
    closed: bool,
}

impl fmt::Debug for Pen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the pen of {}", self.tape.tid)
    }
}

impl Drop for Pen {
    fn drop(&mut self) {
        self.flush();
    }
}

impl Pen {
    pub(crate) fn new(tape: Arc<Tape>) -> Box<Pen> {
        Box::new(Pen { tape, records: Vec::new(), granted: 0, share: 0, file: None, known: [0; KNOWN], blocked_at: None, closed: false })
    }
    /// Writes a record, if there is room.
    pub(crate) fn push(&mut self, record: Record) {
        if self.granted == 0 && !self.ask_for_room() {
            return;
        }
        if self.share >= 100 || (self.share > 50 && record.kind.is_detail()) {
            self.tape.log.drop_one(&record);
            return;
        }
        self.granted -= 1;
        self.records.push(record);
        if matches!(record.kind, Kind::Release | Kind::Wait | Kind::End) {
            self.flush();
        }
    }
    /// A portion of records; false where the run is over.
    #[cold]
    fn ask_for_room(&mut self) -> bool {
        if self.closed {
            return false;
        }
        self.flush();
        if self.share < 100 {
            self.share = self.tape.log.portion();
        }
        self.granted = PORTION;
        true
    }
    fn flush(&mut self) {
        self.tape.records.lock().append(&mut self.records);
    }
    /// Writes no more.
    pub(crate) fn close(&mut self) {
        self.closed = true;
        self.granted = 0;
    }
    fn file(&mut self, name: &Arc<str>) -> u16 {
        let address = name.as_ptr() as usize;
        match self.file {
            Some((known, number)) if known == address => number,
            _ => {
                let number = self.tape.log.file(name);
                self.file = Some((address, number));
                number
            }
        }
    }
    /// Whether an object has been met before, as far as is remembered.
    fn knows(&mut self, object: u64) -> bool {
        let slot = &mut self.known[(object >> 4) as usize % KNOWN];
        std::mem::replace(slot, object) == object
    }
    pub(crate) fn tick_ns(&self) -> u64 {
        self.tape.log.tick_ns
    }
}

/// Where the script is: the innermost frame that is not the library's.
fn place_of(frames: &[Frame]) -> Option<(&Arc<str>, u32)> {
    let of_script = |f: &&Frame| !f.code().proto.filename.starts_with("<lib>");
    let frame = frames.iter().rev().find(of_script).or(frames.last())?;
    Some((&frame.code().proto.filename, frame.line()))
}

impl Vm {
    /// Whether this thread writes to a log.
    #[inline(always)]
    pub fn is_logged(&self) -> bool {
        self.turn.pen().is_some()
    }
    fn log_place(&mut self) -> (u16, u32) {
        match (place_of(&self.stack.frames), self.turn.pen_mut()) {
            (Some((name, line)), Some(pen)) => (pen.file(name), line),
            _ => (0, 0),
        }
    }
    /// Writes a record with the place in Python. Natively its time is told by its ticks ([`UNTIMED`]): what is so frequent should not look at
    /// the clock, and the GIL's own records on either side do.
    #[cold]
    pub(crate) fn log_here(&mut self, kind: Kind, aux: u8, arg: u64) {
        let simulated = self.turn.pen().is_some_and(|p| p.tick_ns() != 0);
        let at = if simulated { self.turn.logged_time(&*self.iso().world) } else { UNTIMED };
        let (file, line) = self.log_place();
        let ticks = self.turn.ticks();
        if let Some(pen) = self.turn.pen_mut() {
            if kind == Kind::Block {
                pen.blocked_at = Some((file, line));
            }
            pen.push(Record { at, ticks, arg, line, file, kind, aux });
        }
    }
    /// Gives the record that the GIL has just written its place.
    #[cold]
    pub(crate) fn log_place_last(&mut self) {
        let wanted = self.turn.pen().is_some_and(|p| p.records.last().is_some_and(|last| last.line == 0));
        if !wanted {
            return;
        }
        // back from a wait: the place is the one at which it began
        let before = self.turn.pen_mut().and_then(|p| p.blocked_at.take());
        let (file, line) = before.unwrap_or_else(|| self.log_place());
        if let Some(last) = self.turn.pen_mut().and_then(|p| p.records.last_mut()) {
            (last.file, last.line) = (file, line);
        }
    }
    /// An operation on a synchronisation object.
    #[cold]
    pub(crate) fn log_sync(&mut self, object: &Value, taken: bool) {
        let address = self.address_of(object);
        let Some(pen) = self.turn.pen_mut() else { return };
        if !pen.knows(address) {
            self.log_meet(address, object);
        }
        self.log_here(if taken { Kind::Take } else { Kind::Give }, 0, address);
    }
    /// Lets this thread, and those that it starts, write to a log from now on.
    pub fn write_log(&mut self, log: &Arc<Log>) {
        self.gil.write_to(log.clone());
        let tape = log.tape(self.iso().world.pid(), self.tid());
        self.turn.take_pen(Pen::new(tape));
        self.log_here(Kind::Acquire, 0, 0);
    }
    /// The current instruction of the script's own touches what threads share.
    #[cold]
    pub(crate) fn log_access(&mut self, object: u64, part: Part, write: bool) {
        use std::hash::{DefaultHasher, Hash, Hasher};
        if self.stack.frames.last().is_none_or(|f| f.code().proto.filename.starts_with('<')) {
            return;
        }
        let mut location = DefaultHasher::new();
        (object, part).hash(&mut location);
        self.log_here(if write { Kind::Write } else { Kind::Read }, 0, location.finish());
    }
    /// The thread is about to block.
    #[cold]
    pub(crate) fn log_block(&mut self, why: &Blocked) {
        use crate::blame::WaitsFor;
        let me = self.tid();
        let waits_for = self.iso().threads.get(me).map(|t| t.waits_for.clone()).unwrap_or_default();
        match waits_for {
            WaitsFor::Thread(tid) => {
                let starts = if why.kind == WaitKind::Join { 0 } else { STARTS };
                self.log_here(Kind::Block, WaitKind::Join as u8, u64::from(tid.0) | starts);
            }
            WaitsFor::Object(o) => {
                self.log_meet(why.object, &o);
                self.log_here(Kind::Block, why.kind as u8, why.object);
            }
            WaitsFor::Nothing => {
                let arg = if why.kind == WaitKind::Join { u64::MAX } else { why.object };
                self.log_here(Kind::Block, why.kind as u8, arg);
            }
        }
    }
    /// A wait for a synchronisation object, which the log then knows.
    pub(crate) fn blocked_on(&mut self, kind: WaitKind, object: &Value) -> Blocked {
        let address = self.address_of(object);
        if self.is_logged() {
            self.log_meet(address, object);
        }
        Blocked::new(kind, address)
    }
    /// Text is about to be written to a standard stream.
    #[inline]
    pub fn log_output(&mut self, stream: i32, bytes: usize) {
        if self.is_logged() {
            self.log_here(Kind::Output, stream as u8, bytes as u64);
        }
    }
    /// Enters an object that is met for the first time.
    fn log_meet(&mut self, object: u64, v: &Value) {
        let Some(tape) = self.turn.pen().map(|p| p.tape.clone()) else { return };
        let key = (tape.pid, object);
        let named = match tape.log.objects.lock() {
            objects if objects.contains_key(&key) => return,
            objects => objects.len() < NAMED,
        };
        let place = self.log_place();
        let type_name = self.short_type_name(v);
        let variable = if named { self.variable_of(v) } else { None };
        tape.log.meet(key, Object { number: 0, type_name, place, variable });
    }
    /// The global variable of the main module that holds an object, or the attribute of one.
    fn variable_of(&mut self, v: &Value) -> Option<String> {
        let ns = self.main_namespace();
        let globals: Vec<(Value, Value)> = ns.borrow::<Dict>(self)?.iter().map(|(k, v)| (k.value.clone(), v.clone())).collect();
        if let Some((name, _)) = globals.iter().find(|(_, g)| g.is(v)) {
            return Some(self.text(name));
        }
        globals.iter().find_map(|(name, g)| {
            let attrs = g.attrs(self)?;
            let at = attrs.values().iter().position(|a| a.is(v))?;
            let attr = self.iso().shapes.names(attrs.shape()).get(at)?;
            Some(format!("{}.{}", self.text(name), self.text(attr)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: Kind, at: Ns) -> Record {
        Record { at, ticks: at, arg: 0, line: 1, file: 0, kind, aux: 0 }
    }

    #[test]
    fn details_are_dropped_first_and_counted() {
        let log = Log::new(4 * PORTION, 0);
        let tape = log.tape(1, Tid(0));
        let mut pen = Pen::new(tape.clone());
        for at in 0..10 * PORTION as u64 {
            pen.push(record(if at % 2 == 0 { Kind::Take } else { Kind::Wait }, at));
        }
        drop(pen);
        let kept = tape.records();
        let details = kept.iter().filter(|r| r.kind == Kind::Take).count();
        let dropped = log.dropped();
        assert!(kept.len() <= 4 * PORTION && kept.len() > 2 * PORTION, "{}", kept.len());
        assert!(details < kept.len() - details, "{details} of {}", kept.len());
        assert_eq!(kept.len() as u64 + dropped.details + dropped.others, 10 * PORTION as u64);
        assert!(dropped.since > PORTION as u64);
        assert_eq!(kept.iter().map(|r| r.at).max(), kept.last().map(|r| r.at));
    }

    #[test]
    fn objects_are_numbered_by_type() {
        let log = Log::new(100, 0);
        for (object, name) in [(7, "lock"), (8, "Event"), (9, "lock"), (7, "lock")] {
            log.meet((1, object), Object { number: 0, type_name: name.into(), place: (0, 0), variable: None });
        }
        let numbers: Vec<u32> = [7, 8, 9].iter().filter_map(|o| log.object(1, *o)).map(|o| o.number).collect();
        assert_eq!(numbers, [1, 1, 2]);
    }
}
