#![allow(clippy::disallowed_methods)] // the world is what may

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use parking_lot::Mutex;

use super::native::{NativeOptions, NativeWorld};
use super::sim::*;
use super::*;
use crate::gil::{Cause, Handoff, Policy};
use crate::testing::{Toy, ToyLock};

fn native() -> Arc<dyn World> {
    NativeWorld::new(NativeOptions { wake_at_end: true, ..NativeOptions::default() })
}

fn sim() -> Arc<SimWorld> {
    SimWorld::new(SimOptions::default())
}

fn both() -> [Arc<dyn World>; 2] {
    [native(), sim()]
}

#[test]
fn no_wakeup_is_lost() {
    for world in both() {
        let outcome = {
            let outer = Arc::clone(&world);
            world.run_main(Box::new(move |start| {
                let world = outer;
                let me = start.tid;
                let counts = Arc::new((AtomicU64::new(0), AtomicU64::new(0)));
                let (partner_world, partner_counts) = (Arc::clone(&world), Arc::clone(&counts));
                let rounds = 20_000;
                let partner = world.spawn(
                    "partner",
                    false,
                    Box::new(move |start| {
                        for n in 1..=rounds {
                            while partner_counts.0.load(Ordering::SeqCst) < n {
                                partner_world.park(start.tid, None, &Blocked::new(WaitKind::Event, 0));
                            }
                            partner_counts.1.store(n, Ordering::SeqCst);
                            partner_world.unpark(me);
                        }
                    }),
                );
                let partner = partner.unwrap();
                for n in 1..=rounds {
                    counts.0.store(n, Ordering::SeqCst);
                    world.unpark(partner);
                    while counts.1.load(Ordering::SeqCst) < n {
                        world.park(me, None, &Blocked::new(WaitKind::Event, 0));
                    }
                }
            }))
        };
        assert_eq!(outcome, Outcome::Finished);
    }
}

#[test]
fn many_threads_hammer_one_park() {
    for world in both() {
        let toy = Toy::new(world, Policy::Ticks(10), Handoff::Contend);
        let sum = Arc::new(AtomicU64::new(0));
        let total = Arc::clone(&sum);
        let outcome = toy.run(move |main| {
            let lock = Arc::new(ToyLock::default());
            for _ in 0..8 {
                let (lock, sum) = (Arc::clone(&lock), Arc::clone(&sum));
                main.toy.spawn("worker", move |thread| {
                    for _ in 0..500 {
                        thread.lock(&lock);
                        let seen = sum.load(Ordering::Relaxed);
                        thread.ticks(7);
                        sum.store(seen + 1, Ordering::Relaxed);
                        thread.unlock(&lock);
                    }
                });
            }
        });
        assert_eq!(outcome, Outcome::Finished);
        assert_eq!(total.load(Ordering::SeqCst), 4000);
    }
}

#[test]
fn a_token_given_before_the_park_ends_it() {
    for world in both() {
        let outer = Arc::clone(&world);
        world.run_main(Box::new(move |start| {
            let why = Blocked::new(WaitKind::Lock, 1);
            outer.unpark(start.tid);
            outer.unpark(start.tid);
            assert_eq!(outer.park(start.tid, None, &why), Wake::Unparked);
            let deadline = outer.now() + 1000;
            assert_eq!(outer.park(start.tid, Some(deadline), &why), Wake::TimedOut);
            assert!(outer.now() >= deadline);
            outer.interrupt(start.tid);
            let gil = Blocked::new(WaitKind::Gil, 0);
            let soon = outer.now() + 1000;
            while outer.park(start.tid, Some(soon), &gil) == Wake::Unparked {}
            assert_eq!(outer.park(start.tid, None, &why), Wake::Interrupted);
            outer.kill(start.tid);
            assert_eq!(outer.park(start.tid, None, &why), Wake::Killed);
            let soon = outer.now() + 1000;
            while outer.park(start.tid, Some(soon), &gil) == Wake::Unparked {}
        }));
    }
}

