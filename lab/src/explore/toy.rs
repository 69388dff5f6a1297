//! Small programs of reads, writes, locks and semaphores, on which explorers are tested against enumeration of all schedules.

use super::clocks::Trace;
use super::program::{Access, Driver, Proc, Program, SharedDriver, Step, Wait};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// An instruction of a process with one register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Op {
    /// register := x
    Read(u64),
    /// x := register + k
    Write(u64, i64),
    /// Waits until the semaphore is positive, takes one.
    Acquire(u64),
    /// Gives one back.
    Release(u64),
    /// Skips so many instructions where the register is this.
    SkipIf(i64, usize),
    /// Reads x again and again until it is this: one step that waits for x to change.
    Await(u64, i64),
}

/// Processes, and how many permits the semaphores have (1: locks).
#[derive(Clone, Debug, Default)]
pub struct Toy {
    pub procs: Vec<Vec<Op>>,
    pub permits: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    at: Vec<usize>,
    registers: Vec<i64>,
    memory: BTreeMap<u64, i64>,
    /// Where a process spins: what it has read.
    spins: Vec<Option<i64>>,
}

/// How a run ended: memory, and who had not come to its end.
pub type End = (BTreeMap<u64, i64>, Vec<usize>, Vec<i64>);

const LOCKS: u64 = 1000;

impl Toy {
    fn start(&self) -> State {
        let n = self.procs.len();
        let mut s = State { at: vec![0; n], registers: vec![0; n], memory: BTreeMap::new(), spins: vec![None; n] };
        for p in 0..n {
            self.settle(&mut s, p);
        }
        s
    }
    /// Executes what no other process can see.
    fn settle(&self, s: &mut State, p: usize) {
        while let Some(Op::SkipIf(v, n)) = self.procs[p].get(s.at[p]) {
            s.at[p] += 1 + if s.registers[p] == *v { *n } else { 0 };
        }
    }
    fn permits(&self, s: &State, l: u64) -> i64 {
        s.memory.get(&(LOCKS + l)).copied().unwrap_or(self.permits)
    }
    fn enabled(&self, s: &State) -> Vec<Proc> {
        let can = |p: &usize| match self.procs[*p].get(s.at[*p]) {
            None => false,
            Some(Op::Acquire(l)) => self.permits(s, *l) > 0,
            Some(Op::Await(x, _)) => s.spins[*p].is_none_or(|seen| seen != s.memory.get(x).copied().unwrap_or(0)),
            Some(_) => true,
        };
        (0..self.procs.len()).filter(can).map(|p| p as Proc).collect()
    }
    fn step(&self, s: &mut State, proc: Proc) -> Step {
        let p = proc as usize;
        let mut accesses = Vec::new();
        s.at[p] += 1;
        match self.procs[p][s.at[p] - 1] {
            Op::Read(x) => {
                accesses.push(Access::read(x));
                s.registers[p] = s.memory.get(&x).copied().unwrap_or(0);
            }
            Op::Write(x, k) => {
                accesses.push(Access::write(x));
                s.memory.insert(x, s.registers[p] + k);
            }
            Op::Acquire(l) => {
                accesses.push(Access { wait: Wait::Open, ..Access::write(LOCKS + l) });
                let n = self.permits(s, l);
                s.memory.insert(LOCKS + l, n - 1);
            }
            Op::Release(l) => {
                let n = self.permits(s, l);
                accesses.push(Access { open: n > 0, ..Access::write(LOCKS + l) });
                s.memory.insert(LOCKS + l, n + 1);
            }
            Op::Await(x, v) => {
                accesses.push(Access::read(x));
                let seen = s.memory.get(&x).copied().unwrap_or(0);
                s.spins[p] = Some(seen);
                if seen == v {
                    s.spins[p] = None;
                } else {
                    s.at[p] -= 1;
                }
            }
            Op::SkipIf(..) => unreachable!("settled"),
        }
        self.settle(s, p);
        Step { proc, accesses }
    }
    fn end(&self, s: &State) -> End {
        let left = (0..self.procs.len()).filter(|&p| s.at[p] < self.procs[p].len()).collect();
        (s.memory.clone(), left, s.registers.clone())
    }

