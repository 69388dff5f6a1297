//! Lock orders that could deadlock, also where none did: Goodlock (Havelund, "Using runtime analysis to guide model checking of Java
//! programs", SPIN 2000), with gate locks and happens-before (Bensalem & Havelund, "Dynamic deadlock analysis of multi-threaded
//! programs", HVC 2005).
//!
//! An edge says that a thread waited for one lock while it held another. A cycle of edges is reported where its threads differ, no lock
//! is held at all of them (a gate, which lets only one in), and none of them is ordered by start, join, events, queues or barriers. Locks
//! themselves order nothing here: the run at hand took them one after another, another run need not. Acquisitions that give up
//! (`blocking=False`, `timeout=`) wait for nothing and close no cycle.

use super::clock::{Clock, Epoch};
use super::place::{At, StackId};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// A lock that a thread holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Holding {
    /// Which.
    pub lock: u64,
    /// Where it was acquired.
    pub stack: StackId,
    /// When, by the world's clock, ns.
    pub since: u64,
}

struct Edge {
    thread: u32,
    held: Holding,
    taken: Holding,
    gates: BTreeSet<u64>,
    at: Epoch,
    clock: Arc<Clock>,
}

/// One thread's part of a cycle.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// The thread's number and name.
    pub thread: String,
    /// The lock that it held, and where it acquired it.
    pub holds: (String, Vec<At>),
    /// The one that it acquired then, and where.
    pub takes: (String, Vec<At>),
}

/// Locks that are acquired in different orders.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inversion {
    /// Who holds what and takes what, around the cycle.
    pub steps: Vec<Step>,
    /// In how many runs.
    pub count: u64,
}

/// Cycles by the places of their acquisitions.
pub type Inversions = BTreeMap<Vec<(At, At)>, Inversion>;

/// Edges that are kept at most.
const MOST: usize = 20_000;
/// Locks in a cycle at most.
const LONGEST: usize = 5;
/// Steps of the search for cycles at most.
const PATIENCE: usize = 2_000_000;

/// The graph of lock orders.
#[derive(Default)]
pub struct Orders {
    edges: Vec<Edge>,
    known: HashSet<(u32, u32, u64, u64, StackId, StackId)>,
}

/// What tells of threads, locks and places in words.
pub struct Words<'a> {
    /// A stack's calls.
    pub stack: &'a dyn Fn(StackId) -> Vec<At>,
    /// A thread's number and name.
    pub thread: &'a dyn Fn(u32) -> String,
    /// A lock's.
    pub lock: &'a dyn Fn(u64) -> String,
}

impl Orders {
    /// A thread that holds these locks has waited for another and has it now. `clock` without the order that locks make.
    pub fn acquired(&mut self, at: Epoch, clock: &Arc<Clock>, holds: &[Holding], taken: Holding) {
        for held in holds {
            let key = (at.thread, at.time, held.lock, taken.lock, held.stack, taken.stack);
            if held.lock == taken.lock || self.edges.len() >= MOST || !self.known.insert(key) {
                continue;
            }
            let gates = holds.iter().map(|h| h.lock).collect();
            self.edges.push(Edge { thread: at.thread, held: *held, taken, gates, at, clock: clock.clone() });
        }
    }

    /// The cycles.
    pub fn inversions(&self, words: &Words) -> Inversions {
        let mut from: HashMap<u64, Vec<usize>> = HashMap::new();
        for (i, edge) in self.edges.iter().enumerate() {
            from.entry(edge.held.lock).or_default().push(i);
        }
        let mut found = Inversions::new();
        let mut steps = 0;
        for first in 0..self.edges.len() {
            self.search(&mut vec![first], &from, &mut steps, &mut |cycle| self.tell(cycle, words, &mut found));
        }
        found
    }

    fn search(&self, path: &mut Vec<usize>, from: &HashMap<u64, Vec<usize>>, steps: &mut usize, tell: &mut dyn FnMut(&[usize])) {
        let (first, last) = (&self.edges[path[0]], &self.edges[path[path.len() - 1]]);
        if last.taken.lock == first.held.lock {
            return tell(path);
        }
        if path.len() == LONGEST {
            return;
        }
        for &next in from.get(&last.taken.lock).map_or(&[][..], Vec::as_slice) {
            *steps += 1;
            // each cycle is met once, from its earliest edge
            if *steps > PATIENCE || next <= path[0] || !path.iter().all(|&e| compatible(&self.edges[e], &self.edges[next])) {
                continue;
            }
            path.push(next);
            self.search(path, from, steps, tell);
            path.pop();
        }
    }