#[test]
fn two_locks_in_two_orders_are_a_deadlock() {
    for world in both() {
        let toy = Toy::new(world, Policy::Ticks(100), Handoff::Fair);
        let outcome = toy.run(|main| {
            let locks = Arc::new((ToyLock::default(), ToyLock::default(), AtomicUsize::new(0)));
            for swap in [false, true] {
                let locks = Arc::clone(&locks);
                main.toy.spawn(if swap { "two" } else { "one" }, move |thread| {
                    let (first, second) = if swap { (&locks.1, &locks.0) } else { (&locks.0, &locks.1) };
                    thread.lock(first);
                    locks.2.fetch_add(1, Ordering::SeqCst);
                    while locks.2.load(Ordering::SeqCst) < 2 {
                        thread.io();
                    }
                    thread.lock(second);
                });
            }
        });
        let Outcome::Deadlock(threads) = outcome else { panic!("{outcome:?}") };
        let waits: Vec<_> = threads.iter().map(|t| (t.tid.0, &*t.name, t.why.kind)).collect();
        let expected = [(0, "MainThread", WaitKind::Join), (1, "one", WaitKind::Lock), (2, "two", WaitKind::Lock)];
        assert_eq!(waits, expected);
    }
}

#[test]
fn a_late_waker_is_no_deadlock() {
    for round in 0..50u64 {
        let toy = Toy::new(native(), Policy::Ticks(100), Handoff::Contend);
        let outcome = toy.run(move |main| {
            let main_tid = main.tid();
            main.toy.spawn("waker", move |thread| {
                thread.sleep(round * 2_000);
                thread.toy.world.unpark(main_tid);
            });
            main.park(Cause::Block, None, &Blocked::new(WaitKind::Event, 7));
        });
        assert_eq!(outcome, Outcome::Finished);
    }
}

#[test]
fn waiting_for_the_outside_is_idle_when_simulated() {
    let world = SimWorld::new(SimOptions { stdin: Input::Silent, ..SimOptions::default() });
    let outer = Arc::clone(&world);
    let outcome = world.run_main(Box::new(move |start| {
        let mut buf = [0; 10];
        let _ = outer.stdio(0).read(start.tid, &mut buf);
    }));
    let Outcome::Idle(threads) = outcome else { panic!("{outcome:?}") };
    assert_eq!(threads[0].why.note, "standard input");
}

#[test]
fn an_outside_source_prevents_the_verdict() {
    let world = native();
    let outer = Arc::clone(&world);
    let outcome = world.run_main(Box::new(move |start| {
        outer.outside_sources(1);
        let from_outside = Arc::clone(&outer);
        // A helper that the world does not know.
        let helper = std::thread::spawn(move || {
            while from_outside.blocked_threads().is_empty() {
                std::thread::yield_now();
            }
            from_outside.unpark(Tid::MAIN);
        });
        while outer.park(start.tid, None, &Blocked::new(WaitKind::Event, 0)) != Wake::Unparked {}
        helper.join().unwrap();
        outer.outside_sources(-1);
    }));
    assert_eq!(outcome, Outcome::Finished);
}

#[test]
fn an_hour_of_sleep_passes_at_once_when_simulated() {
    let world = sim();
    let toy = Toy::new(world.clone(), Policy::Ticks(100), Handoff::Fair);
    let order = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&order);
    let outcome = toy.run(move |main| {
        for n in (1..=5u64).rev() {
            let log = Arc::clone(&log);
            main.toy.spawn("sleeper", move |thread| {
                assert_eq!(thread.sleep(n * 3_600_000_000_000), Wake::TimedOut);
                log.lock().push(n);
            });
        }
    });
    assert_eq!(outcome, Outcome::Finished);
    assert_eq!(*order.lock(), [1, 2, 3, 4, 5]);
    assert!((5 * 3_600_000_000_000..5 * 3_600_000_000_000 + 1_000_000).contains(&world.now()));
    assert_eq!(world.wall(), EPOCH_NS + world.now());
}

