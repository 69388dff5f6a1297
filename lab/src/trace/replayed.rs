//! The timeline of a schedule's run: who ran when, as the schedule says, and the steps of different threads that conflict with each other.

use super::{About, CAUSE_END, Lane, MarkKind, NONE, Span, State, Touch, Trace, build};
use crate::outcome::RunResult;
use crate::runner::Runner;
use crate::schedule::{Mismatch, Schedule};
use gilbert_vm::gil::Policy;
use gilbert_vm::probe::{Event, Probe};
use gilbert_vm::timeline::{DEFAULT_ROOM, Log};
use gilbert_vm::world::sim::{Order, Run};
use gilbert_vm::world::{Ns, Tid};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Steps that are marked, at most.
const MOST_STEPS: usize = 60;

/// A schedule's run and its timeline.
pub struct Replayed {
    /// The timeline.
    pub trace: Trace,
    /// What the run came to.
    pub result: RunResult,
}

/// Somebody has to listen where accesses are to be reported; the log is what keeps them.
struct Listener;

impl Probe for Listener {
    fn event(&mut self, _: Tid, _: &Event) {}
}

/// Runs the schedule again, observed.
///
/// # Errors
/// It does not fit.
pub fn replayed(schedule: &Schedule, runner: &Runner, script: &str, source: impl Fn(&str) -> Option<Arc<str>>) -> Result<Replayed, Mismatch> {
    let machine = runner.shared().machine();
    let log = Log::new(DEFAULT_ROOM, machine.tick_ns);
    let own = log.clone();
    let result = schedule.replay_with(runner, move |vm| {
        vm.iso_mut().probe = Some(Box::new(Listener));
        vm.observed = true;
        vm.write_log(&own);
    })?;
    let by_strategy = schedule.order != Order::Time;
    let policy = if by_strategy { Policy::Off(1) } else { machine.policy };
    let about = About { script: script.to_owned(), simulated: true, seed: schedule.seed, policy, handoff: machine.handoff, tick_ns: machine.tick_ns };
    let outcome = result.failure.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut trace = build(&log, about, outcome, source);
    if by_strategy {
        trace.follow(&result.schedule);
    }
    trace.mark_conflicts();
    Ok(Replayed { trace, result })
}

impl Trace {
    /// Lays the lanes out by who ran for how many ticks: the time of a controlled run is its ticks.
    fn follow(&mut self, runs: &[Run]) {
        let tick = self.about.tick_ns.max(1);
        let mut lanes: HashMap<u32, Followed> = HashMap::new();
        let mut now: Ns = 0;
        for run in runs {
            let followed = lanes.entry(run.tid.0).or_default();
            followed.runs.push((now, followed.ticks, run.ticks));
            followed.ticks += run.ticks;
            now += run.ticks * tick;
        }
        self.end = now;
        for (i, lane) in self.lanes.iter_mut().enumerate() {
            let Some(followed) = lanes.get(&lane.tid) else { continue };
            let places = Places::of(lane, i as u32, &self.touches);
            let spans = followed.spans(lane, tick, &places);
            for mark in &mut lane.marks {
                mark.at = followed.time(mark.ticks, tick);
            }
            for touch in self.touches.iter_mut().filter(|t| t.lane == i as u32) {
                touch.at = followed.time(touch.ticks, tick);
            }
            lane.end = if lane.ended { followed.end(tick) } else { now };
            lane.ticks = followed.ticks;
            lane.spans = spans;
        }
        self.holds = super::build::holds(&self.lanes, &self.objects, now);
    }

    /// Marks accesses that conflict: of two threads, to one place, one of them a write, and neither thread was started after, or had
    /// ended before, what the other one did. (An end that nobody waited for orders nothing; here it does, so that what the main thread does
    /// after its joins is left out.)
    fn mark_conflicts(&mut self) {
        let lives: Vec<(Ns, Ns)> = self.lanes.iter().map(|l| (l.spans.first().map_or(0, |s| s.from), l.end)).collect();
        let mut parents: HashMap<u32, u32> = HashMap::new();
        for (i, lane) in self.lanes.iter().enumerate() {
            parents.extend(lane.marks.iter().filter(|m| m.kind == MarkKind::Start).map(|m| (m.arg, i as u32)));
        }
        let mut by_location: HashMap<u64, Vec<Touch>> = HashMap::new();
        for touch in &self.touches {
            by_location.entry(touch.location).or_default().push(*touch);
        }
        let life = |lane: u32| lives.get(lane as usize).copied().unwrap_or_default();
        let within = |at: Ns, lane: u32| life(lane).0 <= at && at <= life(lane).1;
        let unordered = |a: &Touch, b: &Touch| match (parents.get(&b.lane) == Some(&a.lane), parents.get(&a.lane) == Some(&b.lane)) {
            (true, _) => within(a.at, b.lane),
            (_, true) => within(b.at, a.lane),
            _ => life(a.lane).0 <= life(b.lane).1 && life(b.lane).0 <= life(a.lane).1,
        };
        let conflicts = |a: &Touch, b: &Touch| a.lane != b.lane && (a.write || b.write) && unordered(a, b);
        let mut steps: Vec<Touch> = Vec::new();
        for touches in by_location.into_values() {
            let lanes: HashSet<u32> = touches.iter().map(|t| t.lane).collect();
            if lanes.len() > 1 {
                steps.extend(touches.iter().filter(|a| touches.iter().any(|b| conflicts(a, b))));
            }
        }
        steps.sort_by_key(|t| (t.at, t.lane, t.ticks, t.write));
        steps.dedup_by_key(|t| (t.lane, t.ticks, t.location, t.write));
        for t in steps.into_iter().take(MOST_STEPS) {
            self.add_touch(&t);
        }
    }

