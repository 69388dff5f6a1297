//! What controlled runs have in common for all strategies: which of the machine's choices a strategy is shown, and a record of its answers.
//!
//! A wait with a time limit is over by its limit only where nobody else can go on, as in `explore`: so alarms are shown only when no
//! thread can run, and under their threads' numbers.

use gilbert_vm::strategy::{END_RUN, Strategy, whose_alarm};
use gilbert_vm::world::{ChoicePoint, Tid};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// A strategy at the points of a controlled run.
pub struct Points {
    inner: Box<dyn Strategy>,
    /// Who made each step, if that is wanted.
    steps: Option<Steps>,
    shown: Vec<Tid>,
    places: Vec<usize>,
    last: Option<Tid>,
}

/// The numbers, threads' or alarms', that were chosen at the points of a run.
pub type Steps = Arc<Mutex<Vec<u32>>>;

impl Points {
    /// Shows the points to `inner`.
    pub fn new(inner: Box<dyn Strategy>, steps: Option<Steps>) -> Points {
        Points { inner, steps, shown: Vec::new(), places: Vec::new(), last: None }
    }
}

impl Strategy for Points {
    fn choose(&mut self, choices: &[Tid], current: Option<Tid>, why: ChoicePoint) -> usize {
        // a thread that goes on and on between two points: those are where it could be told from others
        if let (ChoicePoint::Slice, Some(at)) = (why, self.last.and_then(|last| choices.iter().position(|t| *t == last))) {
            return at;
        }
        let alarms = choices.iter().filter(|t| whose_alarm(**t).is_some()).count();
        let chosen = match alarms {
            0 => self.inner.choose(choices, current, why),
            _ => {
                let all_alarms = alarms == choices.len();
                self.shown.clear();
                self.places.clear();
                for (at, tid) in choices.iter().enumerate().filter(|(_, t)| all_alarms || whose_alarm(**t).is_none()) {
                    self.shown.push(whose_alarm(*tid).unwrap_or(*tid));
                    self.places.push(at);
                }
                self.places[self.inner.choose(&self.shown, current, why).min(self.places.len() - 1)]
            }
        };
        self.last = Some(whose_alarm(choices[chosen]).unwrap_or(choices[chosen]));
        if let Some(steps) = self.steps.as_ref().filter(|_| why == ChoicePoint::Point)
            && let Ok(mut steps) = steps.lock()
        {
            steps.push(choices[chosen].0);
        }
        chosen
    }

    fn preempt_after(&mut self, tid: Tid, interval: u32) -> u32 {
        self.inner.preempt_after(tid, interval)
    }
}

/// Repeats the answers of a run, by the numbers that [`Points`] has noted.
pub struct Again {
    steps: Vec<u32>,
    next: usize,
    last: Option<Tid>,
    same: Arc<AtomicUsize>,
}

/// What [`Again::same`] holds when the run had another choice to make than the steps say.
const OTHER: usize = usize::MAX;

impl Again {
    /// Repeats these.
    pub fn new(steps: Vec<u32>) -> Again {
        Again { steps, next: 0, last: None, same: Arc::default() }
    }
    /// How many steps were made as they were before: after the run, whether that is all of them tells whether it was the same run.
    pub fn same(&self) -> Arc<AtomicUsize> {
        self.same.clone()
    }
}

/// Whether a run that repeated `steps` steps was the same.
pub fn was_same(same: &AtomicUsize, steps: usize) -> bool {
    same.load(Ordering::Relaxed) == steps
}

/// Whether it had another choice to make than the steps say.
pub fn has_diverged(same: &AtomicUsize) -> bool {
    same.load(Ordering::Relaxed) == OTHER
}

impl Strategy for Again {
    fn choose(&mut self, choices: &[Tid], _current: Option<Tid>, why: ChoicePoint) -> usize {
        let find = |tid: Tid| choices.iter().position(|t| *t == tid);
        if let (ChoicePoint::Slice, Some(at)) = (why, self.last.and_then(find)) {
            return at;
        }
        let Some(at) = self.steps.get(self.next).and_then(|n| find(Tid(*n))) else {
            self.same.store(OTHER, Ordering::Relaxed);
            return END_RUN;
        };
        self.next += 1;
        self.same.store(self.next, Ordering::Relaxed);
        self.last = Some(whose_alarm(choices[at]).unwrap_or(choices[at]));
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::Random;
    use gilbert_vm::strategy::alarm_of;

    #[test]
    fn a_limit_ends_a_wait_only_where_nobody_else_can_go_on() {
        let steps = Steps::default();
        let mut points = Points::new(Box::new(Random::new(4)), Some(steps.clone()));
        let (both, alarms) = ([Tid(1), Tid(2), alarm_of(Tid(3))], [alarm_of(Tid(3)), alarm_of(Tid(5))]);
        let chosen: Vec<usize> = (0..100).map(|_| points.choose(&both, None, ChoicePoint::Point)).collect();
        assert!(chosen.contains(&0) && chosen.contains(&1) && !chosen.contains(&2));
        let chosen: Vec<usize> = (0..100).map(|_| points.choose(&alarms, None, ChoicePoint::Point)).collect();
        assert!(chosen.contains(&0) && chosen.contains(&1));
        let steps = steps.lock().expect("a whole test");
        assert_eq!(steps.len(), 200);
        assert!(steps[..100].iter().all(|s| *s == 1 || *s == 2) && steps[100..].iter().all(|s| *s > 5));
    }
}
