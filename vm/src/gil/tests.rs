use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use parking_lot::Mutex;

use super::*;
use crate::testing::{Toy, ToyLock};
use crate::world::native::{NativeOptions, NativeWorld};
use crate::world::sim::{Run, SimOptions, SimWorld};
use crate::world::{Outcome, World};

const HANDOFFS: [Handoff; 3] = [Handoff::Fair, Handoff::Fifo, Handoff::Contend];

fn sim(seed: u64) -> Arc<SimWorld> {
    SimWorld::new(SimOptions { seed, record: true, ..SimOptions::default() })
}

fn native() -> Arc<dyn World> {
    NativeWorld::new(NativeOptions { seed: Some(1), ..NativeOptions::default() })
}

fn both() -> [Arc<dyn World>; 2] {
    [native(), sim(1)]
}

/// An unprotected `counter += 1` of three ticks.
fn add_unlocked(thread: &mut crate::testing::ToyThread, counter: &AtomicU64) {
    let seen = counter.load(Ordering::Relaxed);
    thread.ticks(2);
    counter.store(seen + 1, Ordering::Relaxed);
    thread.ticks(1);
}

#[test]
fn one_holder_at_a_time_whatever_the_settings() {
    let policies = [Policy::Ticks(1), Policy::Ticks(100), Policy::Ticks(5_000), Policy::Interval(20_000)];
    for world in [0, 1] {
        for handoff in HANDOFFS {
            for policy in policies {
                let toy = Toy::new(both()[world].clone(), policy, handoff);
                let outcome = toy.run(|main| {
                    for _ in 0..4 {
                        main.toy.spawn("worker", |thread| {
                            for i in 0..300 {
                                thread.ticks(37);
                                if i % 10 == 0 {
                                    thread.io();
                                }
                                if i % 100 == 0 {
                                    thread.sleep(10_000);
                                }
                            }
                        });
                    }
                });
                assert_eq!(outcome, Outcome::Finished);
                assert_eq!(toy.violations.load(Ordering::SeqCst), 0, "{handoff:?} {policy:?}");
            }
        }
    }
}

#[test]
fn a_locked_counter_is_exact_and_an_unlocked_one_loses() {
    let mut losing_seeds = 0;
    for seed in 0..20 {
        let world = sim(seed);
        let toy = Toy::new(world, Policy::Ticks(100), Handoff::Fair);
        let counters = Arc::new((AtomicU64::new(0), AtomicU64::new(0), ToyLock::default()));
        let shared = Arc::clone(&counters);
        let outcome = toy.run(move |main| {
            for _ in 0..2 {
                let shared = Arc::clone(&shared);
                main.toy.spawn("adder", move |thread| {
                    for _ in 0..1000 {
                        for _ in 0..5 {
                            add_unlocked(thread, &shared.0);
                        }
                        thread.lock(&shared.2);
                        add_unlocked(thread, &shared.1);
                        thread.unlock(&shared.2);
                    }
                });
            }
        });
        assert_eq!(outcome, Outcome::Finished);
        assert_eq!(counters.1.load(Ordering::SeqCst), 2000);
        losing_seeds += u32::from(counters.0.load(Ordering::SeqCst) < 10_000);
    }
    assert!(losing_seeds > 10, "{losing_seeds} of 20");
}

fn recorded(seed: u64, policy: Policy) -> Vec<Run> {
    let world = sim(seed);
    let toy = Toy::new(world.clone(), policy, Handoff::Fair);
    let outcome = toy.run(|main| {
        for n in 0..5u64 {
            main.toy.spawn("worker", move |thread| {
                for _ in 0..20 {
                    thread.ticks(150);
                    thread.io();
                    thread.sleep(1000 * n);
                }
            });
        }
    });
    assert_eq!(outcome, Outcome::Finished);
    world.take_schedule()
}

#[test]
fn same_seed_same_schedule() {
    for policy in [Policy::Ticks(100), Policy::Ticks(7), Policy::Interval(5_000), Policy::Off(10)] {
        assert_eq!(recorded(3, policy), recorded(3, policy));
        assert!(!recorded(3, policy).is_empty());
    }
    assert_ne!(recorded(3, Policy::Ticks(100)), recorded(4, Policy::Ticks(100)));
}

/// Whether exactly these waits are going on.
fn only_waits(thread: &crate::testing::ToyThread, kinds: &[WaitKind]) -> bool {
    let blocked = thread.toy.world.blocked_threads();
    blocked.iter().map(|b| b.why.kind).eq(kinds.iter().copied())
}

