//! Many runs of one program on all cores. Runs are numbered by their seeds; what they give is joined in that order, so the result does not
//! depend on the number of workers, and what is known when somebody interrupts is a row of runs without gaps.

use crate::outcome::{Evaluated, Failure, RunResult};
use crate::runner::{How, Runner, Shared};
use crate::schedule::Schedule;
use crate::strategy::{Kind, Points, Profile, Profiler, Steps};
use crate::tally::Tally;
use crossbeam_channel::{bounded, unbounded};
use gilbert_vm::world::sim::Order;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

/// Runs before the search that measure how long runs are, for the strategies that want to know.
const PROFILE_RUNS: u64 = 5;
/// Runs in a batch, at most: small enough that the last ones to finish keep nobody waiting.
const BATCH: u64 = 64;

/// What to race.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The strategy.
    pub kind: Kind,
    /// The first seed.
    pub seed: u64,
    /// How many runs all shards make together.
    pub runs: u64,
    /// Which shard this is, from 1, and of how many.
    pub shard: (u64, u64),
    /// Workers.
    pub jobs: usize,
}

impl Plan {
    /// The seeds of this shard: shards are neighbours, of equal size but for one.
    pub fn seeds(&self) -> Range<u64> {
        let (i, n) = self.shard;
        let cut = |i: u64| (u128::from(self.runs) * u128::from(i) / u128::from(n.max(1))) as u64;
        self.seed.wrapping_add(cut(i - 1))..self.seed.wrapping_add(cut(i))
    }
}

/// What a race came to.
#[derive(Clone, Debug)]
pub struct Raced {
    /// The counts.
    pub tally: Tally,
    /// How long runs are, where that was measured.
    pub profile: Profile,
    /// Whether it was interrupted.
    pub interrupted: bool,
}

/// How many steps each thread takes, seen in a few random runs: always the same ones, so that a run's seed says all of it.
pub fn profile(runner: &Runner) -> Profile {
    let mut all = Profile::default();
    for seed in 0..PROFILE_RUNS {
        let (strategy, seen) = Profiler::new(seed);
        let ran = runner.run(How { seed, strategy: Box::new(Points::new(Box::new(strategy), None)), order: Order::Controlled, record: false });
        // a run that never ends says nothing about how long runs are
        let ends = !matches!(ran.failure, Some(Failure::Livelock { .. }));
        if let Ok(seen) = seen.lock()
            && ends
        {
            all.join(&seen);
        }
    }
    all
}

/// The run of a seed. Where the strategy alone decides, it decides about the schedule alone: all else is as in any other run.
pub fn run_seed(runner: &Runner, kind: Kind, profile: &Profile, seed: u64, record: bool) -> RunResult {
    runner.run(How { seed: world_seed(kind, seed), strategy: kind.strategy(seed, profile), order: kind.order(), record })
}

fn world_seed(kind: Kind, seed: u64) -> u64 {
    if kind.order() == Order::Time { seed } else { 0 }
}

/// The run of a seed, and its schedule.
pub fn record_seed(runner: &Runner, kind: Kind, profile: &Profile, seed: u64) -> (RunResult, Schedule) {
    let steps = Steps::default();
    let strategy = kind.recording(seed, profile, Some(steps.clone()));
    let result = runner.run(How { seed: world_seed(kind, seed), strategy, order: kind.order(), record: true });
    let schedule = match kind.order() {
        Order::Controlled => {
            let steps = steps.lock().map(|s| s.clone()).unwrap_or_default();
            Schedule::of_steps(&result, runner.shared(), &steps, (*runner.sites()).clone())
        }
        _ => Schedule::of(&result, runner.shared(), kind, seed),
    };
    (result, schedule)
}

/// What is wrong with the expressions, as the first run tells: they name nothing there though the script came to its end.
pub fn check_expressions(result: &RunResult) -> Result<(), String> {
    let unknown = |option: &str, e: &Option<Evaluated>| match e {
        Some(Evaluated::Unknown(what)) => Err(format!("{option}: {what}")),
        _ => Ok(()),
    };
    match result.failure {
        None | Some(Failure::Expect(_)) => unknown("--watch", &result.watch).and_then(|()| unknown("--expect", &result.expect)),
        _ => Ok(()),
    }
}

