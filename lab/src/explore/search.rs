//! `gilbert explore`'s loop: learn what is visible, explore to the end, or to a failure, or to the budget.

use super::bounded::Bounded;
use super::dpor::Dpor;
use super::fixed::Fixed;
use super::program::{Driver, Proc};
use super::session::{Oracle, Session, Told, Watcher};
use crate::outcome::{Evaluated, Failure, RunResult};
use crate::runner::{How, Runner};
use gilbert_vm::control::Sites;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::sim::Order;
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::Duration;

/// What to search, and how far.
#[derive(Clone, Debug)]
pub struct Options {
    /// At most so many preemptions; `None`: any number.
    pub preemptions: Option<u32>,
    /// At most so many runs.
    pub max_runs: u64,
    /// A run of more steps than this is given up.
    pub max_steps: usize,
    /// Whether a counterexample's preemptions are to be made as few as possible.
    pub minimize: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options { preemptions: None, max_runs: u64::MAX, max_steps: 20_000, minimize: true }
    }
}

/// What came out.
#[derive(Clone, Debug)]
pub struct Explored {
    /// What it means.
    pub verdict: Verdict,
    /// Runs of different partial orders.
    pub traces: u64,
    /// All runs of the last round.
    pub runs: u64,
    /// Those that were given up as equivalent to others.
    pub blocked: u64,
    /// Runs before, which only served to learn what is visible.
    pub learning: u64,
    /// How many instructions are visible.
    pub sites: usize,
    /// Some wait with a time limit was taken to end by it only where nobody else could go on.
    pub limits_left_out: bool,
    /// The bound on preemptions has left schedules out.
    pub left_out: bool,
    /// Choices that could not be made as planned: something depends on more than the schedule.
    pub surprises: u64,
}

/// Whether the property holds.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// In all schedules.
    Holds,
    /// Not in this one.
    Fails(Box<Counterexample>),
    /// Not all were seen, and why.
    Inconclusive(String),
}

/// A failing run.
#[derive(Clone, Debug)]
pub struct Counterexample {
    /// Why it failed.
    pub failure: Failure,
    /// Who made each step.
    pub schedule: Vec<Proc>,
    /// How often a thread was stopped that could have gone on.
    pub preemptions: u32,
    /// Whether no schedule with fewer fails.
    pub fewest: bool,
    /// What its steps did.
    pub story: Vec<Told>,
    /// What it printed, came to.
    pub result: RunResult,
    /// The threads that spin for ever, in a livelock.
    pub spinning: Vec<Proc>,
}

/// A wrong question: the text says what is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Usage(pub String);

/// The result of one run in a session.
struct Ran {
    result: RunResult,
    session: Session,
}

impl Ran {
    fn failure(&self) -> Option<Failure> {
        if !self.session.livelock.is_empty() {
            return Some(Failure::Livelock { ticks: self.result.ticks, at: Vec::new() });
        }
        self.result.failure.clone().filter(|_| !self.session.cut)
    }
}

impl Ran {
    /// An expression that names nothing, though the script has come to its end, was typed wrongly.
    fn usage(&self) -> Result<(), Usage> {
        let whole = !self.session.cut && self.session.livelock.is_empty();
        if !whole || !matches!(self.result.failure, None | Some(Failure::Expect(_))) {
            return Ok(());
        }
        match [&self.result.expect, &self.result.watch].into_iter().find_map(|e| if let Some(Evaluated::Unknown(why)) = e { Some(why) } else { None }) {
            Some(why) => Err(Usage(why.clone())),
            None => Ok(()),
        }
    }
}

/// Runs the script once under a driver.
fn run<D: Driver + 'static>(runner: &Runner, sites: &Arc<Sites>, driver: &Arc<Mutex<D>>) -> Ran {
    let session = Arc::new(Mutex::new(Session::new(driver.clone(), sites.clone())));
    let how = How { seed: 0, strategy: Box::new(Oracle(session.clone())), order: Order::Controlled, record: true };
    let (at_start, at_end) = (session.clone(), session.clone());
    let result = runner.run_controlled(how, sites.clone(), move |vm| begin(vm, &at_start), move |vm| linger(vm, &at_end));
    let mut session = Arc::into_inner(session).expect("the run is over").into_inner();
    session.end();
    Ran { result, session }
}

