//! From tapes to lanes.

use super::{About, CAUSE_END, Hold, Lane, Mark, MarkKind, NONE, Object, ProcessName, SourceFile, Span, State, Trace};
use gilbert_vm::gil::Cause;
use gilbert_vm::timeline::{Kind, Log, Record, Tape};
use gilbert_vm::world::{Ns, Tid, WaitKind};
use std::collections::HashMap;
use std::sync::Arc;

/// Types whose objects are held by whoever took them.
const HELD: [&str; 5] = ["lock", "RLock", "Semaphore", "BoundedSemaphore", "SemLock"];

/// The lanes of a log whose run is over. `source` gives the text of a source by its name.
pub fn build(log: &Log, about: About, outcome: String, source: impl Fn(&str) -> Option<Arc<str>>) -> Trace {
    let files = log.files().iter().map(|name| file(name, &source)).collect();
    let mut tapes = log.tapes();
    tapes.sort_by_key(|t| (t.pid, t.tid));
    let mut objects = Objects::new(log);
    let lane_of: HashMap<Tid, u32> = tapes.iter().enumerate().map(|(i, t)| (t.tid, i as u32)).collect();
    let mut lanes: Vec<Lane> = tapes.iter().map(|tape| Weaver::new(log, tape, &lane_of, &mut objects).weave(&tape.take())).collect();
    let end = lanes.iter().map(|l| l.end).max().unwrap_or(0);
    for lane in lanes.iter_mut().filter(|l| !l.ended && !l.spans.is_empty()) {
        lane.end = end;
    }
    let mut pids: Vec<u32> = lanes.iter().map(|l| l.pid).collect();
    pids.dedup();
    let processes =
        pids.into_iter().map(|pid| ProcessName { pid, name: log.process_name(pid).map_or_else(|| "MainProcess".into(), |n| n.to_string()) }).collect();
    let objects = objects.list;
    let holds = holds(&lanes, &objects, end);
    Trace { about, outcome, end, files, processes, lanes, objects, holds, dropped: log.dropped(), steps: Vec::new() }
}

fn file(name: &Arc<str>, source: &impl Fn(&str) -> Option<Arc<str>>) -> SourceFile {
    let of_script = !name.is_empty() && !name.starts_with("<lib>");
    SourceFile { name: name.to_string(), text: if of_script { source(name) } else { None } }
}

/// Objects, numbered as they are met.
struct Objects<'a> {
    log: &'a Log,
    files: Vec<Arc<str>>,
    numbers: HashMap<(u32, u64), u32>,
    list: Vec<Object>,
}

