//! `surw`: the uniform random walk of Zhao, Xu, Yuan, Cao and others, "Selectively Uniform Concurrency Testing" (ASPLOS 2025).
//!
//! Each thread is chosen in proportion to the steps that it still has to take, those of the threads it will start included. Where the counts
//! are right and threads only step, every interleaving is as likely as every other: of all orders of what is left, the share that
//! begins with a thread is its share of the steps. The counts come from a few profiling runs. What is "selected" here are the scheduling
//! points themselves: the machine asks at no others.

use super::Profile;
use gilbert_vm::strategy::{Rng, Strategy};
use gilbert_vm::world::{ChoicePoint, Tid};

/// See the module's page.
pub struct Surw {
    rng: Rng,
    /// Steps that each thread is expected to take still.
    left: Vec<u64>,
    seen: Vec<bool>,
}

impl Surw {
    /// The walk of this seed through a program of this profile.
    pub fn new(seed: u64, profile: &Profile) -> Surw {
        let left = profile.each().to_vec();
        let seen = vec![false; left.len()];
        Surw { rng: Rng::new(seed, 13), left, seen }
    }

    fn note(&mut self, tid: Tid) {
        let at = tid.0 as usize;
        if self.left.len() <= at {
            self.left.resize(at + 1, 0);
            self.seen.resize(at + 1, false);
        }
        self.seen[at] = true;
    }

    /// A thread's weight; the main thread's has those of all that have not been started. A thread that outlives its count keeps 1.
    fn weight(&self, tid: Tid) -> u64 {
        let own = self.left[tid.0 as usize];
        let unborn: u64 = match tid {
            Tid::MAIN => self.left.iter().zip(&self.seen).filter(|(_, seen)| !**seen).map(|(left, _)| left).sum(),
            _ => 0,
        };
        (own + unborn).max(1)
    }
}

impl Strategy for Surw {
    fn choose(&mut self, choices: &[Tid], _current: Option<Tid>, _why: ChoicePoint) -> usize {
        choices.iter().for_each(|tid| self.note(*tid));
        let weights: Vec<u64> = choices.iter().map(|tid| self.weight(*tid)).collect();
        let total: u64 = weights.iter().sum();
        let mut drawn = self.rng.below(usize::try_from(total).unwrap_or(usize::MAX)) as u64;
        let at = weights.iter().position(|&w| match drawn.checked_sub(w) {
            Some(rest) => {
                drawn = rest;
                false
            }
            None => true,
        });
        let at = at.unwrap_or(0);
        let left = &mut self.left[choices[at].0 as usize];
        *left = left.saturating_sub(1);
        at
    }

    /// Every instruction is a scheduling point where the machine knows none better.
    fn preempt_after(&mut self, _tid: Tid, _interval: u32) -> u32 {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn every_interleaving_is_as_likely() {
        // threads of 2, 2 and 1 steps: 5! / (2! 2! 1!) = 30 interleavings
        let lengths = [2u64, 2, 1];
        let runs = 30_000u64;
        let mut counts: HashMap<Vec<u32>, u64> = HashMap::new();
        for seed in 0..runs {
            let mut left = lengths;
            let mut walk = Surw::new(seed, &Profile::of(&lengths));
            let mut steps = Vec::new();
            while left.iter().any(|&n| n > 0) {
                let choices: Vec<Tid> = (0..3).filter(|&i| left[i] > 0).map(|i| Tid(i as u32)).collect();
                let tid = choices[walk.choose(&choices, None, ChoicePoint::Slice)];
                left[tid.0 as usize] -= 1;
                steps.push(tid.0);
            }
            *counts.entry(steps).or_default() += 1;
        }
        assert_eq!(counts.len(), 30);
        let expected = runs as f64 / 30.0;
        let chi: f64 = counts.values().map(|&n| (n as f64 - expected).powi(2) / expected).sum();
        // 29 degrees of freedom: above 58.3 once in a thousand
        assert!(chi < 58.3, "{chi}");
    }

    #[test]
    fn threads_that_nobody_counted_get_their_turn() {
        let mut walk = Surw::new(1, &Profile::default());
        let tids = [Tid(0), Tid(7)];
        let picks: Vec<usize> = (0..50).map(|_| walk.choose(&tids, None, ChoicePoint::Slice)).collect();
        assert!(picks.contains(&0) && picks.contains(&1));
    }
}