/// One run under a driver that searches nothing, for what it shows.
pub(crate) fn observed_run<D: Driver + 'static>(runner: &Runner, sites: &Arc<Sites>, driver: &Arc<Mutex<D>>) -> crate::learn::Seen {
    let ran = run(runner, sites, driver);
    let mut learned: Vec<_> = ran.session.learned.into_iter().collect();
    learned.sort_unstable();
    crate::learn::Seen { learned, clears_events: ran.session.clears_events, ticks: ran.result.ticks }
}

fn begin(vm: &mut Vm, session: &Arc<Mutex<Session>>) {
    for name in ["stdout", "stderr"] {
        let mut next = vm.import("sys").ok();
        let mut attribute = name;
        while let Some(stream) = next.and_then(|v| {
            let key = vm.intern(attribute);
            vm.get_attr_opt(&v, &key).ok().flatten()
        }) {
            let location = vm.location(&stream);
            session.lock().ignored.insert(location);
            attribute = match attribute {
                "stdout" | "stderr" => "buffer",
                "buffer" => "raw",
                _ => break,
            };
            next = Some(stream);
        }
    }
    vm.observe(Box::new(Watcher(session.clone())));
}

/// The main thread has come to its end: the others go on to theirs, or to a wait, as they might have before.
fn linger(vm: &mut Vm, session: &Arc<Mutex<Session>>) {
    while !session.lock().linger() {
        if vm.point().is_err() {
            return;
        }
    }
}

/// An explorer that a search can drive.
trait Explorer: Driver + Send + 'static {
    fn begin(&mut self);
    fn finish(&mut self) -> bool;
    fn schedule(&self) -> Vec<Proc>;
    fn too_long(&self) -> bool;
    fn count(&self, into: &mut Explored);
}

impl Explorer for Dpor {
    fn begin(&mut self) {
        Dpor::begin(self);
    }
    fn finish(&mut self) -> bool {
        Dpor::finish(self)
    }
    fn schedule(&self) -> Vec<Proc> {
        Dpor::schedule(self)
    }
    fn too_long(&self) -> bool {
        self.too_long
    }
    fn count(&self, into: &mut Explored) {
        let c = self.counts();
        (into.traces, into.runs, into.blocked, into.surprises) = (c.traces, c.runs, c.blocked, c.surprises);
    }
}

impl Explorer for Bounded {
    fn begin(&mut self) {
        Bounded::begin(self);
    }
    fn finish(&mut self) -> bool {
        Bounded::finish(self)
    }
    fn schedule(&self) -> Vec<Proc> {
        Bounded::schedule(self)
    }
    fn too_long(&self) -> bool {
        self.too_long
    }
    fn count(&self, into: &mut Explored) {
        (into.traces, into.runs, into.blocked, into.left_out) = (self.complete, self.runs, self.runs - self.complete, self.left_out);
    }
}

/// What `stop` is told while a search goes on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Runs so far, learning included.
    pub runs: u64,
}

/// Explores.
///
/// `stop` is asked after each run; true ends the search as inconclusive.
///
/// # Errors
/// `--expect` or `--watch` name something that is not there.
pub fn explore(runner: &Runner, options: &Options, stop: &mut dyn FnMut(Progress) -> bool) -> Result<Explored, Usage> {
    let mut sites = Sites::default();
    match options.preemptions {
        Some(n) => search(runner, &mut sites, options, stop, || new_bounded(n, options.max_steps), &|_| true),
        None => search(runner, &mut sites, options, stop, || new_dpor(options.max_steps), &|_| true),
    }
    .and_then(|explored| minimized(runner, &mut sites, options, explored))
}

fn new_bounded(bound: u32, max_steps: usize) -> Bounded {
    let mut bounded = Bounded::new(bound);
    bounded.max_steps = max_steps;
    bounded
}

fn new_dpor(max_steps: usize) -> Dpor {
    let mut dpor = Dpor::new();
    dpor.max_steps = max_steps;
    dpor
}

