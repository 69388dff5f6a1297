//! One given schedule again: a driver for replays and stories.

use super::program::{Access, Driver, Proc, Step};

/// Follows a list of choices; behind its end, or where a choice cannot be made, goes on with whoever ran.
#[derive(Default)]
pub struct Fixed {
    schedule: Vec<Proc>,
    at: usize,
    /// A choice could not be made.
    pub diverged: bool,
    /// The steps, with who was enabled.
    pub steps: Vec<(Step, Vec<Proc>)>,
}

impl Fixed {
    /// This schedule.
    pub fn new(schedule: Vec<Proc>) -> Fixed {
        Fixed { schedule, ..Fixed::default() }
    }

    /// How many of its switches took the processor from a thread that could have gone on.
    pub fn preemptions(&self) -> u32 {
        let threads: Vec<_> = self.steps.iter().filter(|s| s.0.proc >> 31 == 0).collect();
        threads.windows(2).filter(|w| w[0].0.proc != w[1].0.proc && w[1].1.contains(&w[0].0.proc)).count() as u32
    }
}

impl Driver for Fixed {
    fn choose(&mut self, enabled: &[Proc], current: Option<Proc>) -> Option<Proc> {
        let wanted = self.schedule.get(self.at).copied();
        self.at += 1;
        let proc = match wanted.filter(|p| enabled.contains(p)) {
            Some(p) => p,
            None => {
                self.diverged |= wanted.is_some();
                current.filter(|c| enabled.contains(c)).or(enabled.first().copied())?
            }
        };
        self.steps.push((Step { proc, accesses: Vec::new() }, enabled.to_vec()));
        Some(proc)
    }

    fn access(&mut self, access: Access) {
        if let Some((step, _)) = self.steps.last_mut() {
            step.accesses.push(access);
        }
    }

    fn left_waiting(&mut self, _: Step) {}
}
