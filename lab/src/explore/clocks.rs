//! Which step of a run happens before which: vector clocks (Fidge 1988, Mattern 1989) over the steps' accesses.

use super::program::{Access, Proc, Step, Wait};
use std::collections::HashMap;

/// For each process (by its column), how many of its steps happen before.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Clock(Vec<u32>);

impl Clock {
    fn of(&self, column: usize) -> u32 {
        self.0.get(column).copied().unwrap_or(0)
    }
    fn set(&mut self, column: usize, n: u32) {
        if self.0.len() <= column {
            self.0.resize(column + 1, 0);
        }
        self.0[column] = n;
    }
    fn join(&mut self, other: &Clock) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine = (*mine).max(*theirs);
        }
    }
}

/// A step of a run, with its place in the order.
#[derive(Clone, Debug)]
pub struct Event {
    /// What was done.
    pub step: Step,
    /// Who could have gone on instead, the process itself included.
    pub enabled: Vec<Proc>,
    /// What happens before it, itself included.
    pub clock: Clock,
    /// The process's column in clocks, and the number of this step among its own, from 1.
    column: usize,
    index: u32,
    /// The process's step before, by its number in the run.
    previous: Option<usize>,
}

/// A pair of steps in conflict that could be the other way round.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Race {
    /// The earlier one.
    pub first: usize,
    /// The later one.
    pub second: usize,
}

/// A run so far.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Its steps.
    pub events: Vec<Event>,
    columns: HashMap<Proc, usize>,
    last: Vec<Option<usize>>,
    /// Accesses to each object: (step, access).
    history: HashMap<u64, Vec<(usize, Access)>>,
}

impl Trace {
    /// Adds a step; `enabled` is who could have made one.
    pub fn push(&mut self, step: Step, enabled: Vec<Proc>) {
        let at = self.events.len();
        let column = self.column(step.proc);
        let previous = self.last[column];
        let mut clock = previous.map(|p| self.events[p].clock.clone()).unwrap_or_default();
        for a in &step.accesses {
            let Some(earlier) = self.history.get(&a.object) else { continue };
            for (j, b) in earlier {
                if *j != at && a.conflicts(b) && !self.in_clock(*j, &clock) {
                    clock.join(&self.events[*j].clock);
                }
            }
        }
        let index = clock.of(column) + 1;
        clock.set(column, index);
        for a in &step.accesses {
            let history = self.history.entry(a.object).or_default();
            if history.last().is_none_or(|last| last.0 != at || last.1 != *a) {
                history.push((at, *a));
            }
        }
        self.last[column] = Some(at);
        self.events.push(Event { step, enabled, clock, column, index, previous });
    }

    fn column(&mut self, proc: Proc) -> usize {
        let next = self.columns.len();
        let column = *self.columns.entry(proc).or_insert(next);
        if self.last.len() <= column {
            self.last.push(None);
        }
        column
    }

    fn in_clock(&self, event: usize, clock: &Clock) -> bool {
        let e = &self.events[event];
        clock.of(e.column) >= e.index
    }

    /// Whether step `a` happens before step `b` (or is the same).
    pub fn before(&self, a: usize, b: usize) -> bool {
        self.in_clock(a, &self.events[b].clock)
    }

    /// A number that only runs with the same steps in the same partial order have (up to a collision of hashes): the sum over
    /// the steps of a hash of process, own number and clock.
    pub fn fingerprint(&self, event: usize) -> u64 {
        let e = &self.events[event];
        let mut h = mix(0x57EB ^ u64::from(e.step.proc) << 32 ^ u64::from(e.index) << 16);
        let mut columns: Vec<(&Proc, &usize)> = self.columns.iter().collect();
        columns.sort();
        for (proc, column) in columns {
            let n = e.clock.of(*column);
            if n != 0 {
                h = mix(h ^ mix(u64::from(*proc) << 32 | u64::from(n)));
            }
        }
        h
    }

    /// The races whose later step is `second`: pairs in conflict with nothing between them in the order, that a schedule could
    /// reverse.
    ///
    /// A step that had to wait for an object to be open cannot come before what opened it: such pairs are passed over, and what
    /// came before, while the object was open, is the other side of the race. (Two critical sections race by their acquisitions.)
    pub fn races(&self, second: usize) -> Vec<Race> {
        let e = &self.events[second];
        let mut certain = e.previous.map(|p| self.events[p].clock.clone()).unwrap_or_default();
        for a in e.step.accesses.iter().filter(|a| a.wait == Wait::Last) {
            for (j, b) in self.history.get(&a.object).into_iter().flatten() {
                if *j < second && a.conflicts(b) {
                    certain.join(&self.events[*j].clock);
                }
            }
        }
        let mut candidates: Vec<usize> = Vec::new();
        for a in e.step.accesses.iter().filter(|a| a.wait != Wait::Last) {
            self.candidates(second, a, &certain, &mut candidates);
        }
        candidates.sort_unstable();
        candidates.dedup();
        let covered = |j: usize| candidates.iter().any(|&k| k > j && self.before(j, k));
        candidates.iter().filter(|&&j| !covered(j)).map(|&first| Race { first, second }).collect()
    }

    fn candidates(&self, second: usize, a: &Access, certain: &Clock, out: &mut Vec<usize>) {
        let e = &self.events[second];
        // one of its accesses tells what let it go on, so that who was enabled when says nothing of the others
        let released = e.step.accesses.iter().any(|a| a.wait == Wait::Last);
        for (j, b) in self.history.get(&a.object).into_iter().flatten().rev() {
            if *j >= second || !a.conflicts(b) {
                continue;
            }
            // a write of as much is after everything before it that conflicts with us
            let whole = b.write && (b.part == a.part || b.part == 0);
            if self.in_clock(*j, certain) {
                if whole {
                    return;
                }
                continue;
            }
            let earlier = &self.events[*j];
            // at that moment the process stood before this very step, or else had other steps before it
            let stood = e.previous.is_none_or(|p| p < *j);
            let could = match stood && e.previous.is_some() && !released {
                true => earlier.enabled.contains(&e.step.proc),
                false => a.wait != Wait::Open || b.open,
            };
            if !could {
                continue;
            }
            out.push(*j);
            if whole {
                return;
            }
        }
    }

    /// The steps after `first` that do not happen after it, in their order; then `second`.
    pub fn reversal(&self, race: Race) -> Vec<Step> {
        let after = race.first + 1..self.events.len();
        let mut out: Vec<Step> = after.filter(|&k| !self.before(race.first, k)).map(|k| self.events[k].step.clone()).collect();
        out.push(self.events[race.second].step.clone());
        out
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
