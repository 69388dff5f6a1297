//! `explore` on random little programs, on the real machine: as many traces as the enumeration of all schedules finds, the same verdict,
//! counterexamples that replay to the byte, and that still fail when they have been made simpler.

use gilbert_lab::explore::search::{Explored, Options, Verdict, explore, minimize};
use gilbert_lab::runner::{Runner, Shared};
use gilbert_lab::schedule::Schedule;
use gilbert_lab::target::{Expr, Machine, Target};
use gilbert_stdlib::StdLibrary;
use proptest::prelude::*;
use std::sync::Arc;

/// A statement of a thread, on shared `x`, `y`, `l`, `d`, and its own `r`.
fn statement() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("r = x".to_owned()),
        (1..3).prop_map(|k| format!("x = r + {k}")),
        Just("y = x".to_owned()),
        Just("x += 1".to_owned()),
        Just("with lock:\n        x += 1".to_owned()),
        Just("with lock:\n        y = x".to_owned()),
        (0..2).prop_map(|k| format!("l.append({k})")),
        (0..2).prop_map(|k| format!("if x == {k}:\n        y += 1")),
        (0..2).prop_map(|k| format!("d[{k}] = r")),
        (0..2).prop_map(|k| format!("r = d.get({k}, 0)")),
        Just("q.put(r)".to_owned()),
    ]
}

/// Two or three threads of a few statements.
fn program() -> impl Strategy<Value = String> {
    let thread = prop::collection::vec(statement(), 1..4);
    prop::collection::vec(thread, 2..4).prop_map(|threads| {
        let mut out = String::from("import threading, queue\nx = y = 0\nl = []\nd = {}\nlock = threading.Lock()\nq = queue.SimpleQueue()\n");
        for (i, body) in threads.iter().enumerate() {
            out.push_str(&format!("def f{i}():\n    global x, y\n    r = 0\n"));
            body.iter().for_each(|line| out.push_str(&format!("    {line}\n")));
        }
        let names: Vec<String> = (0..threads.len()).map(|i| format!("f{i}")).collect();
        out.push_str(&format!("ts = [threading.Thread(target=f) for f in [{}]]\nfor t in ts: t.start()\nfor t in ts: t.join()\n", names.join(", ")));
        out
    })
}

fn runner(source: &str, expect: Option<&str>) -> Runner {
    let expect = expect.map(|e| Expr::new(e, "--expect").expect("an expression"));
    Runner::new(Shared::new(Target::text(source), Machine::default(), Arc::new(StdLibrary::default())).expecting(expect))
}

fn explored(runner: &Runner, preemptions: Option<u32>, max_runs: u64) -> Explored {
    let options = Options { preemptions, max_runs, minimize: preemptions.is_none(), ..Options::default() };
    explore(runner, &options, &mut |_| false).expect("no usage error")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn as_many_traces_as_there_are(source in program()) {
        let runner = runner(&source, None);
        let all = explored(&runner, Some(1000), 600);
        prop_assume!(matches!(all.verdict, Verdict::Holds));
        let optimal = explored(&runner, None, 5000);
        prop_assert!(matches!(optimal.verdict, Verdict::Holds), "{:?}\n{}", optimal.verdict, source);
        prop_assert_eq!((optimal.traces, optimal.runs, optimal.blocked, optimal.surprises), (all.traces, all.traces, 0, 0), "{}", source);
    }

    #[test]
    fn the_verdict_is_that_of_all_schedules_and_counterexamples_replay(source in program(), most in 0i64..4) {
        let runner = runner(&source, Some(&format!("x + y <= {most}")));
        let all = explored(&runner, Some(1000), 400);
        let optimal = explored(&runner, None, 5000);
        if !matches!(all.verdict, Verdict::Inconclusive(_)) {
            prop_assert_eq!(matches!(all.verdict, Verdict::Fails(_)), matches!(optimal.verdict, Verdict::Fails(_)), "{}", source);
        }
        if let Verdict::Fails(found) = &optimal.verdict {
            let schedule = Schedule::of_steps(&found.result, runner.shared(), &found.schedule, found.sites.clone());
            let schedule = Schedule::parse(&schedule.to_text()).expect("what we wrote");
            let first = schedule.replay(&runner);
            prop_assert_eq!(first.as_ref().ok().and_then(|r| r.failure.clone()), Some(found.failure.clone()), "{}", source);
            prop_assert_eq!(schedule.replay(&runner), first);
            let least = minimize(&runner, &found.failure, found.preemptions, 500).expect("no usage error");
            prop_assert!(!found.fewest || least.is_none_or(|l| !l.fewest || l.preemptions == found.preemptions), "{}", source);
        }
    }
}