/// The case in five steps: A holds a lock of the user's and calls into the OS; B surely gets the GIL, asks for the lock, and blocks;
/// so A gets the GIL back though B was there first; A loses it by ticks and nobody can take it; A unlocks; B goes on.
#[test]
fn who_gets_the_gil_while_a_users_lock_is_held() {
    for simulated in [false, true] {
        for handoff in HANDOFFS {
            let world: Arc<dyn World> = if simulated { sim(5) } else { native() };
            let toy = Toy::new(world, Policy::Ticks(100), handoff);
            let story = Arc::new(Mutex::new(Vec::new()));
            let log = Arc::clone(&story);
            toy.run(move |main| {
                let lock = Arc::new(ToyLock::default());
                let held = Arc::new(AtomicBool::new(false));
                let (log_a, lock_a, held_a) = (Arc::clone(&log), Arc::clone(&lock), Arc::clone(&held));
                main.toy.spawn("A", move |a| {
                    a.lock(&lock_a);
                    log_a.lock().push("A locks");
                    held_a.store(true, Ordering::SeqCst);
                    // B gets to run by our IO alone, until it waits for the lock (and the main thread for us).
                    while lock_a.waiters() == 0 || !only_waits(a, &[WaitKind::Join, WaitKind::Lock]) {
                        a.io();
                    }
                    log_a.lock().push("A is back from IO");
                    let before = a.toy.gil.stats().total.switches_by(Cause::Tick);
                    a.ticks(1000);
                    assert_eq!(a.toy.gil.stats().total.switches_by(Cause::Tick), before);
                    log_a.lock().push("A unlocks");
                    a.unlock(&lock_a);
                });
                let (log_b, lock_b) = (Arc::clone(&log), Arc::clone(&lock));
                main.toy.spawn("B", move |b| {
                    while !held.load(Ordering::SeqCst) {
                        b.io();
                    }
                    log_b.lock().push("B asks");
                    b.lock(&lock_b);
                    log_b.lock().push("B locks");
                    b.unlock(&lock_b);
                });
            });
            let told = ["A locks", "B asks", "A is back from IO", "A unlocks", "B locks"];
            assert_eq!(*story.lock(), told, "{handoff:?}");
        }
    }
}

/// Whoever waits when another calls into the OS has the GIL before that caller has it again.
#[test]
fn io_surely_hands_over() {
    for simulated in [false, true] {
        for handoff in HANDOFFS {
            let world: Arc<dyn World> = if simulated { sim(5) } else { native() };
            let toy = Toy::new(world, Policy::Ticks(1_000_000), handoff);
            let turns = Arc::new(Mutex::new(Vec::new()));
            let log = Arc::clone(&turns);
            toy.run(move |main| {
                let here = Arc::new(AtomicU64::new(0));
                for _ in 0..2 {
                    let (log, here) = (Arc::clone(&log), Arc::clone(&here));
                    main.toy.spawn("writer", move |thread| {
                        here.fetch_add(1, Ordering::SeqCst);
                        while here.load(Ordering::SeqCst) < 2 {
                            thread.io();
                        }
                        for _ in 0..50 {
                            // Both are here: the other one waits for the GIL, or is on its way to.
                            while thread.toy.gil.waiting.load(Ordering::SeqCst) == 0 && here.load(Ordering::SeqCst) == 2 && !thread.toy.world.simulated() {
                                std::hint::spin_loop();
                            }
                            log.lock().push(thread.tid());
                            thread.ticks(10);
                            thread.io();
                        }
                        here.store(9, Ordering::SeqCst);
                    });
                }
            });
            let turns = turns.lock();
            let both_there = &turns[..turns.len().min(90)];
            let repeats = both_there.windows(2).filter(|pair| pair[0] == pair[1]).count();
            assert_eq!(repeats, 0, "{handoff:?} simulated: {simulated} {both_there:?}");
        }
    }
}

#[test]
fn who_is_back_from_io_gets_the_next_release() {
    let world = sim(3);
    let toy = Toy::new(world.clone(), Policy::Ticks(100), Handoff::Contend);
    let longest = Arc::new(AtomicU64::new(0));
    let seen = Arc::clone(&longest);
    toy.run(move |main| {
        for _ in 0..3 {
            main.toy.spawn("spinner", |thread| assert!(thread.ticks(100_000)));
        }
        for _ in 0..20 {
            let before = main.toy.world.now();
            main.io();
            seen.fetch_max(main.toy.world.now() - before, Ordering::SeqCst);
        }
    });
    // an interval of 100 ticks and the switches; whoever only waits does so for the bound of 1 ms at least
    let longest = longest.load(Ordering::SeqCst);
    assert!((1..100_000).contains(&longest), "{longest}");
}

