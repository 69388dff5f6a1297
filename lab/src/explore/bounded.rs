//! All schedules with at most so many preemptions (Musuvathi, Qadeer, "Iterative Context Bounding", PLDI 2007).
//!
//! Depth first; two prefixes with the same partial order of the same steps lead to the same state, so the second one is cut
//! where the first had as many preemptions left (happens-before caching, as in CHESS). A switch is a preemption where the thread that ran
//! could have gone on. Exact for the bound, and not optimal: the count of runs is no count of traces.

use super::clocks::Trace;
use super::program::{Access, Driver, Proc, Step};
use std::collections::{HashMap, HashSet};

struct Node {
    /// Still to be tried here, last first; the last one is under way.
    options: Vec<Proc>,
    /// How many there were.
    all: usize,
    /// Preemptions before this choice.
    used: u32,
    /// Who made the step before and could go on.
    current: Option<Proc>,
}

/// The explorer; used as [`super::dpor::Dpor`] is.
pub struct Bounded {
    bound: u32,
    nodes: Vec<Node>,
    depth: usize,
    step: Option<(Step, Vec<Proc>)>,
    trace: Trace,
    sum: u64,
    seen: HashMap<(u64, Option<Proc>), u32>,
    cut: bool,
    /// The partial orders of the runs that came to their end.
    pub finals: HashSet<u64>,
    /// All runs.
    pub runs: u64,
    /// Some schedule was left out because of the bound.
    pub left_out: bool,
    /// More steps than this end a run (0: no limit), and whether one was.
    pub max_steps: usize,
    /// See `max_steps`.
    pub too_long: bool,
}

impl Bounded {
    /// At most `bound` preemptions.
    pub fn new(bound: u32) -> Bounded {
        Bounded {
            bound,
            nodes: Vec::new(),
            depth: 0,
            step: None,
            trace: Trace::default(),
            sum: 0,
            seen: HashMap::new(),
            cut: false,
            finals: HashSet::new(),
            runs: 0,
            left_out: false,
            max_steps: 0,
            too_long: false,
        }
    }

    /// Before a run.
    pub fn begin(&mut self) {
        self.depth = 0;
        self.step = None;
        self.trace = Trace::default();
        self.sum = 0;
        self.cut = false;
        self.too_long = false;
    }

    /// After a run. False: all is explored.
    pub fn finish(&mut self) -> bool {
        self.runs += 1;
        if !self.cut {
            self.end_step();
            self.finals.insert(self.sum);
        }
        self.nodes.truncate(self.depth);
        while let Some(node) = self.nodes.last_mut() {
            node.options.pop();
            if !node.options.is_empty() {
                return true;
            }
            self.nodes.pop();
        }
        false
    }

    /// The schedule of the run.
    pub fn schedule(&self) -> Vec<Proc> {
        self.nodes[..self.depth].iter().filter_map(|n| n.options.last().copied()).collect()
    }

    /// As [`super::dpor::Dpor::progress`].
    pub fn progress(&self) -> f64 {
        let (mut done, mut share) = (0.0, 1.0);
        for node in &self.nodes {
            let all = node.all.max(1) as f64;
            done += share * (all - node.options.len() as f64) / all;
            share /= all;
        }
        done
    }

    fn end_step(&mut self) {
        if let Some((step, enabled)) = self.step.take() {
            self.trace.push(step, enabled);
            self.sum = self.sum.wrapping_add(self.trace.fingerprint(self.trace.events.len() - 1));
        }
    }

    fn used(&self) -> u32 {
        match self.depth.checked_sub(1).map(|at| &self.nodes[at]) {
            Some(node) => node.used + cost(node.current, node.options.last().copied()),
            None => 0,
        }
    }

    fn extend(&mut self, enabled: &[Proc], current: Option<Proc>) -> bool {
        let used = self.used();
        let seen = self.seen.entry((self.sum, current)).or_insert(u32::MAX);
        if *seen <= used {
            return false;
        }
        *seen = used;
        let all = enabled.iter().rev().copied().filter(|p| Some(*p) != current).chain(current);
        let options: Vec<Proc> = all.filter(|p| used + cost(current, Some(*p)) <= self.bound).collect();
        self.left_out |= options.len() < enabled.len();
        let all = options.len();
        self.nodes.push(Node { options, all, used, current });
        true
    }
}

fn cost(current: Option<Proc>, next: Option<Proc>) -> u32 {
    // time that passes takes the processor from nobody
    u32::from(current.is_some() && current != next && next.is_none_or(|p| p >> 31 == 0))
}

impl Driver for Bounded {
    fn choose(&mut self, enabled: &[Proc], current: Option<Proc>) -> Option<Proc> {
        if self.max_steps != 0 && self.depth >= self.max_steps {
            self.too_long = true;
            return None;
        }
        self.end_step();
        if self.depth >= self.nodes.len() && !self.extend(enabled, current) {
            self.cut = true;
            return None;
        }
        let proc = *self.nodes[self.depth].options.last()?;
        self.depth += 1;
        if !enabled.contains(&proc) {
            self.cut = true;
            return None;
        }
        self.step = Some((Step { proc, accesses: Vec::new() }, enabled.to_vec()));
        Some(proc)
    }

    fn access(&mut self, access: Access) {
        if let Some((step, _)) = &mut self.step {
            step.accesses.push(access);
        }
    }

    fn left_waiting(&mut self, _: Step) {}
}