#[test]
fn until_ends_a_run() {
    for world in both() {
        world.set_until(Some(2_000_000));
        let toy = Toy::new(world, Policy::Ticks(100), Handoff::Fair);
        let outcome = toy.run(|main| {
            main.sleep(1_000_000_000_000);
        });
        assert_eq!(outcome, Outcome::Until);
    }
    let world = sim();
    world.set_until(Some(2_000_000));
    let toy = Toy::new(world.clone(), Policy::Ticks(100), Handoff::Fair);
    assert_eq!(toy.run(|main| while main.ticks(10) {}), Outcome::Until);
    assert!(world.now() <= 2_100_000);
}

#[test]
fn threads_that_remain_leave_and_free_what_they_own() {
    for world in both() {
        let owned = Arc::new(());
        let held = Arc::clone(&owned);
        let toy = Toy::new(Arc::clone(&world), Policy::Ticks(100), Handoff::Fair);
        let outcome = world.run_main({
            let toy = Arc::clone(&toy);
            Box::new(move |start| {
                let left = Arc::new(AtomicUsize::new(0));
                for _ in 0..10 {
                    let (held, world, left) = (Arc::clone(&held), Arc::clone(&toy.world), Arc::clone(&left));
                    let body = Box::new(move |start: ThreadStart| {
                        left.fetch_add(1, Ordering::SeqCst);
                        while world.park(start.tid, None, &Blocked::outside(WaitKind::Io, "")) != Wake::Killed {}
                        drop(held);
                    });
                    toy.world.spawn("daemon", true, body).unwrap();
                }
                while left.load(Ordering::SeqCst) < 10 {
                    let soon = toy.world.now() + 100_000;
                    toy.world.park(start.tid, Some(soon), &Blocked::new(WaitKind::Sleep, 0));
                }
                drop(held);
            })
        });
        assert_eq!(outcome, Outcome::Finished);
        drop(toy);
        // Natively the threads leave on their own time.
        while Arc::strong_count(&owned) > 1 {
            std::thread::yield_now();
        }
    }
}

#[test]
fn a_panic_is_an_outcome() {
    for world in both() {
        let outer = Arc::clone(&world);
        let outcome = world.run_main(Box::new(move |start| {
            let panics = Box::new(|_: ThreadStart| std::panic::resume_unwind(Box::new("a bug")));
            outer.spawn("broken", false, panics).unwrap();
            while outer.park(start.tid, None, &Blocked::outside(WaitKind::Io, "")) != Wake::Killed {}
        }));
        assert_eq!(outcome, Outcome::Panicked { tid: Tid(1), message: "a bug".to_owned() });
    }
}

#[test]
fn both_worlds_give_the_same_stack() {
    for world in both() {
        world.run_main(Box::new(|start| {
            let here = stack_pointer();
            assert!((start.stack.limit..=start.stack.base).contains(&here));
            let room = here - start.stack.limit;
            assert!(room > THREAD_STACK - 16 * 1024 && room <= THREAD_STACK, "{room}");
        }));
    }
}

#[test]
fn pipes_carry_bytes_and_wait() {
    for world in both() {
        let toy = Toy::new(world, Policy::Ticks(100), Handoff::Fair);
        let outcome = toy.run(|main| {
            let (read, write) = main.toy.world.pipe().unwrap();
            main.toy.spawn("writer", move |thread| {
                let data: Vec<u8> = (0..200_000u32).map(|n| n as u8).collect();
                let mut sent = 0;
                while sent < data.len() {
                    thread.release(Cause::Io);
                    sent += write.write(thread.tid(), &data[sent..]).unwrap();
                    thread.acquire().unwrap();
                }
            });
            let mut received = Vec::new();
            let mut buf = [0; 5000];
            loop {
                main.release(Cause::Io);
                let n = read.read(main.tid(), &mut buf).unwrap();
                main.acquire().unwrap();
                if n == 0 {
                    break;
                }
                received.extend_from_slice(&buf[..n]);
            }
            assert_eq!(received.len(), 200_000);
            assert!(received.iter().enumerate().all(|(i, b)| i as u8 == *b));
        });
        assert_eq!(outcome, Outcome::Finished);
    }
}