#[test]
fn fifo_is_in_order_of_arrival() {
    let toy = Toy::new(sim(2), Policy::Ticks(100), Handoff::Fifo);
    let order = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&order);
    toy.run(move |main| {
        for _ in 0..10 {
            let log = Arc::clone(&log);
            main.toy.spawn("worker", move |thread| {
                for _ in 0..5 {
                    log.lock().push(thread.tid().0);
                    thread.ticks(100);
                }
            });
        }
        main.ticks(10_000);
    });
    let expected: Vec<u32> = (0..5).flat_map(|_| 1..=10).collect();
    assert_eq!(*order.lock(), expected);
}

#[test]
fn a_fair_gil_spreads_its_turns_evenly() {
    let world = sim(11);
    let toy = Toy::new(world.clone(), Policy::Ticks(10), Handoff::Fair);
    toy.run(|main| {
        for _ in 0..1000 {
            main.toy.spawn("worker", |thread| assert!(thread.ticks(1_000)));
        }
    });
    // Over the first half of the run everybody is still there; each turn of 10 ticks is a draw.
    let runs = world.take_schedule();
    let mut ticks = vec![0u64; 1001];
    let mut total = 0;
    for run in runs.iter().skip_while(|run| run.tid == Tid::MAIN) {
        ticks[run.tid.0 as usize] += run.ticks;
        total += run.ticks;
        if total >= 500_000 {
            break;
        }
    }
    let mean = total as f64 / 1000.0;
    let chi: f64 = ticks[1..].iter().map(|&n| (n as f64 - mean).powi(2) / mean / 10.0).sum();
    // Degrees of freedom: 999; the distribution's deviation is sqrt(2 * 999) = 45.
    assert!((700.0..1300.0).contains(&chi), "{chi}");
}

#[test]
fn killing_the_gil_sends_everybody_home_one_by_one() {
    for world in both() {
        let toy = Toy::new(Arc::clone(&world), Policy::Ticks(100), Handoff::Fair);
        let outcome = toy.run(|main| {
            let mut threads = Vec::new();
            for n in 0..10u64 {
                threads.push(main.toy.spawn("worker", move |thread| match n % 3 {
                    0 => while thread.ticks(50) {},
                    1 => while thread.io() {},
                    _ => while thread.park(Cause::Block, None, &Blocked::new(WaitKind::Lock, 1)) != Wake::Killed {},
                }));
            }
            main.sleep(200_000);
            main.toy.gil.kill();
            assert_ne!(main.toy.gil.pending() & pending::KILL, 0);
            for tid in threads {
                main.toy.world.kill(tid);
            }
            // Our parks still work; each of them answers `Killed` only because of the GIL.
            while main.toy.left() > 0 {
                main.park(Cause::Block, None, &Blocked::new(WaitKind::Join, 0));
            }
        });
        assert_eq!(outcome, Outcome::Finished);
        assert_eq!(toy.violations.load(Ordering::SeqCst), 0);
    }
}

#[test]
fn a_lone_thread_never_switches() {
    for world in both() {
        let toy = Toy::new(world, Policy::Ticks(100), Handoff::Contend);
        toy.run(|main| {
            main.ticks(100_000);
            main.io();
        });
        let total = toy.gil.stats().total;
        assert_eq!(total.releases_by(Cause::Tick), 1000);
        assert_eq!(total.releases_by(Cause::Io), 1);
        assert_eq!(total.switches, [0; 4]);
        assert_eq!(total.waits, 0);
    }
}

#[test]
fn pending_flags_are_seen_soon_and_cleared() {
    let toy = Toy::new(sim(1), Policy::Ticks(1_000_000), Handoff::Fair);
    toy.run(|main| {
        main.ticks(10);
        main.toy.gil.set_pending(pending::SIGNAL);
        let mut ran = 0;
        let flags = loop {
            main.turn.left -= 1;
            ran += 1;
            if main.turn.left <= 0 {
                let flags = main.toy.gil.tick_expired(&mut main.turn);
                if flags != 0 {
                    break flags;
                }
            }
        };
        assert_eq!(flags, pending::SIGNAL);
        assert!(ran <= CHUNK);
        assert_eq!(main.toy.gil.clear_pending(pending::SIGNAL), pending::SIGNAL);
        assert_eq!(main.toy.gil.pending(), 0);
    });
}

