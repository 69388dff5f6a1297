//! `replay`: a schedule again, thread by thread and tick by tick.
//!
//! A schedule says who ran for how many ticks. Its end may be missing: from there on each thread runs until it blocks, the lowest number
//! first. Where the program does not do what the schedule says (another program, another version) the replay goes on as well as it can and
//! says so.

use gilbert_vm::strategy::Strategy;
use gilbert_vm::world::sim::Run;
use gilbert_vm::world::{ChoicePoint, Tid};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Longest stretch between two looks at the schedule, in ticks.
const FOREVER: u32 = 1 << 30;

/// See the module's page.
pub struct Replay {
    runs: Vec<Run>,
    /// The run that is under way, and what it has left.
    at: usize,
    left: u64,
    diverged: Arc<AtomicBool>,
}

impl Replay {
    /// Repeats these runs.
    pub fn new(runs: Vec<Run>) -> Replay {
        let left = runs.first().map_or(0, |run| run.ticks);
        Replay { runs, at: 0, left, diverged: Arc::default() }
    }

    /// Becomes true when the program does something else than the schedule says.
    pub fn diverged(&self) -> Arc<AtomicBool> {
        self.diverged.clone()
    }

    fn next_run(&mut self) {
        self.at += 1;
        self.left = self.runs.get(self.at).map_or(0, |run| run.ticks);
    }

    /// Skips what is used up.
    fn settle(&mut self) -> Option<Tid> {
        while self.left == 0 && self.at < self.runs.len() {
            self.next_run();
        }
        self.runs.get(self.at).map(|run| run.tid)
    }
}

impl Strategy for Replay {
    fn choose(&mut self, choices: &[Tid], current: Option<Tid>, _why: ChoicePoint) -> usize {
        let find = |tid: Tid| choices.iter().position(|t| *t == tid);
        let Some(wanted) = self.settle() else {
            return current.and_then(find).unwrap_or(0);
        };
        if let Some(at) = find(wanted) {
            return at;
        }
        self.diverged.store(true, Ordering::Relaxed);
        let later = self.runs[self.at..].iter().position(|run| find(run.tid).is_some());
        let Some(skip) = later else { return current.and_then(find).unwrap_or(0) };
        (0..skip).for_each(|_| self.next_run());
        find(self.runs[self.at].tid).unwrap_or(0)
    }

    fn preempt_after(&mut self, tid: Tid, _interval: u32) -> u32 {
        match self.settle() {
            Some(wanted) if wanted == tid => u32::try_from(self.left).unwrap_or(FOREVER).min(FOREVER),
            // nobody else can run
            Some(_) => 1,
            None => FOREVER,
        }
    }

    fn ran(&mut self, tid: Tid, ticks: u32) {
        let mut ticks = u64::from(ticks);
        while ticks > 0 && self.settle() == Some(tid) {
            let now = ticks.min(self.left);
            self.left -= now;
            ticks -= now;
        }
        if ticks > 0 && self.at < self.runs.len() {
            self.diverged.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schedule_is_followed_to_the_tick() {
        let run = |tid, ticks| Run { tid: Tid(tid), ticks };
        let mut replay = Replay::new(vec![run(0, 5), run(1, 2), run(0, 1)]);
        let both = [Tid(0), Tid(1)];
        assert_eq!(replay.preempt_after(Tid(0), 100), 5);
        replay.ran(Tid(0), 3);
        assert_eq!(replay.preempt_after(Tid(0), 100), 2);
        replay.ran(Tid(0), 2);
        assert_eq!(replay.choose(&both, Some(Tid(0)), ChoicePoint::Slice), 1);
        replay.ran(Tid(1), 2);
        assert_eq!(replay.choose(&both, Some(Tid(1)), ChoicePoint::Slice), 0);
        replay.ran(Tid(0), 1);
        assert_eq!(replay.choose(&both, Some(Tid(0)), ChoicePoint::Slice), 0);
        assert!(!replay.diverged().load(Ordering::Relaxed));
    }

    #[test]
    fn what_does_not_fit_is_noticed() {
        let mut replay = Replay::new(vec![Run { tid: Tid(3), ticks: 5 }, Run { tid: Tid(1), ticks: 5 }]);
        assert_eq!(replay.choose(&[Tid(0), Tid(1)], None, ChoicePoint::Slice), 1);
        assert!(replay.diverged().load(Ordering::Relaxed));
    }
}
