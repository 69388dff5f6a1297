//! What controlled runs have in common for all strategies: which of the machine's choices a strategy is shown, and a record of its answers.
//!
//! A wait with a time limit is over by its limit only where nobody else can go on, as in `explore`: so alarms are shown only when no
//! thread can run, and under their threads' numbers.

use gilbert_vm::strategy::{Strategy, whose_alarm};
use gilbert_vm::world::{ChoicePoint, Tid};
use std::sync::{Arc, Mutex};

/// A strategy at the points of a controlled run.
pub struct Points {
    inner: Box<dyn Strategy>,
    /// Who made each step, if that is wanted.
    steps: Option<Steps>,
    shown: Vec<Tid>,
    places: Vec<usize>,
}

/// The numbers, threads' or alarms', that were chosen at the points of a run.
pub type Steps = Arc<Mutex<Vec<u32>>>;

impl Points {
    /// Shows the points to `inner`.
    pub fn new(inner: Box<dyn Strategy>, steps: Option<Steps>) -> Points {
        Points { inner, steps, shown: Vec::new(), places: Vec::new() }
    }
}

impl Strategy for Points {
    fn choose(&mut self, choices: &[Tid], current: Option<Tid>, why: ChoicePoint) -> usize {
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