#[test]
fn poll_tells_what_is_ready_and_waits() {
    for world in both() {
        let toy = Toy::new(world, Policy::Ticks(100), Handoff::Fair);
        let outcome = toy.run(|main| {
            let world = Arc::clone(&main.toy.world);
            let (me, why) = (main.tid(), Blocked::new(WaitKind::Io, 0));
            let (read, write) = world.pipe().unwrap();
            let mut both = [PollEntry::new(read.clone(), Interest::READ), PollEntry::new(write.clone(), Interest::WRITE)];
            assert_eq!(world.poll(me, &mut both, None, &why), Wake::Unparked);
            assert_eq!([both[0].got, both[1].got], [Interest::NONE, Interest::WRITE]);
            let soon = world.now() + 1_000_000;
            main.release(Cause::Io);
            assert_eq!(world.poll(me, &mut both[..1], Some(soon), &why), Wake::TimedOut);
            main.acquire().unwrap();
            drop(both);
            main.toy.spawn("writer", move |thread| {
                thread.sleep(3_000_000);
                write.write(thread.tid(), b"x").unwrap();
            });
            let mut files = [PollEntry::new(read.clone(), Interest::READ)];
            main.release(Cause::Io);
            while files[0].got.is_empty() {
                assert_eq!(world.poll(me, &mut files, None, &why), Wake::Unparked);
            }
            assert!(files[0].got.contains(Interest::READ));
            assert_eq!(read.read(me, &mut [0; 2]), Ok(1));
            // the writer has left and with it the only writing end
            assert_eq!(read.read(me, &mut [0; 2]), Ok(0));
            main.acquire().unwrap();
            assert!(read.ready(Interest::READ).contains(Interest::HANG_UP));
        });
        assert_eq!(outcome, Outcome::Finished);
    }
}

#[test]
fn a_poller_watches_many_files() {
    for world in both() {
        let toy = Toy::new(world, Policy::Ticks(100), Handoff::Fair);
        let outcome = toy.run(|main| {
            let world = Arc::clone(&main.toy.world);
            let (me, why) = (main.tid(), Blocked::new(WaitKind::Io, 0));
            let poller = Poller::new();
            let pipes: Vec<_> = (0..100).map(|_| world.pipe().unwrap()).collect();
            for (key, (read, _)) in pipes.iter().enumerate() {
                poller.add(key as u64, read, Interest::READ, PollMode::default()).unwrap();
            }
            assert_eq!(poller.add(7, &pipes[7].0, Interest::READ, PollMode::default()), Err(OsError::new(libc::EEXIST)));
            assert_eq!(poller.collect(10), Ok(vec![]));
            pipes[42].1.write(me, b"x").unwrap();
            pipes[7].1.write(me, b"x").unwrap();
            let mut found = poller.collect(10).unwrap();
            found.sort_by_key(|(key, _)| *key);
            assert_eq!(found, [(7, Interest::READ), (42, Interest::READ)]);
            // told again, until it is read
            pipes[7].0.read(me, &mut [0; 2]).unwrap();
            assert_eq!(poller.collect(10), Ok(vec![(42, Interest::READ)]));
            poller.modify(42, Interest::READ, PollMode { once: true, edge: false }).unwrap();
            assert_eq!(poller.collect(10), Ok(vec![(42, Interest::READ)]));
            assert_eq!(poller.collect(10), Ok(vec![]));
            poller.remove(42).unwrap();
            assert_eq!(poller.remove(42), Err(OsError::new(libc::ENOENT)));
            let (read, write) = (pipes[3].0.clone(), pipes[3].1.clone());
            drop(pipes);
            assert_eq!(poller.len(), 1);
            main.toy.spawn("writer", move |thread| {
                thread.sleep(3_000_000);
                write.write(thread.tid(), b"x").unwrap();
            });
            main.release(Cause::Io);
            let found = loop {
                let (wake, found) = poller.wait(&*world, me, None, 10, &why).unwrap();
                assert_eq!(wake, Wake::Unparked);
                if !found.is_empty() {
                    break found;
                }
            };
            main.acquire().unwrap();
            assert!(found[0].0 == 3 && found[0].1.contains(Interest::READ));
            drop(read);
        });
        assert_eq!(outcome, Outcome::Finished);
    }
}