    fn add_touch(&mut self, t: &Touch) {
        let (Some(lane), Some(file)) = (self.lanes.get(t.lane as usize), self.files.get(usize::from(t.file))) else { return };
        let line = file.text.as_ref().and_then(|text| text.lines().nth(t.line as usize - 1)).map_or("", str::trim);
        let text = format!("{} in `{line}`", if t.write { "writes" } else { "reads" });
        let (tid, name) = (Tid(lane.tid), file.name.clone());
        self.add_step_at(tid, t.at, t.ticks, &name, t.line, text);
    }
}

/// A thread's runs in a schedule.
#[derive(Default)]
struct Followed {
    /// When, after how many ticks, for how many.
    runs: Vec<(Ns, u64, u64)>,
    ticks: u64,
}

impl Followed {
    fn end(&self, tick: u64) -> Ns {
        self.runs.last().map_or(0, |(at, _, n)| at + n * tick)
    }
    /// When the thread ran its tick number `ticks`.
    fn time(&self, ticks: u64, tick: u64) -> Ns {
        let i = self.runs.partition_point(|r| r.1 < ticks).saturating_sub(1);
        self.runs.get(i).map_or(0, |(at, before, n)| at + ticks.saturating_sub(*before).min(*n) * tick)
    }
    /// Runs, and between them what the thread waited for: where it blocked at that tick, else for its turn.
    fn spans(&self, lane: &Lane, tick: u64, places: &Places) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        for (i, &(at, before, n)) in self.runs.iter().enumerate() {
            let (file, line) = places.at(before);
            let last = self.runs.get(i + 1);
            let blocked = lane.spans.iter().find(|s| s.ticks == before + n && !matches!(s.state, State::Run | State::Wait));
            let joined = spans.last().is_some_and(|s: &Span| s.state == State::Run);
            if n > 0 && !joined {
                spans.push(Span { from: at, ticks: before, state: State::Run, cause: CAUSE_END, file, line, object: NONE, kept: 0 });
            }
            let end = at + n * tick;
            if last.is_some_and(|next| next.0 == end) {
                continue;
            }
            let cause = match (blocked, last) {
                (Some(s), _) if s.state == State::Block => 2,
                (Some(_), _) => 1,
                (None, Some(_)) => 0,
                (None, None) => 3,
            };
            if let Some(run) = spans.last_mut().filter(|s| s.state == State::Run) {
                run.cause = cause;
            }
            if last.is_some() || !lane.ended {
                let (state, object) = blocked.map_or((State::Wait, NONE), |s| (s.state, s.object));
                let (file, line) = blocked.map_or(places.at(before + n), |s| (s.file, s.line));
                spans.push(Span { from: end, ticks: before + n, state, cause: CAUSE_END, file, line, object, kept: 0 });
            }
        }
        spans
    }
}

/// Where a thread was after how many ticks, as far as it was told.
struct Places(Vec<(u64, u16, u32)>);

impl Places {
    fn of(lane: &Lane, number: u32, touches: &[Touch]) -> Places {
        let mut all: Vec<(u64, u16, u32)> = lane.spans.iter().map(|s| (s.ticks, s.file, s.line)).collect();
        all.extend(lane.marks.iter().map(|m| (m.ticks, m.file, m.line)));
        all.extend(touches.iter().filter(|t| t.lane == number).map(|t| (t.ticks, t.file, t.line)));
        all.retain(|p| p.2 != 0);
        all.sort_unstable();
        Places(all)
    }
    /// The place that comes next.
    fn at(&self, ticks: u64) -> (u16, u32) {
        let i = self.0.partition_point(|p| p.0 <= ticks).min(self.0.len().saturating_sub(1));
        self.0.get(i).map_or((0, 0), |p| (p.1, p.2))
    }
}