#[test]
fn the_interval_can_be_changed_while_running() {
    let toy = Toy::new(sim(1), Policy::Ticks(100), Handoff::Fair);
    toy.run(|main| {
        let toy = Arc::clone(&main.toy);
        toy.gil.set_policy(Policy::Ticks(1), &mut main.turn).unwrap();
        let before = toy.gil.stats().total.releases_by(Cause::Tick);
        main.ticks(50);
        assert_eq!(toy.gil.stats().total.releases_by(Cause::Tick) - before, 50);
        assert!(toy.gil.set_policy(Policy::Ticks(0), &mut main.turn).is_err());
        assert!(toy.gil.set_policy(Policy::Off(1), &mut main.turn).is_err());
        toy.gil.set_policy(Policy::Interval(1_000_000), &mut main.turn).unwrap();
        assert_eq!(toy.gil.policy(), Policy::Interval(1_000_000));
    });
    assert!(Gil::new(Policy::Off(1), Handoff::Fair, native(), DEFAULT_BOUND).is_err());
}

#[test]
fn an_interval_switches_in_virtual_time() {
    let world = sim(1);
    let toy = Toy::new(world.clone(), Policy::Interval(1_000_000), Handoff::Fair);
    toy.run(|main| {
        for _ in 0..2 {
            main.toy.spawn("spinner", |thread| assert!(thread.ticks(200_000)));
        }
    });
    // 200,000 ticks of 50 ns are 10 ms each: about ten switches of 1 ms each way.
    let switches = toy.gil.stats().total.switches_by(Cause::Tick);
    assert!((10..30).contains(&switches), "{switches}");
}

#[test]
fn without_a_gil_threads_interleave() {
    let world = sim(1);
    let toy = Toy::new(world.clone(), Policy::Off(5), Handoff::Fair);
    toy.run(|main| {
        for _ in 0..2 {
            main.toy.spawn("runner", |thread| {
                for _ in 0..1000 {
                    thread.turn.left -= 1;
                    if thread.turn.left <= 0 {
                        thread.toy.gil.tick_expired(&mut thread.turn);
                    }
                }
            });
        }
    });
    let runs = world.take_schedule();
    assert!(runs.len() > 100, "{}", runs.len());
    // Two cores: both ran at the same time.
    assert!(world.now() < 2 * 1000 * 50);
}

/// Two adders of `rounds` each: what the locked and the unlocked counter come to, how the run ended, and its schedule.
fn count_up(policy: Policy, handoff: Handoff, seed: u64, rounds: u64) -> (u64, u64, Outcome, Vec<Run>) {
    let world = sim(seed);
    let toy = Toy::new(world.clone(), policy, handoff);
    let counters = Arc::new((AtomicU64::new(0), AtomicU64::new(0), ToyLock::default()));
    let shared = Arc::clone(&counters);
    let outcome = toy.run(move |main| {
        for _ in 0..2 {
            let shared = Arc::clone(&shared);
            main.toy.spawn("adder", move |thread| {
                for _ in 0..rounds {
                    add_unlocked(thread, &shared.1);
                    thread.lock(&shared.2);
                    add_unlocked(thread, &shared.0);
                    thread.unlock(&shared.2);
                }
            });
        }
    });
    let (locked, unlocked) = (counters.0.load(Ordering::SeqCst), counters.1.load(Ordering::SeqCst));
    (locked, unlocked, outcome, world.take_schedule())
}

proptest::proptest! {
    #[test]
    fn counters_are_exact_when_locked_and_bounded_when_not(
        ticks in 1u32..=1000,
        handoff in 0usize..3,
        interval in proptest::bool::ANY,
        seed in proptest::num::u64::ANY,
    ) {
        let policy = if interval { Policy::Interval(u64::from(ticks) * 100) } else { Policy::Ticks(ticks) };
        let run = count_up(policy, HANDOFFS[handoff], seed, 100);
        proptest::prop_assert_eq!(&run.2, &Outcome::Finished);
        proptest::prop_assert_eq!(run.0, 200);
        proptest::prop_assert!((2..=200).contains(&run.1));
        proptest::prop_assert_eq!(count_up(policy, HANDOFFS[handoff], seed, 100), run);
    }
}