#[test]
fn an_interrupt_ends_a_blocked_read() {
    for world in both() {
        let toy = Toy::new(world, Policy::Ticks(100), Handoff::Fair);
        let outcome = toy.run(|main| {
            let (read, write) = main.toy.world.pipe().unwrap();
            main.toy.spawn("interrupter", |thread| {
                thread.sleep(3_000_000);
                thread.toy.world.interrupt(Tid::MAIN);
            });
            main.release(Cause::Io);
            let result = read.read(main.tid(), &mut [0; 10]);
            main.acquire().unwrap();
            assert_eq!(result, Err(OsError::new(libc::EINTR)));
            drop(write);
        });
        assert_eq!(outcome, Outcome::Finished);
    }
}

#[test]
fn a_raised_signal_is_queued_and_called() {
    for world in both() {
        let outer = Arc::clone(&world);
        let outcome = world.run_main(Box::new(move |start| {
            let called = Arc::new(AtomicUsize::new(0));
            let (count, waker) = (Arc::clone(&called), Arc::clone(&outer));
            let callback: OnSignal = Arc::new(move |_| {
                count.fetch_add(1, Ordering::SeqCst);
                waker.interrupt(Tid::MAIN);
            });
            outer.watch_signal(libc::SIGUSR2, true, callback).unwrap();
            outer.raise_signal(libc::SIGUSR2).unwrap();
            let why = Blocked::new(WaitKind::Event, 0);
            while outer.park(start.tid, None, &why) != Wake::Interrupted {}
            assert_eq!(called.load(Ordering::SeqCst), 1);
            assert_eq!(outer.take_signals(), [libc::SIGUSR2]);
            let nothing: OnSignal = Arc::new(|_| {});
            assert!(outer.watch_signal(libc::SIGKILL, false, nothing).is_err());
        }));
        assert_eq!(outcome, Outcome::Finished);
    }
}

