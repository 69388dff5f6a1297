//! The steps of a counterexample, as marks in a timeline.

use super::{Mark, MarkKind, Trace};
use gilbert_vm::world::{Ns, Tid};

/// A step of a counterexample that conflicts with another thread's.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The thread's name.
    pub thread: String,
    /// Its lane.
    pub lane: u32,
    /// When, ns of the timeline.
    pub at: Ns,
    /// `race.py:12`
    pub place: String,
    /// What it does: `reads count: 4`.
    pub text: String,
}

impl Trace {
    /// Marks a step: by which thread, after how many of its ticks, at which line of which file.
    pub fn add_step(&mut self, tid: Tid, ticks: u64, file: &str, line: u32, text: String) {
        let Some(lane) = self.lane_of(tid) else { return };
        let at = time_of_tick(&self.lanes[lane], ticks);
        self.add_step_at(tid, at, ticks, file, line, text);
    }
    /// The same, where it is known when.
    pub(super) fn add_step_at(&mut self, tid: Tid, at: Ns, ticks: u64, file: &str, line: u32, text: String) {
        let Some(lane) = self.lane_of(tid) else { return };
        let number = self.steps.len() as u32 + 1;
        let file_index = self.files.iter().position(|f| f.name == file).unwrap_or(0) as u16;
        let l = &mut self.lanes[lane];
        let mark = Mark { at, ticks, kind: MarkKind::Step, arg: number, file: file_index, line };
        let index = l.marks.partition_point(|m| m.at <= at);
        l.marks.insert(index, mark);
        let place = format!("{}:{line}", super::html::short_name(file));
        self.steps.push(Step { thread: l.name.clone(), lane: lane as u32, at, place, text });
    }
}

/// When a thread ran its tick number `ticks`.
fn time_of_tick(lane: &super::Lane, ticks: u64) -> Ns {
    let i = lane.spans.partition_point(|s| s.ticks <= ticks).saturating_sub(1);
    let Some(span) = lane.spans.get(i) else { return lane.end };
    let (end, after) = (lane.end_of(i), lane.ticks_after(i));
    let (long, run) = (end - span.from, after - span.ticks);
    if run == 0 { span.from } else { span.from + (long as u128 * u128::from(ticks - span.ticks) / u128::from(run)) as Ns }
}