    fn tell(&self, cycle: &[usize], words: &Words, found: &mut Inversions) {
        let mut steps: Vec<Step> = cycle
            .iter()
            .map(|&e| {
                let edge = &self.edges[e];
                let named = |h: &Holding| ((words.lock)(h.lock), (words.stack)(h.stack));
                Step { thread: (words.thread)(edge.thread), holds: named(&edge.held), takes: named(&edge.taken) }
            })
            .collect();
        let least = (0..steps.len()).min_by_key(|&i| place(&steps[i])).unwrap_or(0);
        steps.rotate_left(least);
        let key = steps.iter().map(place).collect();
        // the same lines with other locks are told once
        found.entry(key).or_insert(Inversion { steps, count: 1 });
    }
}

fn place(step: &Step) -> (At, At) {
    let first = |stack: &[At]| stack.first().cloned().unwrap_or(At { file: "".into(), line: 0, function: "".into() });
    (first(&step.holds.1), first(&step.takes.1))
}

fn compatible(a: &Edge, b: &Edge) -> bool {
    a.thread != b.thread && a.gates.is_disjoint(&b.gates) && !a.at.before(&b.clock) && !b.at.before(&a.clock)
}

#[cfg(test)]
mod tests {
    use super::super::happens::{Act, Happens};
    use super::*;

    /// Threads 1 and 2 acquire locks in the given orders; `between` happens after the first has released all.
    fn cycles(one: &[u64], two: &[u64], between: impl Fn(&mut Happens)) -> usize {
        let (mut h, mut orders) = (Happens::new(false), Orders::default());
        h.start(0, 1);
        h.start(0, 2);
        for (thread, locks) in [(1, one), (2, two)] {
            let mut holds = Vec::new();
            for (i, &lock) in locks.iter().enumerate() {
                let taken = Holding { lock, stack: StackId(thread * 10 + i as u32), since: 0 };
                let (at, clock) = (h.now(thread), h.clock(thread).clone());
                orders.acquired(at, &clock, &holds, taken);
                holds.push(taken);
            }
            if thread == 1 {
                between(&mut h);
            }
        }
        let stack = |s: StackId| vec![At { file: "f".into(), line: s.0, function: "f".into() }];
        orders.inversions(&Words { stack: &stack, thread: &|t| t.to_string(), lock: &|l| l.to_string() }).len()
    }

    #[test]
    fn a_cycle_is_found_though_nothing_deadlocked() {
        assert_eq!(cycles(&[7, 8], &[8, 7], |_| {}), 1);
        assert_eq!(cycles(&[7, 8], &[7, 8], |_| {}), 0);
    }

    #[test]
    fn a_gate_and_an_order_rule_it_out() {
        assert_eq!(cycles(&[1, 7, 8], &[1, 8, 7], |_| {}), 0);
        let handed_over = |h: &mut Happens| {
            h.act(1, 99, Act::Give(0));
            h.act(2, 99, Act::Take(0));
        };
        assert_eq!(cycles(&[7, 8], &[8, 7], handed_over), 0);
        // a lock in between orders nothing
        let locked = |h: &mut Happens| {
            h.act(1, 99, Act::Release);
            h.act(2, 99, Act::Acquire);
        };
        assert_eq!(cycles(&[7, 8], &[8, 7], locked), 1);
    }

    #[test]
    fn three_threads_around_a_table() {
        let (mut h, mut orders) = (Happens::new(false), Orders::default());
        for t in 1..=3 {
            h.start(0, t);
        }
        for t in 1..=3u32 {
            let hold = |lock: u32, n: u32| Holding { lock: u64::from(lock), stack: StackId(t * 10 + n), since: 0 };
            let (at, clock) = (h.now(t), h.clock(t).clone());
            orders.acquired(at, &clock, &[hold(t, 0)], hold(t % 3 + 1, 1));
        }
        let stack = |s: StackId| vec![At { file: "f".into(), line: s.0, function: "f".into() }];
        let found = orders.inversions(&Words { stack: &stack, thread: &|t| t.to_string(), lock: &|l| l.to_string() });
        assert_eq!(found.values().map(|i| i.steps.len()).collect::<Vec<_>>(), [3]);
    }
}