/// A directory of our own on the disk.
fn temp_dir(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("gilbert-world-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

fn contents(world: &dyn World, path: &Path) -> OsResult<Vec<u8>> {
    let file = world.open(Tid::MAIN, path, libc::O_RDONLY, 0)?;
    let mut all = Vec::new();
    let mut buf = [0; 7];
    loop {
        match file.read(Tid::MAIN, &mut buf)? {
            0 => return Ok(all),
            n => all.extend_from_slice(&buf[..n]),
        }
    }
}

fn put(world: &dyn World, path: &Path, data: &[u8], more_flags: i32) -> OsResult<()> {
    let file = world.open(Tid::MAIN, path, libc::O_WRONLY | libc::O_CREAT | more_flags, 0o644)?;
    file.write(Tid::MAIN, data).map(drop)
}

fn names(world: &dyn World, dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = world.listdir(dir).unwrap().into_iter().map(|e| e.name.into_string().unwrap()).collect();
    names.sort();
    names
}

/// The same calls have the same results in both worlds.
#[test]
fn files_behave_alike_in_both_worlds() {
    for (world, name) in both().into_iter().zip(["native", "sim"]) {
        let dir = temp_dir(name);
        std::fs::create_dir_all(dir.join("old/deep")).unwrap();
        std::fs::write(dir.join("old/file"), "from the disk").unwrap();
        std::fs::write(dir.join("old/deep/leaf"), "leaf").unwrap();
        let world = &*world;
        let at = |path: &str| dir.join(path);

        put(world, &at("new"), b"hello", libc::O_TRUNC).unwrap();
        put(world, &at("new"), b" world", libc::O_APPEND).unwrap();
        assert_eq!(contents(world, &at("new")).unwrap(), b"hello world");
        assert_eq!(put(world, &at("new"), b"", libc::O_EXCL), Err(OsError::new(libc::EEXIST)));
        assert_eq!(contents(world, &at("none")), Err(OsError::new(libc::ENOENT)));
        assert_eq!(contents(world, &at("new/below")), Err(OsError::new(libc::ENOTDIR)));
        assert_eq!(contents(world, &at("old")), Err(OsError::new(libc::EISDIR)));
        assert_eq!(put(world, &at("old"), b"", 0), Err(OsError::new(libc::EISDIR)));
        assert_eq!(world.stat(&at("new"), true).unwrap().size, 11);
        assert!(world.stat(&at("old"), true).unwrap().is_dir());

        world.mkdir(&at("made"), 0o755).unwrap();
        assert_eq!(world.mkdir(&at("made"), 0o755), Err(OsError::new(libc::EEXIST)));
        assert_eq!(world.rmdir(&at("old")), Err(OsError::new(libc::ENOTEMPTY)));
        assert_eq!(world.unlink(&at("old")), Err(OsError::new(libc::EISDIR)));
        world.symlink(Path::new("old/file"), &at("link")).unwrap();
        assert_eq!(contents(world, &at("link")).unwrap(), b"from the disk");
        assert_eq!(world.readlink(&at("link")).unwrap(), Path::new("old/file"));
        assert!(world.stat(&at("link"), false).unwrap().is_symlink());
        assert_eq!(names(world, &dir), ["link", "made", "new", "old"]);

        world.rename(&at("old"), &at("made/moved")).unwrap();
        assert_eq!(names(world, &dir), ["link", "made", "new"]);
        assert_eq!(contents(world, &at("made/moved/deep/leaf")).unwrap(), b"leaf");
        assert_eq!(contents(world, &at("link")), Err(OsError::new(libc::ENOENT)));
        world.rename(&at("new"), &at("made/moved/file")).unwrap();
        assert_eq!(contents(world, &at("made/moved/file")).unwrap(), b"hello world");
        assert_eq!(world.rename(&at("made"), &at("made/in")), Err(OsError::new(libc::EINVAL)));

        world.link(&at("made/moved/file"), &at("twin")).unwrap();
        world.truncate(&at("twin"), 5).unwrap();
        assert_eq!(contents(world, &at("made/moved/file")).unwrap(), b"hello");
        assert_eq!(world.stat(&at("twin"), true).unwrap().nlink, 2);
        world.chmod(&at("twin"), 0o600).unwrap();
        assert_eq!(world.stat(&at("twin"), true).unwrap().mode & 0o777, 0o600);
        world.utime(&at("twin"), 5_000_000_001, 7_000_000_002).unwrap();
        assert_eq!(world.stat(&at("twin"), true).unwrap().mtime, 7_000_000_002);
        assert_eq!(world.access(&at("twin"), 4), Ok(()));
        assert_eq!(world.access(&at("none"), 0), Err(OsError::new(libc::ENOENT)));

        let file = world.open(Tid::MAIN, &at("twin"), libc::O_RDWR, 0).unwrap();
        assert_eq!(file.seek(-2, Whence::End), Ok(3));
        assert_eq!(file.write(Tid::MAIN, b"p!!"), Ok(3));
        assert_eq!(file.pwrite(b"J", 0), Ok(1));
        assert_eq!(file.seek(0, Whence::Start), Ok(0));
        let mut buf = [0; 20];
        assert_eq!(file.read(Tid::MAIN, &mut buf), Ok(6));
        assert_eq!(&buf[..6], b"Jelp!!");
        assert_eq!(file.seek(-1, Whence::Start), Err(OsError::new(libc::EINVAL)));
        world.unlink(&at("twin")).unwrap();
        assert_eq!(file.pread(&mut buf, 1), Ok(5));
        world.unlink(&at("link")).unwrap();
        assert_eq!(names(world, &dir), ["made"]);
        assert_eq!(names(world, &at("made/moved/..")), ["moved"]);

        let on_disk = std::fs::read_to_string(dir.join("old/file"));
        assert_eq!(on_disk.is_ok(), world.simulated(), "what is simulated leaves the disk alone");
        std::fs::remove_dir_all(&dir).unwrap();
    }
}

#[test]
fn simulated_output_is_captured() {
    let world = sim();
    world.stdio(1).write(Tid::MAIN, b"one").unwrap();
    world.stdio(2).write(Tid::MAIN, b"two").unwrap();
    assert_eq!(world.take_output(1), b"one");
    assert_eq!(world.take_output(2), b"two");
    assert!(!world.stdio(1).isatty());
}

#[test]
fn entropy_follows_the_seed() {
    let bytes = |seed| {
        let mut buf = [0; 20];
        SimWorld::new(SimOptions { seed, ..SimOptions::default() }).entropy(&mut buf);
        buf
    };
    assert_eq!(bytes(1), bytes(1));
    assert_ne!(bytes(1), bytes(2));
}

/// Starts a process that runs `body` with its own view of the machine, and gives its number.
fn start(world: &Arc<dyn World>, name: &str, body: impl FnOnce(Arc<dyn World>, ThreadStart) + Send + 'static) -> u32 {
    let child = world.fork_process(name).unwrap();
    let view = Arc::clone(&child);
    child.start_main(Box::new(move |start| body(view, start))).unwrap();
    child.pid()
}

/// Waits for the end of a child.
fn wait(world: &Arc<dyn World>, me: Tid, pid: u32) -> Option<i32> {
    loop {
        match world.take_ended(Some(pid), Some(me)) {
            processes::Child::Ended(_, status) => return Some(status),
            processes::Child::None => return None,
            processes::Child::Living => {
                world.park(me, None, &Blocked::new(WaitKind::Process, 0));
            }
        }
    }
}

/// Runs a machine's first process; how the run ended, and what the process said.
fn first<R: Send + 'static>(world: &Arc<dyn World>, body: impl FnOnce(Arc<dyn World>, Tid) -> R + Send + 'static) -> (Outcome, Option<R>) {
    let said = Arc::new(Mutex::new(None));
    let (slot, view) = (Arc::clone(&said), Arc::clone(world));
    let outcome = world.run_main(Box::new(move |start| {
        let r = body(view, start.tid);
        *slot.lock() = Some(r);
    }));
    let said = said.lock().take();
    (outcome, said)
}

fn wait_for_ever(world: &Arc<dyn World>, me: Tid) -> Wake {
    world.park(me, None, &Blocked::new(WaitKind::Event, 0))
}

#[test]
fn processes_end_with_their_status_by_themselves_by_signals_and_by_panics() {
    for world in both() {
        let (outcome, said) = first(&world, |world, me| {
            let by_itself = start(&world, "a", |world, _| world.end_process(7));
            let killed = start(&world, "b", |world, start| while wait_for_ever(&world, start.tid) != Wake::Killed {});
            let panicked = start(&world, "c", |_, _| panic!("of a test"));
            world.kill_process(killed, libc::SIGTERM).unwrap();
            let sentinel = world.sentinel(by_itself).unwrap();
            let statuses = [by_itself, killed, panicked].map(|pid| wait(&world, me, pid));
            let ended = sentinel.ready(Interest::READ) == Interest::READ;
            (statuses, ended, wait(&world, me, by_itself), world.kill_process(killed, 0))
        });
        assert_eq!(outcome, Outcome::Finished);
        let statuses = [Some(7), Some(-libc::SIGTERM), Some(70)];
        assert_eq!(said, Some((statuses, true, None, Err(OsError::new(libc::ESRCH)))));
    }
}

#[test]
fn a_process_has_its_number_its_parent_and_its_signals() {
    for world in both() {
        let (_, said) = first(&world, |world, me| {
            let parent = world.pid();
            let seen = Arc::new(Mutex::new(Vec::new()));
            let (log, told) = (Arc::clone(&seen), Arc::clone(&seen));
            let pid = start(&world, "child", move |world, start| {
                let facts = [world.pid() != parent, world.ppid() == parent, world.main_tid() == start.tid, world.find_process(parent).is_some()];
                log.lock().extend(facts.map(i32::from));
                let wake = Arc::clone(&world);
                let on_signal = move |signum| {
                    told.lock().push(signum);
                    wake.unpark(start.tid);
                };
                world.watch_signal(libc::SIGTERM, false, Arc::new(on_signal)).unwrap();
                world.unpark(me);
                while world.take_signals().is_empty() {
                    wait_for_ever(&world, start.tid);
                }
                world.end_process(3);
            });
            while world.find_process(pid).is_some_and(|p| p.watched().is_empty()) {
                wait_for_ever(&world, me);
            }
            world.kill_process(pid, libc::SIGTERM).unwrap();
            let status = wait(&world, me, pid);
            let seen = seen.lock().clone();
            (seen, status)
        });
        assert_eq!(said, Some((vec![1, 1, 1, 1, libc::SIGTERM], Some(3))));
    }
}

#[test]
fn orphans_go_on_and_the_run_ends_with_the_last() {
    for world in both() {
        let ended = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&ended);
        let (outcome, _) = first(&world, move |world, _| {
            for n in 0..3 {
                let count = Arc::clone(&count);
                start(&world, "orphan", move |world, start| {
                    let until = world.now() + 20_000_000 * (n + 1);
                    while world.park(start.tid, Some(until), &Blocked::new(WaitKind::Sleep, 0)) != Wake::TimedOut {}
                    count.fetch_add(usize::from(world.ppid() == 1), Ordering::SeqCst);
                    world.end_process(0);
                });
            }
        });
        assert_eq!((outcome, ended.load(Ordering::SeqCst)), (Outcome::Finished, 3));
    }
}

