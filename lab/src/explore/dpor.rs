//! Optimal dynamic partial-order reduction: one run for each Mazurkiewicz trace.
//!
//! The algorithm is Optimal-DPOR with wakeup trees (Abdulla, Aronis, Jonsson, Sagonas, POPL 2014, algorithm 2; JACM 64(4), 2017). A
//! run is extended freely to its end; then each pair of its steps that is in a race (`clocks`) is reversed: the steps that do not
//! depend on the earlier one, followed by the later one, are a sequence that is inserted into the wakeup tree at the state before the
//! earlier one, unless a sleeping process (Godefroid 1996) says that it was explored already. Blocking operations are steps that
//! are enabled only while they can succeed; `clocks::Trace::races` says which pairs around them can be reversed.
//!
//! Invariants: the stack's nodes are a prefix of the current run. A node's first branch is the one that is being explored. A process
//! in a node's `sleep` need not be tried there: whatever begins with it was explored.

use super::clocks::{Race, Trace};
use super::program::{Access, Driver, Proc, Step};
use super::wakeup::{Branch, Tree, is_weak_initial};

/// A state on the current run, and the choice that is being explored there.
struct Node {
    enabled: Vec<Proc>,
    sleep: Vec<Step>,
    tree: Tree,
    /// The step that is being explored.
    step: Step,
}

/// What has been done so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Runs to their end, each of another trace.
    pub traces: u64,
    /// All runs.
    pub runs: u64,
    /// Runs that ended because everybody who could go on was asleep. 0 where the algorithm is optimal.
    pub blocked: u64,
    /// Steps of all runs, replayed ones included.
    pub steps: u64,
    /// Choices that could not be made as planned: a step did not do what was foreseen. 0 unless a program is not deterministic.
    pub surprises: u64,
}

/// The explorer. Use: `begin`, then a run with this as its driver, then `finish`, as long as that says true.
#[derive(Default)]
pub struct Dpor {
    nodes: Vec<Node>,
    /// How many nodes' steps have been begun in this run.
    depth: usize,
    /// From which node on this run is new.
    new_from: usize,
    cut: bool,
    /// The steps that could not be made when the run ended.
    pending: Vec<Step>,
    counts: Counts,
    /// More steps than this end a run (0: no limit).
    pub max_steps: usize,
    /// The run was cut by that.
    pub too_long: bool,
}

impl Dpor {
    /// An explorer that has seen nothing.
    pub fn new() -> Dpor {
        Dpor::default()
    }

    /// What has been done so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Before a run.
    pub fn begin(&mut self) {
        self.depth = 0;
        self.cut = false;
        self.pending.clear();
        self.too_long = false;
    }

    /// The schedule of the run that has just ended, or is under way.
    pub fn schedule(&self) -> Vec<Proc> {
        self.nodes[..self.depth].iter().map(|n| n.step.proc).collect()
    }

    /// The steps of the run, with their order.
    pub fn trace(&self) -> Trace {
        let mut trace = Trace::default();
        for node in &self.nodes[..self.depth] {
            trace.push(node.step.clone(), node.enabled.clone());
        }
        trace
    }

    /// A share of the tree that is surely behind us, from 0 to 1: each node's explored branches among all that it knows of.
    pub fn progress(&self) -> f64 {
        let (mut done, mut share) = (0.0, 1.0);
        for node in &self.nodes {
            let tried = node.sleep.len().min(node.enabled.len()) as f64;
            let all = tried + node.tree.0.len().max(1) as f64;
            done += share * tried / all;
            share /= all;
            if share < 1e-12 {
                break;
            }
        }
        done
    }

    /// After a run: learns from it and goes back to where another choice is left. False: there is none, all is explored.
    pub fn finish(&mut self) -> bool {
        self.counts.runs += 1;
        match self.cut {
            true => self.counts.blocked += 1,
            false => self.counts.traces += 1,
        }
        self.nodes.truncate(self.depth);
        self.learn();
        self.backtrack()
    }