/// Makes all runs of a plan. `progress` is told after each batch how many runs are joined and how many of them failed.
///
/// # Errors
/// An expression names nothing.
pub fn race(shared: &Shared, plan: Plan, stop: &AtomicBool, mut progress: impl FnMut(&Tally)) -> Result<Raced, String> {
    let first = Runner::new(shared.clone());
    let profile = if plan.kind.needs_profile() { profile(&first) } else { Profile::default() };
    check_expressions(&run_seed(&first, plan.kind, &profile, plan.seed, false))?;
    drop(first);
    let seeds = plan.seeds();
    let jobs = plan.jobs.max(1);
    let size = (seeds.end.wrapping_sub(seeds.start) / (jobs as u64 * 8)).clamp(1, BATCH);
    let mut tally = Tally::default();
    std::thread::scope(|scope| {
        // bounded, so that nobody is so far ahead that joining needs much memory
        let (give, take) = bounded::<(u64, Range<u64>)>(jobs * 2);
        let (tell, told) = unbounded();
        for _ in 0..jobs {
            let (take, tell, shared, profile) = (take.clone(), tell.clone(), shared.clone(), &profile);
            scope.spawn(move || {
                let runner = Runner::new(shared);
                for (number, seeds) in take {
                    let batch = run_batch(&runner, plan.kind, profile, seeds, stop);
                    if tell.send((number, batch)).is_err() {
                        return;
                    }
                }
            });
        }
        drop((take, tell));
        scope.spawn(move || {
            let mut start = seeds.start;
            for number in 0.. {
                let end = start.saturating_add(size).min(seeds.end);
                if start >= end || stop.load(Ordering::Relaxed) || give.send((number, start..end)).is_err() {
                    return;
                }
                start = end;
            }
        });
        join_in_order(&told, &mut tally, &mut progress);
    });
    Ok(Raced { interrupted: stop.load(Ordering::Relaxed), tally, profile })
}

/// The runs of some seeds, and whether all of them were made.
fn run_batch(runner: &Runner, kind: Kind, profile: &Profile, seeds: Range<u64>, stop: &AtomicBool) -> (Tally, bool) {
    let mut tally = Tally::default();
    for seed in seeds {
        if stop.load(Ordering::Relaxed) {
            return (tally, false);
        }
        tally.add(seed, &run_seed(runner, kind, profile, seed, false));
    }
    (tally, true)
}

/// Joins batches in the order of their seeds; what comes behind a gap is left out.
fn join_in_order(told: &crossbeam_channel::Receiver<(u64, (Tally, bool))>, tally: &mut Tally, progress: &mut impl FnMut(&Tally)) {
    let mut waiting = BTreeMap::new();
    let (mut next, mut whole) = (0, true);
    for (number, batch) in told {
        waiting.insert(number, batch);
        while let Some((batch, complete)) = waiting.remove(&next).filter(|_| whole) {
            tally.join(batch);
            whole = complete;
            next += 1;
        }
        progress(tally);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::{Expr, Machine, Target};
    use gilbert_stdlib::StdLibrary;
    use std::sync::Arc;

    fn shared(watch: &str) -> Shared {
        let source = "import threading
n = 0
def work():
    global n
    for _ in range(3):
        n += 1
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
";
        let shared = Shared::new(Target::text(source), Machine::default(), Arc::new(StdLibrary::default()));
        shared.watching(Some(Expr::new(watch, "--watch").expect("an expression"))).expecting(Expr::new("n == 6", "--expect").ok())
    }

    #[test]
    fn results_depend_neither_on_jobs_nor_on_shards() {
        let shared = shared("n");
        for kind in [Kind::TickFair, Kind::Random, Kind::Pct { depth: 2 }, Kind::Surw] {
            let plan = Plan { kind, seed: 40, runs: 90, shard: (1, 1), jobs: 1 };
            let run = |plan| race(&shared, plan, &AtomicBool::new(false), |_| {}).expect("names that are there").tally;
            let one = run(plan);
            assert_eq!(one.runs, 90);
            assert_eq!(one.to_json(), run(Plan { jobs: 4, ..plan }).to_json(), "{kind}");
            let mut joined = Tally::default();
            (1..=4).for_each(|i| joined.join(run(Plan { shard: (i, 4), jobs: 2, ..plan })));
            assert_eq!(one.to_json(), joined.to_json(), "{kind}");
        }
    }

    #[test]
    fn an_interrupted_race_has_no_gaps() {
        let stop = AtomicBool::new(false);
        let plan = Plan { kind: Kind::Random, seed: 0, runs: 100_000, shard: (1, 1), jobs: 3 };
        let raced = race(&shared("n"), plan, &stop, |tally| stop.store(tally.runs > 20, Ordering::Relaxed)).expect("names that are there");
        assert!(raced.interrupted && raced.tally.runs > 20 && raced.tally.runs < 100_000);
        let again = race(&shared("n"), Plan { runs: raced.tally.runs, ..plan }, &AtomicBool::new(false), |_| {}).expect("the same");
        assert_eq!(again.tally.to_json(), raced.tally.to_json());
    }

    #[test]
    fn an_expression_that_names_nothing_ends_it_at_once() {
        let plan = Plan { kind: Kind::Random, seed: 0, runs: 10, shard: (1, 1), jobs: 1 };
        let error = race(&shared("nn"), plan, &AtomicBool::new(false), |_| {}).expect_err("nn is not there");
        assert!(error.starts_with("--watch: NameError: name 'nn' is not defined"), "{error}");
    }

    #[test]
    fn shards_cover_all_seeds_once() {
        for runs in [0, 1, 7, 100] {
            let plan = |i| Plan { kind: Kind::Random, seed: 5, runs, shard: (i, 3), jobs: 1 };
            let all: Vec<u64> = (1..=3).flat_map(|i| plan(i).seeds()).collect();
            assert_eq!(all, (5..5 + runs).collect::<Vec<_>>());
        }
    }
}