#[test]
fn processes_that_wait_for_each_other_are_a_deadlock_that_names_them() {
    for world in both() {
        let (outcome, _) = first(&world, |world, me| {
            let stuck = |world: Arc<dyn World>, start: ThreadStart| {
                wait_for_ever(&world, start.tid);
            };
            let pid = start(&world, "stuck", stuck);
            world.park(me, None, &Blocked::new(WaitKind::Process, u64::from(pid)));
        });
        let Outcome::Deadlock(threads) = outcome else { panic!("{outcome:?}") };
        let told: Vec<_> = threads.iter().map(|t| (&*t.process.1, t.why.kind, t.held_by.as_ref().map(|h| h.tid))).collect();
        assert_eq!(told, [("MainProcess", WaitKind::Process, Some(Tid(1))), ("stuck", WaitKind::Event, None)]);
    }
}

#[test]
fn cores_bound_how_many_processes_make_progress_at_once() {
    for (cores, expected) in [(1, 4), (2, 2), (4, 1)] {
        let world: Arc<dyn World> = SimWorld::new(SimOptions { cpu_count: cores, ..SimOptions::default() });
        let (_, took) = first(&world, move |world, me| {
            let began = world.now();
            let work = |world: Arc<dyn World>, start: ThreadStart| {
                for _ in 0..1000 {
                    world.charge(start.tid, 20);
                }
                world.end_process(0);
            };
            let pids: Vec<u32> = (0..4).map(|_| start(&world, "worker", work)).collect();
            for pid in pids {
                assert_eq!(wait(&world, me, pid), Some(0));
            }
            world.now() - began
        });
        // 1,000 times 20 ticks of 50 ns
        let units = took.unwrap_or(0) as f64 / 1e6;
        assert!((units - f64::from(expected)).abs() < 0.05, "{cores} cores: {units}");
    }
}
