//! `preempting`: no preemption but those that are listed. For schedules that are values: generated, shrunk, compared.
//!
//! Time is counted in ticks of all threads since a second one first ran. A thread runs until it blocks or a preemption is due; then another
//! one goes on, by its place among those that can. Where a thread blocks, the newest goes on: so a main thread that polls for its workers'
//! end with `sleep` lets them work, and a thread just started runs before the one that was preempted. So the fewer preemptions, the simpler the schedule; none is the simplest.

use gilbert_vm::strategy::Strategy;
use gilbert_vm::world::{ChoicePoint, Tid};

/// Longest stretch between two looks, in ticks.
const FOREVER: u32 = 1 << 30;

/// Another thread goes on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Preemption {
    /// When: ticks of all threads since a second one first ran.
    pub at: u32,
    /// Which of the others, by number, modulo how many there are.
    pub to: u8,
}

/// See the module's page.
pub struct Preempting {
    /// The next one last.
    rest: Vec<Preemption>,
    /// Ticks since a second thread ran; `None` before.
    now: Option<u64>,
}

impl Preempting {
    /// Exactly these preemptions, in any order.
    pub fn new(mut preemptions: Vec<Preemption>) -> Preempting {
        preemptions.sort_unstable_by(|a, b| b.cmp(a));
        Preempting { rest: preemptions, now: None }
    }

    /// The preemption that is due now.
    fn take_due(&mut self) -> Option<Preemption> {
        let now = self.now?;
        self.rest.pop_if(|p| u64::from(p.at) <= now)
    }
}

impl Strategy for Preempting {
    fn choose(&mut self, choices: &[Tid], current: Option<Tid>, _why: ChoicePoint) -> usize {
        let find = |tid: Tid| choices.iter().position(|t| *t == tid);
        let Some(here) = current.and_then(find) else { return choices.len() - 1 };
        match self.take_due() {
            Some(p) if choices.len() > 1 => (here + 1 + usize::from(p.to) % (choices.len() - 1)) % choices.len(),
            _ => here,
        }
    }

    fn preempt_after(&mut self, tid: Tid, _interval: u32) -> u32 {
        if self.now.is_none() && tid != Tid::MAIN {
            self.now = Some(0);
        }
        let (Some(now), Some(next)) = (self.now, self.rest.last()) else { return FOREVER };
        u32::try_from(u64::from(next.at).saturating_sub(now)).unwrap_or(FOREVER).clamp(1, FOREVER)
    }

    fn ran(&mut self, _tid: Tid, ticks: u32) {
        if let Some(now) = &mut self.now {
            *now += u64::from(ticks);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preempts_where_it_is_told_and_nowhere_else() {
        let all = [Tid(0), Tid(1), Tid(2)];
        let mut s = Preempting::new(vec![Preemption { at: 10, to: 1 }, Preemption { at: 4, to: 0 }]);
        assert_eq!(s.preempt_after(Tid(0), 100), FOREVER);
        s.ran(Tid(0), 50);
        assert_eq!(s.preempt_after(Tid(1), 100), 4);
        s.ran(Tid(1), 3);
        assert_eq!(s.choose(&all, Some(Tid(1)), ChoicePoint::Slice), 1);
        assert_eq!(s.preempt_after(Tid(1), 100), 1);
        s.ran(Tid(1), 1);
        assert_eq!(s.choose(&all, Some(Tid(1)), ChoicePoint::Slice), 2);
        s.ran(Tid(2), 6);
        assert_eq!(s.choose(&all, Some(Tid(2)), ChoicePoint::Slice), 1);
        assert_eq!(s.preempt_after(Tid(1), 100), FOREVER);
        assert_eq!(s.choose(&all, None, ChoicePoint::Slice), 2);
    }
}
