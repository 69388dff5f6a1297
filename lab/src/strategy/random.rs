//! `random`: at every scheduling point, each thread that can run is as likely as the others.
//!
//! A random walk: schedules with few scheduling points are likelier than those with many (see [`super::Surw`]), but every schedule of
//! a program that ends has a probability above 0, so in the long run all are met.

use gilbert_vm::strategy::{Rng, Strategy};
use gilbert_vm::world::{ChoicePoint, Tid};

/// See the module's page.
pub struct Random {
    rng: Rng,
}

impl Random {
    /// The walk of this seed.
    pub fn new(seed: u64) -> Random {
        Random { rng: Rng::new(seed, 11) }
    }
}

impl Strategy for Random {
    fn choose(&mut self, choices: &[Tid], _current: Option<Tid>, _why: ChoicePoint) -> usize {
        if choices.len() < 2 { 0 } else { self.rng.below(choices.len()) }
    }

    /// Every instruction is a scheduling point where the machine knows none better.
    fn preempt_after(&mut self, _tid: Tid, _interval: u32) -> u32 {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uniform_at_every_point() {
        let tids = [Tid(0), Tid(1), Tid(5)];
        let mut walk = Random::new(9);
        let mut counts = [0u32; 3];
        for _ in 0..9000 {
            counts[walk.choose(&tids, Some(Tid(1)), ChoicePoint::Slice)] += 1;
        }
        assert!(counts.iter().all(|&n| (2800..3200).contains(&n)), "{counts:?}");
    }
}
