//! What must hold for greenlets whatever the schedule: a thread's greenlets are its own business.

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

use gilbert::Simulation;
use gilbert_vm::gil::Handoff;
use gilbert_vm::image::Image;
use gilbert_vm::world::Outcome;
use proptest::prelude::*;
use std::process::Command;

/// Greenlets that act by plan; see there.
const GRAPH: &str = include_str!("greenlet_graph.py");
const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];
const KINDS: [&str; 10] = ["switch", "throw", "key", "next", "parent", "deep", "new", "raise", "return", "look"];

/// Plans for two to five greenlets: what to do, to whom, and a number that says how.
fn plans() -> impl Strategy<Value = String> {
    (2usize..=5).prop_flat_map(|n| {
        let target = prop_oneof![4 => 0..n, 1 => Just(usize::MAX)];
        let kind = prop_oneof![6 => Just(0usize), 5 => 1..KINDS.len()];
        let action = (kind, target, 0u32..12).prop_map(|(kind, target, flag)| {
            let target = NAMES.get(target).unwrap_or(&"main");
            format!("('{}', '{target}', {flag})", KINDS[kind])
        });
        let plan = prop::collection::vec(action, 1..8).prop_map(|actions| format!("[{}]", actions.join(", ")));
        prop::collection::vec(plan, n).prop_map(|plans| {
            let named: Vec<String> = plans.iter().zip(NAMES).map(|(plan, name)| format!("'{name}': {plan}")).collect();
            format!("{{{}}}", named.join(", "))
        })
    })
}

/// The graph alone.
fn alone(plans: &str) -> String {
    format!("{GRAPH}\nfor event in play({plans}, 60): print(event)\n")
}

/// The graph in two threads at once, which must not notice each other.
fn in_threads(plans: &str) -> String {
    format!(
        "{GRAPH}
import threading
traces = {{}}
def run(n): traces[n] = play({plans}, 60)
threads = [threading.Thread(target=run, args=(n,)) for n in range(2)]
for t in threads: t.start()
for t in threads: t.join()
assert traces[0] == traces[1], traces
for event in traces[0]: print(event)
"
    )
}

fn simulated(seed: u64, ticks: u32, source: &str) -> String {
    let r = Simulation { seed, ticks, handoff: Handoff::Fair, record: false, image: Image::new() }.run(source);
    assert_eq!((r.exit, &r.outcome), (0, &Outcome::Finished), "{}", r.stderr);
    r.stdout
}

fn native(source: &str) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_gilbert")).args(["run", "--ticks", "7", "-c", source]).output().expect("the command runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).into_owned()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn a_graph_gives_the_same_trace_at_any_interval_and_beside_another_thread(plans in plans(), seed in any::<u64>(), ticks in 1u32..=200) {
        let trace = simulated(0, 1000, &alone(&plans));
        prop_assert_eq!(&simulated(seed, ticks, &alone(&plans)), &trace);
        prop_assert_eq!(&simulated(seed, ticks, &in_threads(&plans)), &trace);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn both_worlds_give_the_same_trace(plans in plans()) {
        let trace = simulated(0, 100, &alone(&plans));
        prop_assert_eq!(&native(&alone(&plans)), &trace);
        prop_assert_eq!(&native(&in_threads(&plans)), &trace);
    }
}