/// Rounds of exploration: whenever a run shows a site that should be visible, all begins again with it.
fn search<E: Explorer>(
    runner: &Runner,
    sites: &mut Sites,
    options: &Options,
    stop: &mut dyn FnMut(Progress) -> bool,
    new: impl Fn() -> E,
    counts: &dyn Fn(&Failure) -> bool,
) -> Result<Explored, Usage> {
    let mut total = 0;
    let mut out =
        Explored { verdict: Verdict::Holds, traces: 0, runs: 0, blocked: 0, learning: 0, sites: 0, limits_left_out: false, left_out: false, surprises: 0 };
    'round: loop {
        let shared = Arc::new(sites.clone());
        let explorer = Arc::new(Mutex::new(new()));
        out.sites = sites.len();
        out.learning = total;
        loop {
            explorer.lock().begin();
            let ran = run(runner, &shared, &explorer);
            total += 1;
            ran.usage()?;
            out.limits_left_out |= ran.session.limits_left_out;
            let failure = ran.failure().filter(|f| counts(f));
            if let Some(failure) = failure {
                let schedule = explorer.lock().schedule();
                explorer.lock().finish();
                explorer.lock().count(&mut out);
                let (story, result, spinning) = (Vec::new(), ran.result, ran.session.livelock);
                out.verdict = Verdict::Fails(Box::new(Counterexample { failure, schedule, preemptions: 0, fewest: false, story, result, spinning }));
                return Ok(out);
            }
            let mut more = false;
            for site in &ran.session.learned {
                more |= sites.add(*site);
            }
            if ran.session.clears_events && !sites.events_are_cleared {
                sites.events_are_cleared = true;
                more = true;
            }
            let too_long = explorer.lock().too_long();
            let left = explorer.lock().finish();
            explorer.lock().count(&mut out);
            let why = if too_long {
                Some(format!("a run took more than {} steps", options.max_steps))
            } else if more {
                None
            } else if total >= options.max_runs {
                left.then(|| format!("the budget of {} runs is used up", options.max_runs))
            } else {
                stop(Progress { runs: total }).then(|| "stopped".to_owned())
            };
            if let Some(why) = why {
                out.verdict = Verdict::Inconclusive(why);
                return Ok(out);
            }
            if more {
                continue 'round;
            }
            if !left {
                return Ok(out);
            }
        }
    }
}

/// Runs that a search for fewer preemptions may take, for each bound.
const MINIMIZE_RUNS: u64 = 3000;

/// A counterexample with the fewest preemptions: searched for with 0, 1, 2 .. of them; then its story.
fn minimized(runner: &Runner, sites: &mut Sites, options: &Options, mut explored: Explored) -> Result<Explored, Usage> {
    let Verdict::Fails(found) = &mut explored.verdict else { return Ok(explored) };
    let first = replay(runner, sites, &found.schedule);
    found.preemptions = first.1;
    let kind = found.failure.kind();
    let mut certain = options.minimize;
    for bound in 0..if options.minimize { found.preemptions } else { 0 } {
        let limits = Options { max_runs: MINIMIZE_RUNS, ..options.clone() };
        let new = || new_bounded(bound, options.max_steps);
        let smaller = search(runner, sites, &limits, &mut |_| false, new, &|f| f.kind() == kind)?;
        match smaller.verdict {
            Verdict::Fails(better) => {
                **found = *better;
                break;
            }
            Verdict::Inconclusive(_) => certain = false,
            Verdict::Holds => {}
        }
    }
    let (told, preemptions, spinning) = replay(runner, sites, &found.schedule);
    (found.story, found.preemptions, found.fewest) = (told, preemptions, certain);
    found.spinning = spinning;
    Ok(explored)
}

/// One schedule again, telling.
fn replay(runner: &Runner, sites: &Sites, schedule: &[Proc]) -> (Vec<Told>, u32, Vec<Proc>) {
    let mut telling = sites.clone();
    telling.telling = true;
    let telling = Arc::new(telling);
    let driver = Arc::new(Mutex::new(Fixed::new(schedule.to_vec())));
    let ran = run(runner, &telling, &driver);
    let preemptions = driver.lock().preemptions();
    (ran.session.story, preemptions, ran.session.livelock)
}

/// A budget of time as a `stop`.
pub fn for_at_most(limit: Duration, elapsed: impl Fn() -> Duration) -> impl FnMut(Progress) -> bool {
    move |_| elapsed() >= limit
}