    /// Reverses the races whose later step is new.
    fn learn(&mut self) {
        let trace = self.trace();
        for node in &mut self.nodes {
            node.tree.0[0].step = node.step.clone();
        }
        for second in self.new_from.min(self.depth)..self.depth {
            for race in trace.races(second) {
                self.reverse(&trace, race);
            }
        }
        // whoever is left waiting might have come first
        for step in std::mem::take(&mut self.pending) {
            let mut trace = trace.clone();
            trace.push(step, Vec::new());
            for race in trace.races(self.depth) {
                self.reverse(&trace, race);
            }
        }
    }

    fn reverse(&mut self, trace: &Trace, race: Race) {
        let sequence = trace.reversal(race);
        let node = &mut self.nodes[race.first];
        if !node.sleep.iter().any(|q| is_weak_initial(q, &sequence)) {
            node.tree.insert(sequence);
        }
    }

    fn backtrack(&mut self) -> bool {
        while let Some(node) = self.nodes.last_mut() {
            let done = std::mem::take(&mut node.step);
            node.sleep.push(done);
            node.tree.0.remove(0);
            if let Some(branch) = node.tree.0.first() {
                node.step = Step { proc: branch.step.proc, accesses: Vec::new() };
                self.new_from = self.nodes.len() - 1;
                return true;
            }
            self.nodes.pop();
        }
        false
    }

    /// A new state behind the last one.
    fn extend(&mut self, enabled: &[Proc], current: Option<Proc>) -> Option<Proc> {
        let (sleep, mut tree) = match self.nodes.last_mut() {
            None => (Vec::new(), Tree::default()),
            Some(parent) => {
                let sleep = parent.sleep.iter().filter(|q| !q.conflicts(&parent.step)).cloned().collect();
                (sleep, std::mem::take(&mut parent.tree.0[0].next))
            }
        };
        if let Some(branch) = tree.0.first()
            && !enabled.contains(&branch.step.proc)
        {
            self.counts.surprises += 1;
            tree = Tree::default();
        }
        if tree.0.is_empty() {
            let asleep = |p: Proc| sleep.iter().any(|s: &Step| s.proc == p);
            let awake = |p: &Proc| enabled.contains(p) && !asleep(*p);
            let proc = current.filter(awake).or_else(|| enabled.iter().copied().find(awake))?;
            tree.0.push(Branch { step: Step { proc, accesses: Vec::new() }, next: Tree::default() });
        }
        let proc = tree.0[0].step.proc;
        self.nodes.push(Node { enabled: enabled.to_vec(), sleep, tree, step: Step { proc, accesses: Vec::new() } });
        Some(proc)
    }
}

impl Driver for Dpor {
    fn choose(&mut self, enabled: &[Proc], current: Option<Proc>) -> Option<Proc> {
        if self.max_steps != 0 && self.depth >= self.max_steps {
            self.too_long = true;
            return None;
        }
        self.counts.steps += 1;
        if self.depth < self.nodes.len() {
            let node = &mut self.nodes[self.depth];
            if node.enabled != enabled || !enabled.contains(&node.step.proc) {
                self.counts.surprises += 1;
                node.enabled = enabled.to_vec();
                if !enabled.contains(&node.step.proc) {
                    self.cut = true;
                    return None;
                }
            }
            node.step.accesses.clear();
            self.depth += 1;
            return Some(node.step.proc);
        }
        match self.extend(enabled, current) {
            Some(proc) => {
                self.depth += 1;
                Some(proc)
            }
            None => {
                self.cut = true;
                None
            }
        }
    }

    fn access(&mut self, access: Access) {
        // before the first choice there is no step: what happens there happens before everything
        if let Some(at) = self.depth.checked_sub(1)
            && let Some(node) = self.nodes.get_mut(at)
        {
            if !node.step.accesses.contains(&access) {
                node.step.accesses.push(access);
            }
        }
    }

    fn left_waiting(&mut self, pending: Step) {
        self.pending.push(pending);
    }
}
