//! `gilbert explore`'s loop: learn what is visible, explore to the end, or to a failure, or to the budget.

use super::bounded::Bounded;
use super::dpor::Dpor;
use super::fixed::Fixed;
use super::program::{Driver, Proc};
use super::session::{Oracle, Sees, Session, Told, Watcher};
use crate::outcome::{Evaluated, Failure, RunResult};
use crate::runner::{How, Runner};
use gilbert_vm::control::Sites;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::sim::Order;
use gilbert_vm::world::{Site, Tid};
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
    /// What counts beside the contents of objects.
    pub sees: Sees,
}

impl Default for Options {
    fn default() -> Options {
        Options { preemptions: None, max_runs: u64::MAX, max_steps: 20_000, minimize: true, sees: Sees::default() }
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
    /// Some wait had a time limit: then no schedule is passed over but those whose steps were seen in the same partial order, and the
    /// count of runs is not the least.
    pub timed: bool,
    /// The bound on preemptions has left schedules out.
    pub left_out: bool,
    /// The share of the branches known at the end that was explored, 0 to 1.
    pub share: f64,
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
    /// The visible instructions of the run.
    pub sites: Sites,
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
    /// Who waited at the end, and for which object.
    pub waiting: Vec<(Proc, u64)>,
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
            return Some(Failure::Livelock { ticks: 0, at: Vec::new() });
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
fn run<D: Driver + 'static>(runner: &Runner, sites: &Arc<Sites>, sees: Sees, driver: &Arc<Mutex<D>>) -> Ran {
    run_begun(runner, sites, sees, driver, |_| {})
}

fn run_begun<D: Driver + 'static>(runner: &Runner, sites: &Arc<Sites>, sees: Sees, driver: &Arc<Mutex<D>>, more: impl FnOnce(&mut Vm) + Send + 'static) -> Ran {
    let session = Arc::new(Mutex::new(Session::new(driver.clone(), sites.clone(), sees)));
    let how = How { seed: 0, strategy: Box::new(Oracle(session.clone())), order: Order::Controlled, record: true };
    let (at_start, at_end) = (session.clone(), session.clone());
    let result = runner.run_controlled(
        how,
        sites.clone(),
        move |vm| {
            begin(vm, &at_start);
            more(vm);
        },
        move |vm| linger(vm, &at_end),
    );
    // a child process that the run's end has cut off may still hold its share
    let mut session = match Arc::try_unwrap(session) {
        Ok(session) => session.into_inner(),
        Err(shared) => std::mem::replace(&mut *shared.lock(), Session::new(driver.clone(), sites.clone(), sees)),
    };
    session.end();
    Ran { result, session }
}

/// One run under a driver that searches nothing, for what it shows.
pub(crate) fn observed_run<D: Driver + 'static>(runner: &Runner, sites: &Arc<Sites>, driver: &Arc<Mutex<D>>) -> crate::learn::Seen {
    let ran = run(runner, sites, Sees::default(), driver);
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
    /// Whether it must not be used where waits have time limits.
    const UNTIMED: bool = false;
    fn begin(&mut self);
    fn finish(&mut self) -> bool;
    fn schedule(&self) -> Vec<Proc>;
    fn too_long(&self) -> bool;
    fn count(&self, into: &mut Explored);
    /// A share of all that there is to explore that is surely done, 0 to 1.
    fn share(&self) -> f64;
}

impl Explorer for Dpor {
    const UNTIMED: bool = true;

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
    fn share(&self) -> f64 {
        self.progress()
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
    fn share(&self) -> f64 {
        self.progress()
    }
    fn count(&self, into: &mut Explored) {
        let traces = self.finals.len() as u64;
        (into.traces, into.runs, into.blocked, into.left_out) = (traces, self.runs, self.runs.saturating_sub(traces), self.left_out);
    }
}

/// What `stop` is told while a search goes on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Runs so far, learning included.
    pub runs: u64,
    /// A share of what is known to be explored that is surely done, 0 to 1. It may fall when a run shows that there is more.
    pub share: f64,
}

