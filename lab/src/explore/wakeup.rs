//! Wakeup trees (Abdulla, Aronis, Jonsson, Sagonas, "Optimal Dynamic Partial Order Reduction", POPL 2014; "Source Sets", JACM 2017).
//!
//! A wakeup tree at a state holds the sequences of steps that are still to be explored from there, so arranged that none of them leads
//! to a run that is equivalent to another one.

use super::program::{Proc, Step};

/// A branch: a step and what follows it.
#[derive(Clone, Debug)]
pub struct Branch {
    /// The step, as it was seen in the run in which the race was found.
    pub step: Step,
    /// What follows; empty: anything.
    pub next: Tree,
}

/// Branches in the order in which they are explored.
#[derive(Clone, Debug, Default)]
pub struct Tree(pub Vec<Branch>);

/// Whether `q` is a *weak initial* of the sequence: it can be its first step, or is independent of all of it.
///
/// `step` is what `q` does next where it does not occur in the sequence.
pub fn is_weak_initial(step: &Step, sequence: &[Step]) -> bool {
    match sequence.iter().position(|s| s.proc == step.proc) {
        Some(at) => first_in(at, sequence),
        None => sequence.iter().all(|s| !s.conflicts(step)),
    }
}

/// Whether nothing before the step at `at` must come before it.
fn first_in(at: usize, sequence: &[Step]) -> bool {
    // before an earlier one that must come before it there is one in conflict with that: a direct conflict is among them
    sequence[..at].iter().all(|s| !s.conflicts(&sequence[at]))
}

impl Tree {
    /// Adds a sequence, unless what is there covers it already. False: it does.
    pub fn insert(&mut self, mut sequence: Vec<Step>) -> bool {
        let mut tree = self;
        loop {
            if sequence.is_empty() {
                return false;
            }
            let found = tree.0.iter().position(|b| is_weak_initial(&b.step, &sequence));
            let Some(at) = found else {
                tree.0.push(chain(sequence));
                return true;
            };
            let proc: Proc = tree.0[at].step.proc;
            if let Some(own) = sequence.iter().position(|s| s.proc == proc) {
                sequence.remove(own);
            }
            if tree.0[at].next.0.is_empty() {
                return false;
            }
            tree = &mut tree.0[at].next;
        }
    }
}

fn chain(sequence: Vec<Step>) -> Branch {
    let mut steps = sequence.into_iter().rev();
    let last = steps.next().expect("a sequence that is not empty");
    steps.fold(Branch { step: last, next: Tree::default() }, |branch, step| Branch { step, next: Tree(vec![branch]) })
}
