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
    count(image, seed, ticks, handoff, &counter(locked))
}

fn count(image: &Arc<Image>, seed: u64, ticks: u32, handoff: Handoff, source: &str) -> u64 {
    let r = Simulation { seed, ticks, handoff, record: false, image: image.clone() }.run(source);
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

/// Long enough that an interval of 10,000 ticks ends in its midst.
const LONG_ROUNDS: u64 = 400;

/// What 20 seeds lose at a tick interval: how many of them lose updates, and the share of all updates that is lost.
fn losses(image: &Arc<Image>, ticks: u32) -> (usize, f64) {
    let total = THREADS * LONG_ROUNDS;
    // a short stretch between reading and writing, a long one between two rounds
    let source = counter(false)
        .replace(&format!("range({ROUNDS})"), &format!("range({LONG_ROUNDS})"))
        .replace("range(8)", "range(4)")
        .replace("count[0] = n + 1\n", "count[0] = n + 1\n        for j in range(20): pass\n");
    let counts: Vec<u64> = (0..20).map(|seed| count(image, seed, ticks, Handoff::Fair, &source)).collect();
    let losing = counts.iter().filter(|&&n| n < total).count();
    (losing, counts.iter().map(|n| (total - n) as f64).sum::<f64>() / (20 * total) as f64)
}

#[test]
fn how_much_is_lost_depends_on_the_tick_interval() {
    let image = Image::new();
    let (at_10, at_100, at_10_000, never) = (losses(&image, 10), losses(&image, 100), losses(&image, 10_000), losses(&image, 1_000_000));
    assert!(at_10.0 >= 11 && at_100.0 >= 11, "{at_10:?} {at_100:?}");
    assert!((at_10.1 - at_100.1).abs() > 0.003 && at_100.1 > 1.5 * at_10_000.1, "{at_10:?} {at_100:?} {at_10_000:?}");
    assert!(at_10_000.0 > 0, "{at_10_000:?}");
    assert_eq!(never, (0, 0.0));
}

/// The document's case: a thread with a user's lock loses the GIL, by IO (`sleep(0)`) or by ticks; the other gets the GIL, asks for the
/// lock, does not get it, and the first one has the GIL again.
fn five_steps(how: &str) -> String {
    let pause = if how == "io" { "time.sleep(0)" } else { "pass" };
    format!(
        "import threading, time
lock, log, asked = threading.Lock(), [], []
def b():
    log.append('B has the GIL')
    asked.append(1)
    with lock:
        log.append('B has the lock')
def a():
    with lock:
        log.append('A has the lock')
        t.start()
        while not asked:
            {pause}
        for i in range(50):
            {pause}
        log.append('A has the GIL again')
    log.append('A has given the lock back')
t = threading.Thread(target=b)
a()
t.join()
print('; '.join(log))
"
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn who_holds_a_lock_keeps_it_when_it_loses_the_gil(seed in any::<u64>(), ticks in 1u32..=1000, handoff in handoffs(), io in any::<bool>()) {
        let r = Simulation { seed, ticks, handoff, record: false, image: Image::new() }.run(&five_steps(if io { "io" } else { "ticks" }));
        let story: Vec<&str> = r.stdout.trim().split("; ").collect();
        prop_assert_eq!(&story[..3], ["A has the lock", "B has the GIL", "A has the GIL again"], "{}", r.stderr);
        let mut end = story[3..].to_vec();
        end.sort_unstable();
        prop_assert_eq!(end, ["A has given the lock back", "B has the lock"]);
    }
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
