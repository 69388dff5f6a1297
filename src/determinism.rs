//! `gilbert run --check-determinism`: the same simulated run twice, compared event by event.

use gilbert_lab::determinism::check;
use gilbert_lab::runner::{Keeping, Runner, Shared};
use gilbert_lab::target::{Machine, Target};

/// Runs twice and says what came out; the exit code: 1 where the runs differ.
pub fn main(target: Target, machine: Machine, seed: u64) -> i32 {
    crate::report::quiet_panics();
    let shared = Shared::new(target, machine, crate::run::library()).keeping(Keeping::No);
    match check(&Runner::new(shared), [seed, seed]) {
        Ok(events) => {
            println!("the same {events} events in both runs");
            0
        }
        Err(difference) => {
            println!("{difference}");
            1
        }
    }
}
