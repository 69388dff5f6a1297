//! What must hold for every schedule, tick interval, hand-over and seed.

use gilbert::Simulation;
use gilbert_vm::gil::Handoff;
use gilbert_vm::image::Image;
use gilbert_vm::world::Outcome;
use proptest::prelude::*;
use std::sync::Arc;

const THREADS: u64 = 4;
const ROUNDS: u64 = 25;

/// Threads that read a counter, do some work, and write it back: locked or not.
fn counter(locked: bool) -> String {
    let (acquire, release) = if locked { ("lock.acquire()", "lock.release()") } else { ("pass", "pass") };
    format!(
        "import threading
lock = threading.Lock()
count = [0]
def work():
    for i in range({ROUNDS}):
        {acquire}
        n = count[0]
        for j in range(8):
            pass
        count[0] = n + 1
        {release}
threads = [threading.Thread(target=work) for i in range({THREADS})]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(count[0])
"
    )
}

fn final_count(image: &Arc<Image>, seed: u64, ticks: u32, handoff: Handoff, locked: bool) -> u64 {
    let r = Simulation { seed, ticks, handoff, record: false, image: image.clone() }.run(&counter(locked));
    assert_eq!((r.exit, &r.outcome), (0, &Outcome::Finished), "{}", r.stderr);
    r.stdout.trim().parse().expect("a number")
}

fn handoffs() -> impl Strategy<Value = Handoff> {
    prop_oneof![Just(Handoff::Fair), Just(Handoff::Fifo), Just(Handoff::Contend)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn a_locked_counter_is_exact_and_an_unlocked_one_within_bounds(seed in any::<u64>(), ticks in 1u32..=1000, handoff in handoffs()) {
        let image = Image::new();
        prop_assert_eq!(final_count(&image, seed, ticks, handoff, true), THREADS * ROUNDS);
        let n = final_count(&image, seed, ticks, handoff, false);
        prop_assert!((2..=THREADS * ROUNDS).contains(&n), "{}", n);
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_the_same_schedule(seed in any::<u64>(), ticks in 1u32..=1000, handoff in handoffs()) {
        let image = Image::new();
        let run = || Simulation { seed, ticks, handoff, record: true, image: image.clone() }.run(&counter(false));
        let (a, b) = (run(), run());
        prop_assert!(!a.schedule.is_empty());
        prop_assert_eq!(a, b);
    }
}

/// How many of 20 seeds lose updates at a tick interval.
fn losing_seeds(image: &Arc<Image>, ticks: u32) -> usize {
    (0..20).filter(|&seed| final_count(image, seed, ticks, Handoff::Fair, false) < THREADS * ROUNDS).count()
}

#[test]
fn how_often_updates_are_lost_depends_on_the_tick_interval() {
    let image = Image::new();
    let (at_10, at_100, at_1000, never) = (losing_seeds(&image, 10), losing_seeds(&image, 100), losing_seeds(&image, 1000), losing_seeds(&image, 1_000_000));
    assert!(at_10 >= 15 && at_100 >= 11, "{at_10} and {at_100} of 20");
    assert!(at_1000 < at_10, "{at_1000} and {at_10} of 20");
    assert_eq!(never, 0);
}

#[test]
fn parallel_runs_do_not_see_each_other() {
    let image = Image::new();
    let alone: Vec<u64> = (0..6).map(|seed| final_count(&image, seed, 50, Handoff::Fair, false)).collect();
    let together: Vec<u64> = std::thread::scope(|s| {
        let runs: Vec<_> = (0..6)
            .map(|seed| {
                s.spawn({
                    let image = &image;
                    move || final_count(image, seed, 50, Handoff::Fair, false)
                })
            })
            .collect();
        runs.into_iter().map(|r| r.join().expect("a run")).collect()
    });
    assert_eq!(alone, together);
}