/// Explores.
///
/// `stop` is asked after each run; true ends the search as inconclusive.
///
/// # Errors
/// `--expect` or `--watch` name something that is not there.
pub fn explore(runner: &Runner, options: &Options, stop: &mut dyn FnMut(Progress) -> bool) -> Result<Explored, Usage> {
    let mut sites = Sites::default();
    // a clock that waits for all others makes steps depend on more than what they touch: only equal partial orders are passed over
    match options.preemptions.or(options.sees.virtual_time.then_some(u32::MAX)) {
        Some(n) => search(runner, &mut sites, options, stop, || new_bounded(n, options.max_steps), &|_| true),
        None => {
            let optimal = search(runner, &mut sites, options, stop, || new_dpor(options.max_steps), &|_| true)?;
            match optimal.verdict {
                // a time limit that another step takes away is an order that no race of two steps tells of
                Verdict::Inconclusive(_) if optimal.timed => search(runner, &mut sites, options, stop, || new_bounded(u32::MAX, options.max_steps), &|_| true),
                // a spin that begins or ends elsewhere than foreseen
                Verdict::Holds if optimal.surprises > 0 => search(runner, &mut sites, options, stop, || new_bounded(u32::MAX, options.max_steps), &|_| true),
                _ => Ok(optimal),
            }
        }
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
        Explored { verdict: Verdict::Holds, traces: 0, runs: 0, blocked: 0, learning: 0, sites: 0, left_out: false, timed: false, share: 0.0, surprises: 0 };
    'round: loop {
        let shared = Arc::new(sites.clone());
        let explorer = Arc::new(Mutex::new(new()));
        out.sites = sites.len();
        out.learning = total;
        loop {
            explorer.lock().begin();
            let ran = run(runner, &shared, options.sees, &explorer);
            total += 1;
            ran.usage()?;
            let failure = ran.failure().filter(|f| counts(f));
            if let Some(failure) = failure {
                let schedule = explorer.lock().schedule();
                explorer.lock().finish();
                explorer.lock().count(&mut out);
                let (story, result, spinning, used) = (Vec::new(), ran.result, ran.session.livelock, sites.clone());
                for site in &ran.session.learned {
                    sites.add(*site);
                }
                out.verdict = Verdict::Fails(Box::new(Counterexample {
                    failure,
                    schedule,
                    sites: used,
                    preemptions: 0,
                    fewest: false,
                    story,
                    result,
                    spinning,
                    waiting: Vec::new(),
                }));
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
            out.share = explorer.lock().share();
            explorer.lock().count(&mut out);
            out.timed |= ran.session.timed;
            let why = if E::UNTIMED && out.timed {
                Some("waits with time limits".to_owned())
            } else if ran.session.processes {
                Some("the script starts processes; what they do is not explored yet".to_owned())
            } else if too_long {
                Some(format!("a run took more than {} steps", options.max_steps))
            } else if more {
                None
            } else if total >= options.max_runs {
                left.then(|| format!("the budget of {} runs is used up", options.max_runs))
            } else {
                stop(Progress { runs: total, share: explorer.lock().share() }).then(|| "stopped".to_owned())
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
const MINIMIZE_RUNS: u64 = 1500;
/// Runs that making one schedule simpler may take.
const SIMPLIFY_RUNS: usize = 500;

/// The same failure with fewer preemptions, by moving what a thread does later to where it was interrupted, as long as that helps.
pub fn simplify(runner: &Runner, sites: &Sites, sees: Sees, schedule: &[Proc], failure: &Failure) -> Vec<Proc> {
    let mut best = schedule.to_vec();
    let mut fewest = rerun(runner, sites, sees, &best, false).preemptions;
    let mut runs = 0;
    'again: loop {
        let blocks = blocks_of(&best);
        for (i, j) in mergeable(&blocks) {
            runs += 1;
            if runs > SIMPLIFY_RUNS || fewest == 0 {
                return best;
            }
            let mut moved = blocks.clone();
            let block = moved.remove(j);
            moved.insert(i + 1, block);
            let wanted: Vec<Proc> = moved.iter().flat_map(|(p, n)| std::iter::repeat_n(*p, *n)).collect();
            let tried = rerun(runner, sites, sees, &wanted, false);
            if tried.preemptions < fewest && tried.result.failure.as_ref().map(Failure::kind) == Some(failure.kind()) {
                (best, fewest) = (tried.schedule, tried.preemptions);
                continue 'again;
            }
        }
        return best;
    }
}

/// Who made how many steps, one after the other.
fn blocks_of(schedule: &[Proc]) -> Vec<(Proc, usize)> {
    schedule.chunk_by(|a, b| a == b).map(|block| (block[0], block.len())).collect()
}

/// Each block with the next one of the same thread.
fn mergeable(blocks: &[(Proc, usize)]) -> Vec<(usize, usize)> {
    let next = |i: usize| blocks[i + 1..].iter().position(|b| b.0 == blocks[i].0).map(|d| (i, i + 1 + d));
    (0..blocks.len()).filter_map(next).collect()
}

/// A counterexample with the fewest preemptions: searched for with 0, 1, 2 .. of them; then its story.
fn minimized(runner: &Runner, sites: &mut Sites, options: &Options, mut explored: Explored) -> Result<Explored, Usage> {
    let Verdict::Fails(found) = &mut explored.verdict else { return Ok(explored) };
    if options.minimize {
        found.schedule = simplify(runner, &found.sites, options.sees, &found.schedule, &found.failure);
    }
    found.preemptions = rerun(runner, &found.sites, options.sees, &found.schedule, false).preemptions;
    let kind = found.failure.kind();
    let mut certain = options.minimize;
    // what the failing run showed to be visible is looked at once more with as many: the story shall have it
    let again = u32::from(sites.len() > found.sites.len());
    for bound in 0..if options.minimize { found.preemptions + again } else { 0 } {
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
    let told = rerun(runner, &found.sites, options.sees, &found.schedule, true);
    found.result = told.result.clone();
    if let (Failure::Livelock { at, .. }, Some(Failure::Livelock { at: where_, .. })) = (&mut found.failure, &told.result.failure) {
        at.clone_from(where_);
    }
    (found.story, found.preemptions, found.fewest, found.spinning) = (told.story, told.preemptions, certain, told.spinning);
    found.waiting = told.waiting;
    Ok(explored)
}

/// A schedule's run.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// What it came to.
    pub result: RunResult,
    /// What its steps did, where that was asked for.
    pub story: Vec<Told>,
    /// How often a thread was stopped that could have gone on.
    pub preemptions: u32,
    /// The threads that spin for ever, in a livelock.
    pub spinning: Vec<Proc>,
    /// Who waited at the end, and for which object.
    pub waiting: Vec<(Proc, u64)>,
    /// Who made each step.
    pub schedule: Vec<Proc>,
    /// A step could not be made as the schedule says.
    pub diverged: bool,
}

/// One schedule of a controlled run again: the same run, byte for byte.
pub fn replay(runner: &Runner, sites: &Sites, schedule: &[Proc]) -> Replayed {
    rerun(runner, sites, Sees::default(), schedule, false)
}

/// The same, with a word at the run's beginning.
pub fn replay_with(runner: &Runner, sites: &Sites, schedule: &[Proc], begin: impl FnOnce(&mut Vm) + Send + 'static) -> Replayed {
    rerun_begun(runner, sites, Sees::default(), schedule, false, begin)
}

/// The same, telling what each step does.
pub fn tell(runner: &Runner, sites: &Sites, schedule: &[Proc]) -> Replayed {
    rerun(runner, sites, Sees::default(), schedule, true)
}

fn rerun(runner: &Runner, sites: &Sites, sees: Sees, schedule: &[Proc], telling: bool) -> Replayed {
    rerun_begun(runner, sites, sees, schedule, telling, |_| {})
}

fn rerun_begun(runner: &Runner, sites: &Sites, sees: Sees, schedule: &[Proc], telling: bool, begin: impl FnOnce(&mut Vm) + Send + 'static) -> Replayed {
    let sites = Arc::new(sites.clone().telling(telling));
    let driver = Arc::new(Mutex::new(Fixed::new(schedule.to_vec())));
    let ran = run_begun(runner, &sites, sees, &driver, begin);
    let failure = ran.failure();
    let preemptions = driver.lock().preemptions();
    let diverged = driver.lock().diverged;
    let mut result = RunResult { failure, ..ran.result };
    if let Some(Failure::Livelock { at, .. }) = &mut result.failure
        && at.is_empty()
    {
        *at = ran.session.livelock.iter().filter_map(|p| place_of(&ran.session.story, *p)).collect();
    }
    if !ran.session.livelock.is_empty() {
        result.exit = 1;
    }
    let waiting = ran.session.waiting();
    let schedule = driver.lock().steps.iter().map(|s| s.0.proc).collect();
    Replayed { result, waiting, schedule, story: ran.session.story, preemptions, spinning: ran.session.livelock, diverged }
}

/// Where a thread was last told of.
fn place_of(story: &[Told], proc: Proc) -> Option<(Tid, Site)> {
    let last = story.iter().rev().find(|t| t.thread == proc)?;
    Some((Tid(proc), Site { file: last.file.clone(), line: last.line }))
}

/// A failing schedule with the fewest preemptions, among those that fail in the same way (the kind of failure). Searched for by bounds
/// of 0, 1, 2 .. preemptions, each up to `max_runs` runs; `None` where none was found within that.
///
/// # Errors
/// `--expect` or `--watch` name something that is not there.
pub fn minimize(runner: &Runner, failure: &Failure, most: u32, max_runs: u64) -> Result<Option<Counterexample>, Usage> {
    let mut sites = Sites::default();
    let mut certain = true;
    for bound in 0..=most {
        let options = Options { max_runs, ..Options::default() };
        let found = search(runner, &mut sites, &options, &mut |_| false, || new_bounded(bound, options.max_steps), &|f| f.kind() == failure.kind())?;
        match found.verdict {
            Verdict::Fails(mut found) => {
                let told = rerun(runner, &found.sites, options.sees, &found.schedule, true);
                (found.story, found.preemptions, found.fewest, found.spinning) = (told.story, told.preemptions, certain, told.spinning);
                found.waiting = told.waiting;
                return Ok(Some(*found));
            }
            Verdict::Holds if !found.left_out => return Ok(None),
            Verdict::Holds => {}
            Verdict::Inconclusive(_) => certain = false,
        }
    }
    Ok(None)
}

/// A budget of time as a `stop`.
pub fn for_at_most(limit: Duration, elapsed: impl Fn() -> Duration) -> impl FnMut(Progress) -> bool {
    move |_| elapsed() >= limit
}