impl<'a> Objects<'a> {
    fn new(log: &'a Log) -> Objects<'a> {
        Objects { log, files: log.files(), numbers: HashMap::new(), list: Vec::new() }
    }
    /// Where an object was met first.
    fn at(&self, o: &gilbert_vm::timeline::Object) -> Option<String> {
        let (file, line) = o.place;
        let name = self.files.get(usize::from(file)).filter(|_| line != 0)?;
        Some(format!("{}:{line}", super::html::short_name(name)))
    }
    fn number(&mut self, pid: u32, object: u64, kind: &str) -> u32 {
        if object == 0 {
            return NONE;
        }
        if let Some(&n) = self.numbers.get(&(pid, object)) {
            return n;
        }
        let known = self.log.object(pid, object);
        let type_name = known.as_ref().map_or(kind, |o| short(&o.type_name));
        let label = match &known {
            Some(o) => match &o.variable {
                Some(variable) => format!("{type_name} {variable}"),
                None => self.at(o).map_or_else(|| format!("{type_name} #{}", o.number), |at| format!("{type_name} #{} ({at})", o.number)),
            },
            None => format!("{kind} {object:#x}"),
        };
        let held = HELD.contains(&type_name);
        let n = self.list.len() as u32;
        self.list.push(Object { pid, label, held });
        self.numbers.insert((pid, object), n);
        n
    }
}

fn short(type_name: &str) -> &str {
    type_name.rsplit('.').next().unwrap_or(type_name)
}

/// Makes a lane of a tape.
struct Weaver<'a, 'b> {
    lane: Lane,
    lane_of: &'a HashMap<Tid, u32>,
    objects: &'a mut Objects<'b>,
    /// The last place that was told.
    place: (u16, u32),
    /// What the thread is about to block on: state, object.
    blocks: Option<(State, u32)>,
}

impl<'a, 'b> Weaver<'a, 'b> {
    fn new(log: &Log, tape: &Tape, lane_of: &'a HashMap<Tid, u32>, objects: &'a mut Objects<'b>) -> Weaver<'a, 'b> {
        let name = log.name_of(tape.tid).map_or_else(|| "MainThread".to_owned(), |n| n.to_string());
        let lane = Lane { pid: tape.pid, tid: tape.tid.0, name, ..Lane::default() };
        Weaver { lane, lane_of, objects, place: (0, 0), blocks: None }
    }
    fn weave(mut self, records: &[Record]) -> Lane {
        self.lane.spans.reserve(records.len() / 2);
        for record in records {
            self.record(record);
        }
        let end = self.lane.end;
        self.lane.spans.pop_if(|last| last.from >= end && self.lane.ended);
        self.lane
    }
    fn record(&mut self, r: &Record) {
        if r.line != 0 {
            self.place = (r.file, r.line);
        }
        self.lane.end = self.lane.end.max(r.at);
        self.lane.ticks = self.lane.ticks.max(r.ticks);
        match r.kind {
            Kind::Wait => self.open(r, State::Wait, NONE),
            Kind::Acquire => self.open(r, State::Run, NONE),
            Kind::Release => self.release(r),
            Kind::Block => self.blocks = Some(self.blocked(r)),
            Kind::Woken => {}
            Kind::End => self.lane.ended = true,
            Kind::InVain => self.mark(r, MarkKind::InVain, 0),
            Kind::Asks => self.mark(r, MarkKind::Asks, 0),
            Kind::Output => self.mark(r, MarkKind::Output, u32::try_from(r.arg).unwrap_or(u32::MAX)),
            Kind::Start => {
                let lane = self.lane_of.get(&Tid(r.arg as u32)).copied().unwrap_or(NONE);
                self.mark(r, MarkKind::Start, lane);
            }
            Kind::Take | Kind::Give => {
                let object = self.objects.number(self.lane.pid, r.arg, "object");
                self.mark(r, if r.kind == Kind::Take { MarkKind::Take } else { MarkKind::Give }, object);
            }
        }
    }
    fn mark(&mut self, r: &Record, kind: MarkKind, arg: u32) {
        self.lane.marks.push(Mark { at: r.at, ticks: r.ticks, kind, arg, file: self.place.0, line: self.place.1 });
    }
    fn open(&mut self, r: &Record, state: State, object: u32) {
        if self.lane.spans.last().is_some_and(|s| s.from >= r.at) {
            self.lane.spans.pop();
        }
        let from = r.at;
        match self.lane.spans.last() {
            // woken and blocked again on the same: one wait
            Some(last) if last.state == state && state != State::Run && last.object == object && last.line == self.place.1 => {}
            _ => self.lane.spans.push(Span { from, ticks: r.ticks, state, cause: CAUSE_END, file: self.place.0, line: self.place.1, object, kept: 0 }),
        }
    }
    fn release(&mut self, r: &Record) {
        if let Some(last) = self.lane.spans.last_mut().filter(|s| s.state == State::Run) {
            last.cause = r.aux;
            last.kept = u32::try_from(r.arg).unwrap_or(u32::MAX);
        }
        if r.aux == Cause::Exit as u8 {
            self.lane.ended = true;
            return;
        }
        let (state, object) = self.blocks.take().unwrap_or((State::Wait, NONE));
        self.open(r, state, object);
    }
    fn blocked(&mut self, r: &Record) -> (State, u32) {
        const SLEEP: u8 = WaitKind::Sleep as u8;
        const IO: u8 = WaitKind::Io as u8;
        const JOIN: u8 = WaitKind::Join as u8;
        match r.aux {
            SLEEP => (State::Sleep, NONE),
            IO => (State::Io, NONE),
            JOIN => (State::Block, u32::try_from(r.arg).ok().and_then(|tid| self.lane_of.get(&Tid(tid))).map_or(NONE, |l| l + Trace::LANE)),
            kind => (State::Block, self.objects.number(self.lane.pid, r.arg, kind_name(kind))),
        }
    }
}

fn kind_name(kind: u8) -> &'static str {
    const NAMES: [(WaitKind, &str); 8] = [
        (WaitKind::Lock, "lock"),
        (WaitKind::RLock, "RLock"),
        (WaitKind::Condition, "Condition"),
        (WaitKind::Semaphore, "Semaphore"),
        (WaitKind::Event, "Event"),
        (WaitKind::Barrier, "Barrier"),
        (WaitKind::Queue, "queue"),
        (WaitKind::Process, "process"),
    ];
    NAMES.iter().find(|(k, _)| *k as u8 == kind).map_or("something", |(_, name)| name)
}

/// Who held which lock, from the marks of all lanes.
fn holds(lanes: &[Lane], objects: &[Object], end: Ns) -> Vec<Hold> {
    let mut marks: Vec<(Ns, u32, Mark)> = Vec::new();
    for (i, lane) in lanes.iter().enumerate() {
        let of_locks = |m: &&Mark| matches!(m.kind, MarkKind::Take | MarkKind::Give) && objects.get(m.arg as usize).is_some_and(|o| o.held);
        marks.extend(lane.marks.iter().filter(of_locks).map(|m| (m.at, i as u32, *m)));
    }
    // given before taken at the same moment
    marks.sort_by_key(|(at, _, m)| (*at, m.kind == MarkKind::Take));
    let mut open: HashMap<u32, Vec<Hold>> = HashMap::new();
    let mut holds = Vec::new();
    for (at, lane, m) in marks {
        let held = open.entry(m.arg).or_default();
        if m.kind == MarkKind::Take {
            held.push(Hold { object: m.arg, lane, from: at, to: end, file: m.file, line: m.line });
        } else if let Some(i) = held.iter().rposition(|h| h.lane == lane).or(if held.is_empty() { None } else { Some(0) }) {
            holds.push(Hold { to: at, ..held.remove(i) });
        }
    }
    holds.extend(open.into_values().flatten());
    holds.sort_by_key(|h| (h.object, h.from, h.lane));
    holds
}
