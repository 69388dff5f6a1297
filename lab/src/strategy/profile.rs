//! What is known of a program's length before the search: how many steps each thread takes. Measured on a few runs.

use super::Random;
use gilbert_vm::strategy::Strategy;
use gilbert_vm::world::{ChoicePoint, Tid};
use std::sync::{Arc, Mutex};

/// The most steps that any profiling run saw, by thread.
#[derive(Clone, Default, Debug, PartialEq, Eq)]
pub struct Profile {
    steps: Vec<u64>,
    /// Steps of all threads at which another one could have gone on.
    contested: u64,
}

impl Profile {
    /// A profile of threads that take so many steps each, by number.
    pub fn of(steps: &[u64]) -> Profile {
        Profile { steps: steps.to_vec(), contested: steps.iter().sum() }
    }

    /// Steps of all threads.
    pub fn steps(&self) -> u64 {
        self.steps.iter().sum()
    }

    /// Steps of all threads at which another one could have gone on.
    pub fn contested(&self) -> u64 {
        self.contested
    }

    /// Steps of each thread, by number.
    pub fn each(&self) -> &[u64] {
        &self.steps
    }

    /// How many threads took steps where others could have.
    pub fn threads(&self) -> usize {
        self.steps.iter().filter(|&&n| n > 0).count()
    }

    fn step(&mut self, tid: Tid, alone: bool) {
        self.contested += u64::from(!alone);
        let at = tid.0 as usize;
        if self.steps.len() <= at {
            self.steps.resize(at + 1, 0);
        }
        self.steps[at] += 1;
    }

    /// Takes the larger of both, thread by thread.
    pub fn join(&mut self, other: &Profile) {
        self.contested = self.contested.max(other.contested);
        if self.steps.len() < other.steps.len() {
            self.steps.resize(other.steps.len(), 0);
        }
        for (mine, theirs) in self.steps.iter_mut().zip(&other.steps) {
            *mine = (*mine).max(*theirs);
        }
    }
}

/// A random walk that counts.
pub struct Profiler {
    walk: Random,
    seen: Arc<Mutex<Profile>>,
}

impl Profiler {
    /// The walk of this seed, and where its counts will be.
    pub fn new(seed: u64) -> (Profiler, Arc<Mutex<Profile>>) {
        let seen = Arc::new(Mutex::new(Profile::default()));
        (Profiler { walk: Random::new(seed), seen: seen.clone() }, seen)
    }
}

impl Strategy for Profiler {
    fn choose(&mut self, choices: &[Tid], current: Option<Tid>, why: ChoicePoint) -> usize {
        let at = self.walk.choose(choices, current, why);
        if let Ok(mut seen) = self.seen.lock() {
            seen.step(choices[at], choices.len() == 1);
        }
        at
    }

    fn preempt_after(&mut self, tid: Tid, interval: u32) -> u32 {
        self.walk.preempt_after(tid, interval)
    }
}
