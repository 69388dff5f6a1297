//! From tapes to lanes.

use super::{About, CAUSE_END, Hold, Lane, Mark, MarkKind, NONE, Object, ProcessName, SourceFile, Span, State, Touch, Trace};
use gilbert_vm::gil::Cause;
use gilbert_vm::timeline::{Kind, Log, Record, STARTS, Tape, UNTIMED};
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
    let mut touches = Vec::new();
    let weave = |tape: &Arc<Tape>| Weaver::new(log, tape, &lane_of, &mut objects, &mut touches).weave(&timed(tape.take()));
    let mut lanes: Vec<Lane> = tapes.iter().map(weave).collect();
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
    Trace { about, outcome, end, files, processes, lanes, objects, holds, dropped: log.dropped(), steps: Vec::new(), touches }
}

/// Gives untimed records a time between those of their neighbours, as their ticks lie.
fn timed(mut records: Vec<Record>) -> Vec<Record> {
    let mut last = (0, 0);
    let mut i = 0;
    while i < records.len() {
        if records[i].at != UNTIMED {
            last = (records[i].at, records[i].ticks);
            i += 1;
            continue;
        }
        let n = records[i..].iter().take_while(|r| r.at == UNTIMED).count();
        let next = records.get(i + n).map(|r| (r.at, r.ticks));
        for r in &mut records[i..i + n] {
            r.at = between(last, next.unwrap_or(last), r.ticks);
        }
        i += n;
    }
    records
}

/// The time of tick `ticks` on the line from `a` to `b` (time, ticks).
fn between(a: (Ns, u64), b: (Ns, u64), ticks: u64) -> Ns {
    let (long, run) = (b.0.saturating_sub(a.0), b.1.saturating_sub(a.1));
    let done = ticks.saturating_sub(a.1).min(run);
    a.0 + (u128::from(long) * u128::from(done)).checked_div(u128::from(run)).unwrap_or(0) as Ns
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
    number: u32,
    accesses: &'a mut Vec<Touch>,
    /// What the thread is about to block on: state, object.
    blocks: Option<(State, u32)>,
}

impl<'a, 'b> Weaver<'a, 'b> {
    fn new(log: &Log, tape: &Tape, lane_of: &'a HashMap<Tid, u32>, objects: &'a mut Objects<'b>, accesses: &'a mut Vec<Touch>) -> Weaver<'a, 'b> {
        let name = log.name_of(tape.tid).map_or_else(|| "MainThread".to_owned(), |n| n.to_string());
        let lane = Lane { pid: tape.pid, tid: tape.tid.0, name, ..Lane::default() };
        let number = lane_of.get(&tape.tid).copied().unwrap_or(NONE);
        Weaver { lane, lane_of, objects, place: (0, 0), number, accesses, blocks: None }
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
            Kind::Read | Kind::Write => {
                let write = r.kind == Kind::Write;
                self.accesses.push(Touch { lane: self.number, at: r.at, ticks: r.ticks, location: r.arg, write, file: r.file, line: r.line });
            }
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
            JOIN => {
                let lane = self.lane_of.get(&Tid(r.arg as u32)).filter(|_| r.arg != u64::MAX);
                let starts = if r.arg & STARTS != 0 { Trace::STARTS } else { 0 };
                (State::Block, lane.map_or(NONE, |l| l + Trace::LANE + starts))
            }
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
pub(super) fn holds(lanes: &[Lane], objects: &[Object], end: Ns) -> Vec<Hold> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn untimed_records_lie_between_their_neighbours_as_their_ticks_do() {
        let record = |at, ticks| Record { at, ticks, arg: 0, line: 1, file: 0, kind: Kind::Take, aux: 0 };
        let of = |records: &[(Ns, u64)]| timed(records.iter().map(|&(at, ticks)| record(at, ticks)).collect()).iter().map(|r| r.at).collect::<Vec<_>>();
        assert_eq!(of(&[(100, 10), (UNTIMED, 15), (UNTIMED, 20), (200, 30)]), [100, 125, 150, 200]);
        assert_eq!(of(&[(UNTIMED, 5), (50, 10), (UNTIMED, 20)]), [25, 50, 50]);
    }
}
