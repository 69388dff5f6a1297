//! Properties over schedules as values: one that fails, with the schedule to which it shrinks, and one that holds.

use gilbert::lab::outcome::Failure;
use gilbert::lab::proptests::Schedule;
use gilbert::lab::runner::How;
use gilbert::lab::strategy::Preemption;
use gilbert::lab::{Order, schedules};
use gilbert::{Data, Program};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

/// Two deposits into one account, with or without a lock.
fn deposits(lock: &str) -> Program {
    Program::new(&format!(
        "import threading
from contextlib import nullcontext
balance = 0
lock = {lock}
def deposit(amount):
    global balance
    with lock:
        seen = balance
        balance = seen + amount
threads = [threading.Thread(target=deposit, args=(n,)) for n in (10, 20)]
for t in threads: t.start()
for t in threads: t.join()
"
    ))
}

fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn run(program: &Program, schedule: &Schedule) -> gilbert::Scheduled {
    program.run_as(How { seed: 0, strategy: schedule.strategy(), order: Order::Strategy, record: true }, false)
}

#[test]
fn without_a_lock_a_deposit_is_lost_and_one_preemption_is_enough() {
    let program = deposits("nullcontext()");
    let property = |schedule: Schedule| {
        let report = run(&program, &schedule);
        prop_assert_eq!(report.global("balance"), Some(&Data::Int(30)));
        Ok(())
    };
    let Err(TestError::Fail(_, shrunken)) = runner(600).run(&schedules(4, 120), property) else { panic!("no schedule loses a deposit") };
    println!("the schedule to which it shrinks: {shrunken:?}");
    assert_eq!(shrunken.preemptions.len(), 1, "{shrunken:?}");
    // and no earlier one does it
    let loses = |at| run(&program, &Schedule { preemptions: vec![Preemption { at, to: 0 }] }).global("balance") != Some(&Data::Int(30));
    assert_eq!((0..120).find(|at| loses(*at)), Some(shrunken.preemptions[0].at));
    // the same schedule, the same run
    assert_eq!(run(&program, &shrunken), run(&program, &shrunken));
}

#[test]
fn with_a_lock_every_schedule_keeps_both() {
    let program = deposits("threading.Lock()");
    let property = |schedule: Schedule| {
        let report = run(&program, &schedule);
        prop_assert_eq!(report.global("balance"), Some(&Data::Int(30)));
        prop_assert_eq!(report.failure(), None::<&Failure>);
        Ok(())
    };
    runner(200).run(&schedules(5, 200), property).expect("a locked deposit");
}

#[test]
fn observed_runs_do_the_same_and_keep_their_events() {
    let program = deposits("threading.Lock()");
    let how = || How { seed: 3, strategy: Schedule::default().strategy(), order: Order::Strategy, record: true };
    let (plain, observed, again) = (program.run_as(how(), false), program.run_as(how(), true), program.run_as(how(), true));
    assert_eq!(plain.result, observed.result);
    assert!(plain.events.is_empty() && !observed.events.is_empty());
    assert_eq!(observed, again);
}
