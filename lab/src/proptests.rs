//! Schedules as values of property tests: a [`proptest`] strategy that shrinks to the fewest preemptions.

use crate::strategy::{Preempting, Preemption};
use proptest::prelude::Rng;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;

/// A schedule that says where threads are preempted. The empty one lets each run until it blocks.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Schedule {
    /// The preemptions, in order.
    pub preemptions: Vec<Preemption>,
}

impl Schedule {
    /// The strategy that follows it; for [`gilbert_vm::world::sim::Order::Strategy`].
    pub fn strategy(&self) -> Box<dyn gilbert_vm::strategy::Strategy> {
        Box::new(Preempting::new(self.preemptions.clone()))
    }
}

/// Schedules of at most `most` preemptions within `ticks` ticks of the first second thread.
///
/// A failing one shrinks in two ways: preemptions are taken away as long as it still fails; then all schedules with fewer are tried, the
/// empty one first, then each with one preemption from the earliest tick on, and so on, as long as there are not more than [`TRIALS`]
/// of a size. So the result has the fewest preemptions that fail, and of one preemption the earliest. Proptest gives up after
/// `max_shrink_iters` steps, unless set otherwise four times the number of cases.
pub fn schedules(most: usize, ticks: u32) -> Schedules {
    Schedules { most, ticks: ticks.max(1) }
}

/// Schedules of one size that are tried at most in shrinking.
pub const TRIALS: u64 = 20_000;
/// Whom a preemption lets go on: the first, second .. of the others.
const OTHERS: u8 = 4;

/// See [`schedules`].
#[derive(Clone, Debug)]
pub struct Schedules {
    most: usize,
    ticks: u32,
}

impl Strategy for Schedules {
    type Tree = Shrinking;
    type Value = Schedule;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let rng = runner.rng();
        let mut below = |n: u64| rng.next_u64() % n;
        let count = below(self.most as u64 + 1);
        let mut preemptions: Vec<Preemption> =
            (0..count).map(|_| Preemption { at: below(u64::from(self.ticks)) as u32, to: below(u64::from(OTHERS)) as u8 }).collect();
        preemptions.sort_unstable();
        Ok(Shrinking { best: preemptions, trial: None, next: Next::Without(0), ticks: self.ticks })
    }
}

/// What is tried next.
#[derive(Clone, Debug)]
enum Next {
    /// The best one without its n-th preemption.
    Without(usize),
    /// The n-th of all schedules of a size.
    Of(usize, u64),
    Nothing,
}

/// A schedule that shrinks.
#[derive(Clone, Debug)]
pub struct Shrinking {
    /// It fails, or nobody has tried yet.
    best: Vec<Preemption>,
    trial: Option<Vec<Preemption>>,
    next: Next,
    ticks: u32,
}

impl Shrinking {
    /// Puts the next one up; false where there is none.
    fn advance(&mut self) -> bool {
        loop {
            match self.next {
                Next::Nothing => {
                    self.trial = None;
                    return false;
                }
                Next::Without(n) if n < self.best.len() => {
                    let mut fewer = self.best.clone();
                    fewer.remove(n);
                    self.trial = Some(fewer);
                    self.next = Next::Without(n + 1);
                    return true;
                }
                Next::Without(_) => self.next = Next::Of(0, 0),
                // of the same size only single ones, for the earliest
                Next::Of(size, _) if size >= self.best.len() && size != 1 || size > self.best.len() => self.next = Next::Nothing,
                Next::Of(size, n) => {
                    let places = u64::from(self.ticks) * u64::from(OTHERS);
                    let all = places.checked_pow(size as u32).unwrap_or(u64::MAX);
                    if all > TRIALS || n >= all {
                        self.next = Next::Of(size + 1, 0);
                        continue;
                    }
                    self.next = Next::Of(size, n + 1);
                    let trial = of_number(n, size, places);
                    // each set once, and not the best one again
                    if trial.is_sorted() && trial != self.best {
                        self.trial = Some(trial);
                        return true;
                    }
                }
            }
        }
    }
}

/// The n-th schedule of so many preemptions.
fn of_number(mut n: u64, size: usize, places: u64) -> Vec<Preemption> {
    let mut out = vec![Preemption { at: 0, to: 0 }; size];
    for preemption in out.iter_mut().rev() {
        let place = n % places;
        n /= places;
        *preemption = Preemption { at: (place / u64::from(OTHERS)) as u32, to: (place % u64::from(OTHERS)) as u8 };
    }
    out
}

impl ValueTree for Shrinking {
    type Value = Schedule;

    fn current(&self) -> Schedule {
        Schedule { preemptions: self.trial.as_ref().unwrap_or(&self.best).clone() }
    }
    /// The current one fails.
    fn simplify(&mut self) -> bool {
        if let Some(fails) = self.trial.take() {
            self.next = match self.next {
                Next::Of(..) => Next::Nothing,
                _ => Next::Without(0),
            };
            self.best = fails;
        }
        self.advance()
    }
    /// The current one does not fail.
    fn complicate(&mut self) -> bool {
        self.advance()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a schedule shrinks to, if those fail that `fails` says.
    fn shrunken(start: &[(u32, u8)], ticks: u32, fails: impl Fn(&[Preemption]) -> bool) -> Vec<Preemption> {
        let best = start.iter().map(|&(at, to)| Preemption { at, to }).collect();
        let mut tree = Shrinking { best, trial: None, next: Next::Without(0), ticks };
        let mut last = tree.current().preemptions;
        assert!(fails(&last));
        let mut more = tree.simplify();
        while more {
            let now = tree.current().preemptions;
            more = if fails(&now) {
                last = now;
                tree.simplify()
            } else {
                tree.complicate()
            };
        }
        last
    }

    #[test]
    fn a_local_minimum_is_left_behind() {
        // two that only together fail, and one elsewhere that fails alone
        let pair = |s: &[Preemption]| s.iter().any(|p| p.at == 3) && s.iter().any(|p| p.at == 9);
        let alone = |s: &[Preemption]| s.len() == 1 && (s[0].at == 17 || s[0].at == 15) && s[0].to == 1;
        let found = shrunken(&[(3, 0), (5, 2), (9, 1)], 20, |s| pair(s) || alone(s));
        assert_eq!(found, [Preemption { at: 15, to: 1 }]);
        // two are the fewest where none fails alone
        assert_eq!(shrunken(&[(3, 0), (5, 2), (9, 1)], 20, pair).len(), 2);
        assert_eq!(shrunken(&[(3, 0)], 20, |_| true), []);
    }

    #[test]
    fn three_shrink_to_a_pair_that_shares_nothing_with_them() {
        let three = |s: &[Preemption]| [1, 2, 3].iter().all(|n| s.iter().any(|p| p.at == *n));
        let two = |s: &[Preemption]| s.len() == 2 && s[0].at == 7 && s[1].at == 8;
        assert_eq!(shrunken(&[(1, 0), (2, 0), (3, 0)], 10, |s| three(s) || two(s)).len(), 2);
    }
}
