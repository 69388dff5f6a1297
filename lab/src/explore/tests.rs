//! Explorers against enumeration.

use super::bounded::Bounded;
use super::dpor::{Counts, Dpor};
use super::toy::{End, Op, Toy, drive, random};
use std::collections::BTreeSet;

fn optimal(toy: &mut Toy) -> (Counts, BTreeSet<End>) {
    let (dpor, ends, _) = drive(toy, Dpor::new(), Dpor::begin, Dpor::finish);
    (dpor.counts(), ends)
}

fn counts(procs: Vec<Vec<Op>>) -> (u64, u64, u64) {
    let (c, _) = optimal(&mut Toy { procs, permits: 1 });
    (c.traces, c.blocked, c.surprises)
}

#[test]
fn known_numbers_of_traces() {
    let (r, w) = (|x| vec![Op::Read(x)], |x| vec![Op::Write(x, 1)]);
    assert_eq!(counts(vec![r(0), r(0), r(0)]), (1, 0, 0));
    assert_eq!(counts(vec![w(0), w(1), w(2)]), (1, 0, 0));
    assert_eq!(counts(vec![w(0), w(0)]), (2, 0, 0));
    assert_eq!(counts(vec![w(0), w(0), w(0)]), (6, 0, 0));
    // n readers of a written variable: each before or after
    assert_eq!(counts(vec![w(0), r(0), r(0), r(0)]), (8, 0, 0));
    // critical sections: their orders
    let section = || vec![Op::Acquire(0), Op::Read(0), Op::Write(0, 1), Op::Release(0)];
    assert_eq!(counts(vec![section(), section(), section()]), (6, 0, 0));
    // two increments: one after the other, or both read before either writes
    let increment = || vec![Op::Read(0), Op::Write(0, 1)];
    assert_eq!(counts(vec![increment(), increment()]), (4, 0, 0));
}

#[test]
fn a_lock_order_cycle_is_found() {
    let p = |a, b| vec![Op::Acquire(a), Op::Acquire(b), Op::Release(b), Op::Release(a)];
    let (c, ends) = optimal(&mut Toy { procs: vec![p(0, 1), p(1, 0)], permits: 1 });
    assert_eq!((c.traces, c.blocked, c.surprises), (3, 0, 0));
    assert_eq!(ends.iter().filter(|e| !e.1.is_empty()).count(), 1);
}

#[test]
fn the_optimal_explorer_agrees_with_enumeration() {
    let mut compared = 0;
    for seed in 0..400 {
        let mut toy = random(seed);
        let Some((traces, ends)) = toy.enumerate(4_000) else { continue };
        let (c, found) = optimal(&mut toy);
        assert_eq!(found, ends, "seed {seed}: {toy:?} {c:?} of {}", traces.len());
        assert_eq!((c.traces, c.blocked, c.surprises), (traces.len() as u64, 0, 0), "seed {seed}: {toy:?}");
        compared += 1;
    }
    assert!(compared > 150, "{compared}");
}

/// What a search with so many preemptions finds: how runs end, and whether the bound left something out.
fn bounded(toy: &mut Toy, bound: u32) -> (BTreeSet<End>, bool) {
    let (b, _, _) = drive(toy, Bounded::new(bound), Bounded::begin, Bounded::finish);
    let left_out = b.left_out;
    let mut kept = BTreeSet::new();
    let shared = std::sync::Arc::new(parking_lot::Mutex::new(Bounded::new(bound)));
    loop {
        shared.lock().begin();
        let end = super::program::Program::run(toy, shared.clone());
        let before = shared.lock().finals.len();
        let more = shared.lock().finish();
        if shared.lock().finals.len() > before {
            kept.insert(end);
        }
        if !more {
            return (kept, left_out);
        }
    }
}

#[test]
fn a_bound_that_leaves_nothing_out_finds_all_ends() {
    for seed in 0..150 {
        let mut toy = random(seed);
        let Some((_, ends)) = toy.enumerate(2_000) else { continue };
        let (found, left_out) = bounded(&mut toy, 100);
        assert_eq!((found, left_out), (ends, false), "seed {seed}: {toy:?}");
    }
}

#[test]
fn a_lost_update_needs_one_preemption() {
    let increment = || vec![Op::Read(0), Op::Write(0, 1)];
    let mut toy = Toy { procs: vec![increment(), increment()], permits: 1 };
    let finals = |ends: BTreeSet<End>| ends.into_iter().filter_map(|e| e.0.get(&0).copied()).collect::<BTreeSet<i64>>();
    assert_eq!(finals(bounded(&mut toy, 0).0), BTreeSet::from([2]));
    assert_eq!(finals(bounded(&mut toy, 1).0), BTreeSet::from([1, 2]));
}