    /// All traces (as fingerprints) and all ends, by trying every schedule; `None` beyond `limit` schedules.
    pub fn enumerate(&self, limit: u64) -> Option<(BTreeSet<u64>, BTreeSet<End>)> {
        let mut found = (BTreeSet::new(), BTreeSet::new());
        let mut left = limit;
        self.enumerate_from(&self.start(), &Trace::default(), &mut found, &mut left).then_some(found)
    }
    fn enumerate_from(&self, s: &State, t: &Trace, found: &mut (BTreeSet<u64>, BTreeSet<End>), left: &mut u64) -> bool {
        let enabled = self.enabled(s);
        if enabled.is_empty() {
            found.0.insert((0..t.events.len()).fold(0u64, |sum, e| sum.wrapping_add(t.fingerprint(e))));
            found.1.insert(self.end(s));
            *left = left.saturating_sub(1);
            return *left > 0;
        }
        enabled.iter().all(|&p| {
            let (mut s, mut t) = (s.clone(), t.clone());
            let step = self.step(&mut s, p);
            t.push(step, enabled.clone());
            self.enumerate_from(&s, &t, found, left)
        })
    }
}

impl Program for Toy {
    type End = End;

    fn run(&mut self, driver: SharedDriver) -> End {
        let mut s = self.start();
        let mut current: Option<Proc> = None;
        loop {
            let enabled = self.enabled(&s);
            if enabled.is_empty() {
                for p in (0..self.procs.len()).filter(|&p| s.at[p] < self.procs[p].len()) {
                    driver.lock().left_waiting(self.step(&mut s.clone(), p as Proc));
                }
                return self.end(&s);
            }
            let Some(p) = driver.lock().choose(&enabled, current.filter(|c| enabled.contains(c))) else { return self.end(&s) };
            current = Some(p);
            for a in self.step(&mut s, p).accesses {
                driver.lock().access(a);
            }
        }
    }
}

/// A program of a seed: 2 to 3 processes of up to 4 instructions or critical sections each.
pub fn random(seed: u64) -> Toy {
    let mut rng = gilbert_vm::strategy::Rng::new(seed, 77);
    let n = 2 + rng.below(2);
    let permits = 1 + i64::from(rng.below(4) == 0);
    let procs = (0..n).map(|_| random_process(&mut rng, if n == 2 { 5 } else { 3 })).collect();
    Toy { procs, permits }
}

fn random_process(rng: &mut gilbert_vm::strategy::Rng, most: usize) -> Vec<Op> {
    let mut ops = Vec::new();
    for _ in 0..1 + rng.below(most) {
        let x = rng.below(2) as u64;
        match rng.below(9) {
            0..=2 => ops.push(Op::Read(x)),
            3..=4 => ops.push(Op::Write(x, 1 + rng.below(2) as i64)),
            5..=6 => ops.extend([Op::Acquire(x), if rng.below(2) == 0 { Op::Write(x, 1) } else { Op::Read(x) }, Op::Release(x)]),
            7 => ops.push(Op::SkipIf(rng.below(3) as i64, 1)),
            _ => ops.push(Op::Await(x, 1)),
        }
    }
    ops
}

/// Explores a toy wholly with a driver that `begin`s and `finish`es.
pub fn drive<D: Driver + 'static>(toy: &mut Toy, driver: D, begin: fn(&mut D), finish: fn(&mut D) -> bool) -> (D, BTreeSet<End>, Vec<End>) {
    let shared = Arc::new(parking_lot::Mutex::new(driver));
    let (mut ends, mut all) = (BTreeSet::new(), Vec::new());
    loop {
        begin(&mut shared.lock());
        let end = toy.run(shared.clone());
        ends.insert(end.clone());
        all.push(end);
        if !finish(&mut shared.lock()) {
            break;
        }
    }
    let driver = Arc::into_inner(shared).expect("runs give their drivers back").into_inner();
    (driver, ends, all)
}
