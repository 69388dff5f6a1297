//! Measures the GIL and the thread machinery with toy threads (a tick is some 5 ns of work): `cargo run --release --example gil_marks`.
//! With arguments, only the marks whose names contain one of them.

#![allow(clippy::disallowed_methods)] // runs outside any isolate

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use gilbert_vm::gil::{Cause, DEFAULT_BOUND, Gil, Handoff, Policy, Turn, pending};
use gilbert_vm::world::native::{NativeOptions, NativeWorld};
use gilbert_vm::world::sim::{SimOptions, SimWorld};
use gilbert_vm::world::{Blocked, Ns, ThreadStart, Tid, WaitKind, Wake, World};

struct Process {
    world: Arc<dyn World>,
    gil: Gil,
    left: AtomicUsize,
}

struct Thread {
    process: Arc<Process>,
    turn: Turn,
    state: u64,
}

impl Process {
    fn new(world: Arc<dyn World>, policy: Policy, handoff: Handoff) -> Arc<Process> {
        let gil = Gil::new(policy, handoff, Arc::clone(&world), DEFAULT_BOUND).expect("settings");
        Arc::new(Process { world, gil, left: AtomicUsize::new(0) })
    }

    fn native(policy: Policy, handoff: Handoff) -> Arc<Process> {
        Process::new(NativeWorld::new(NativeOptions::default()), policy, handoff)
    }

    fn run(self: &Arc<Process>, main: impl FnOnce(&mut Thread) + Send + 'static) {
        let process = Arc::clone(self);
        self.world.run_main(Box::new(move |start| process.live(start, main)));
    }

    fn spawn(self: &Arc<Process>, body: impl FnOnce(&mut Thread) + Send + 'static) -> Tid {
        self.left.fetch_add(1, SeqCst);
        let process = Arc::clone(self);
        let body = move |start: ThreadStart| {
            let counted = Arc::clone(&process);
            process.live(start, move |thread| {
                body(thread);
                if counted.left.fetch_sub(1, SeqCst) == 1 {
                    counted.world.unpark(Tid::MAIN);
                }
            });
        };
        self.world.spawn("t", false, Box::new(body)).expect("a thread")
    }

    fn live(self: Arc<Process>, start: ThreadStart, body: impl FnOnce(&mut Thread)) {
        let turn = self.gil.turn(start.tid);
        let mut thread = Thread { process: self, turn, state: 1 };
        if thread.process.gil.acquire(&mut thread.turn).is_ok() {
            body(&mut thread);
            thread.process.gil.exit(thread.turn);
        }
    }
}

impl Thread {
    /// One instruction of about 5 ns.
    #[inline(always)]
    fn tick(&mut self) -> bool {
        let mut x = self.state;
        for _ in 0..4 {
            x = x.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 1;
        }
        self.state = std::hint::black_box(x);
        self.turn.left -= 1;
        self.turn.left > 0 || self.process.gil.tick_expired(&mut self.turn) & pending::KILL == 0
    }

    fn ticks(&mut self, n: u64) {
        for _ in 0..n {
            self.tick();
        }
    }

    fn park(&mut self, cause: Cause, deadline: Option<Ns>, kind: WaitKind) -> Wake {
        self.process.gil.release(&mut self.turn, cause);
        let wake = self.process.world.park(self.turn.tid(), deadline, &Blocked::new(kind, 1));
        if self.process.gil.acquire(&mut self.turn).is_err() { Wake::Killed } else { wake }
    }

    fn sleep(&mut self, ns: Ns) {
        self.process.gil.sync_clock(&mut self.turn);
        let deadline = self.process.world.now() + ns;
        while self.park(Cause::Io, Some(deadline), WaitKind::Sleep) == Wake::Unparked {}
    }

    fn join_all(&mut self) {
        while self.process.left.load(SeqCst) > 0 {
            if self.park(Cause::Block, None, WaitKind::Join) == Wake::Killed {
                return;
            }
        }
    }
}

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let marks: [(&str, fn()); 10] = [
        ("lone", lone),
        ("two", two_spinners),
        ("sleeper", sleeper_beside_spinner),
        ("queues", queue_round_trip),
        ("lock", contended_lock),
        ("start", start_and_join),
        ("many", many_sleepers),
        ("waiters", thousand_waiters),
        ("sim", simulated),
        ("switch", simulated_switches),
    ];
    for (name, mark) in marks {
        if wanted.is_empty() || wanted.iter().any(|w| name.contains(w.as_str())) {
            mark();
        }
    }
}

fn timed(work: impl FnOnce()) -> Duration {
    let begin = Instant::now();
    work();
    begin.elapsed()
}

fn lone() {
    const N: u64 = 100_000_000;
    let process = Process::native(Policy::Ticks(100), Handoff::Contend);
    process.run(|main| {
        let with = timed(|| main.ticks(N));
        let mut x = 1u64;
        let without = timed(|| {
            for _ in 0..N {
                for _ in 0..4 {
                    x = x.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 1;
                }
                x = std::hint::black_box(x);
            }
        });
        println!("lone thread: {:.2} ns a tick, {:.2} without countdown", with.as_nanos() as f64 / N as f64, without.as_nanos() as f64 / N as f64);
    });
}

fn two_spinners() {
    const N: u64 = 20_000_000;
    for (policy, handoff) in [
        (Policy::Ticks(100), Handoff::Contend),
        (Policy::Ticks(100), Handoff::Fair),
        (Policy::Ticks(100), Handoff::Fifo),
        (Policy::Ticks(10_000), Handoff::Fair),
        (Policy::Interval(5_000_000), Handoff::Contend),
    ] {
        let process = Process::native(policy, handoff);
        process.clone().run(move |main| {
            let sequence = timed(|| main.ticks(2 * N));
            let counts = Arc::new([AtomicU64::new(0), AtomicU64::new(0)]);
            let begin = Instant::now();
            for i in 0..2 {
                let counts = Arc::clone(&counts);
                main.process.spawn(move |thread| {
                    for _ in 0..N / 1000 {
                        thread.ticks(1000);
                        counts[i].fetch_add(1000, SeqCst);
                    }
                });
            }
            let watched = Arc::clone(&counts);
            let windows = std::thread::spawn(move || {
                let mut shares = Vec::new();
                let mut before = [0u64; 2];
                loop {
                    std::thread::sleep(Duration::from_millis(50));
                    let now = [watched[0].load(SeqCst), watched[1].load(SeqCst)];
                    if now.contains(&N) {
                        return shares;
                    }
                    let ran = [now[0] - before[0], now[1] - before[1]];
                    shares.push(ran[0].min(ran[1]) as f64 / (ran[0] + ran[1]).max(1) as f64);
                    before = now;
                }
            });
            main.join_all();
            let together = begin.elapsed();
            let shares = windows.join().expect("watcher");
            let least = shares.iter().skip(1).copied().fold(1.0, f64::min);
            let switches = main.process.gil.stats().total.switches_by(Cause::Tick);
            println!(
                "two spinners {policy:?} {handoff:?}: {:.2} of sequence ({:.0} ms), least share in 50 ms: {:.2}, {switches} switches, {:.0} ns each",
                together.as_secs_f64() / sequence.as_secs_f64(),
                together.as_secs_f64() * 1e3,
                least,
                (together.as_secs_f64() - sequence.as_secs_f64()) * 1e9 / switches as f64,
            );
        });
    }
}

fn percentiles(mut all: Vec<f64>) -> String {
    all.sort_by(f64::total_cmp);
    let at = |p: f64| all[((all.len() - 1) as f64 * p) as usize];
    format!("median {:.1}, 90% {:.1}, 99% {:.1}, worst {:.1} µs", at(0.5), at(0.9), at(0.99), at(1.0))
}

fn sleeper_beside_spinner() {
    for handoff in [Handoff::Contend, Handoff::Fair] {
        let process = Process::native(Policy::Ticks(100), handoff);
        process.run(move |main| {
            let done = Arc::new(AtomicUsize::new(0));
            let seen = Arc::clone(&done);
            main.process.spawn(move |thread| {
                while seen.load(SeqCst) == 0 {
                    thread.tick();
                }
            });
            let mut late = Vec::new();
            for _ in 0..1000 {
                let begin = Instant::now();
                main.sleep(1_000_000);
                late.push((begin.elapsed().as_nanos() as f64 - 1e6) / 1e3);
            }
            done.store(1, SeqCst);
            main.join_all();
            println!("1 ms sleeper beside a spinner, {handoff:?}, late: {}", percentiles(late));
        });
    }
}

fn queue_round_trip() {
    const N: u64 = 20_000;
    let process = Process::native(Policy::Ticks(100), Handoff::Contend);
    process.run(|main| {
        let counts = Arc::new((AtomicU64::new(0), AtomicU64::new(0)));
        let theirs = Arc::clone(&counts);
        let partner = main.process.spawn(move |thread| {
            for n in 1..=N {
                while theirs.0.load(SeqCst) < n {
                    thread.park(Cause::Block, None, WaitKind::Queue);
                }
                thread.ticks(20);
                theirs.1.store(n, SeqCst);
                thread.process.world.unpark(Tid::MAIN);
            }
        });
        let mut times = Vec::new();
        for n in 1..=N {
            let begin = Instant::now();
            counts.0.store(n, SeqCst);
            main.process.world.unpark(partner);
            main.ticks(20);
            while counts.1.load(SeqCst) < n {
                main.park(Cause::Block, None, WaitKind::Queue);
            }
            times.push(begin.elapsed().as_nanos() as f64 / 1e3);
        }
        main.join_all();
        let mean = times.iter().sum::<f64>() / times.len() as f64;
        println!("round trip through two queues: mean {mean:.1}, {}", percentiles(times));
    });
}

/// `with lock: n += 1` in 4 threads; the lock is taken by whoever comes, and a waiter is woken to look again.
fn contended_lock() {
    const N: u64 = 2_000_000;
    let process = Process::native(Policy::Ticks(100), Handoff::Contend);
    process.run(|main| {
        let lock = Arc::new((AtomicUsize::new(0), parking_lot::Mutex::new(Vec::<Tid>::new())));
        let begin = Instant::now();
        for _ in 0..4 {
            let lock = Arc::clone(&lock);
            main.process.spawn(move |thread| {
                for _ in 0..N {
                    while lock.0.load(SeqCst) != 0 {
                        lock.1.lock().push(thread.turn.tid());
                        thread.park(Cause::Block, None, WaitKind::Lock);
                        lock.1.lock().retain(|t| *t != thread.turn.tid());
                    }
                    lock.0.store(1, SeqCst);
                    thread.ticks(4);
                    lock.0.store(0, SeqCst);
                    let next = lock.1.lock().pop();
                    if let Some(next) = next {
                        thread.process.world.unpark(next);
                    }
                    thread.ticks(4);
                }
            });
        }
        main.join_all();
        println!("contended lock, 4 threads: {:.0} ns an operation of 8 ticks", begin.elapsed().as_nanos() as f64 / (4 * N) as f64);
    });
}

fn start_and_join() {
    let process = Process::native(Policy::Ticks(100), Handoff::Contend);
    process.run(|main| {
        let mut times = Vec::new();
        for _ in 0..5000 {
            let begin = Instant::now();
            main.process.spawn(|thread| thread.ticks(10));
            main.join_all();
            times.push(begin.elapsed().as_nanos() as f64 / 1e3);
        }
        println!("start and join: {}", percentiles(times));
    });
}

fn many_sleepers() {
    let process = Process::native(Policy::Ticks(100), Handoff::Contend);
    process.run(|main| {
        let begin = Instant::now();
        for _ in 0..5000 {
            main.process.spawn(|thread| thread.sleep(1_000_000_000));
            main.ticks(50);
        }
        let started = begin.elapsed();
        main.join_all();
        println!("5,000 sleepers of 1 s: started in {:.0} ms, gone after {:.0} ms", started.as_secs_f64() * 1e3, begin.elapsed().as_secs_f64() * 1e3);
    });
}

fn thousand_waiters() {
    for handoff in [Handoff::Contend, Handoff::Fair] {
        let process = Process::native(Policy::Ticks(100), handoff);
        process.run(move |main| {
            let stop = Arc::new(AtomicUsize::new(0));
            let ran: Arc<Vec<AtomicU64>> = Arc::new((0..1000).map(|_| AtomicU64::new(0)).collect());
            for i in 0..1000 {
                let (stop, ran) = (Arc::clone(&stop), Arc::clone(&ran));
                main.process.spawn(move |thread| {
                    while stop.load(SeqCst) == 0 {
                        thread.ticks(1000);
                        ran[i].fetch_add(1, SeqCst);
                    }
                });
            }
            main.sleep(3_000_000_000);
            stop.store(1, SeqCst);
            main.join_all();
            let mut counts: Vec<u64> = ran.iter().map(|n| n.load(SeqCst)).collect();
            counts.sort_unstable();
            println!(
                "1000 waiters for 3 s, {handoff:?}: thousands of ticks: least {}, median {}, most {}, sum {}",
                counts[0],
                counts[500],
                counts[999],
                counts.iter().sum::<u64>()
            );
        });
    }
}

fn simulated() {
    let world = SimWorld::new(SimOptions::default());
    let process = Process::new(world, Policy::Ticks(100), Handoff::Fair);
    let begin = Instant::now();
    process.run(|main| {
        for _ in 0..2 {
            main.process.spawn(|thread| thread.ticks(50_000_000));
        }
        main.join_all();
    });
    let total = process.gil.stats().total;
    let switches = total.switches_by(Cause::Tick);
    println!(
        "simulated, two spinners: {:.0} ms for 100 M ticks, {switches} switches, {} releases",
        begin.elapsed().as_secs_f64() * 1e3,
        total.releases_by(Cause::Tick)
    );

    let world = SimWorld::new(SimOptions::default());
    let process = Process::new(world, Policy::Ticks(100), Handoff::Fair);
    let begin = Instant::now();
    process.run(|main| {
        for _ in 0..100_000 {
            main.process.spawn(|thread| thread.sleep(1_000_000_000_000));
        }
        main.sleep(500_000_000_000);
        println!("simulated, 100,000 blocked threads: {} MB resident", resident() >> 20);
        main.join_all();
    });
    println!("   all of it: {:.0} ms", begin.elapsed().as_secs_f64() * 1e3);
}

/// A switch every second tick, so that nearly all the time is hand-overs.
fn simulated_switches() {
    let process = Process::new(SimWorld::new(SimOptions::default()), Policy::Ticks(1), Handoff::Fair);
    let begin = Instant::now();
    process.run(|main| {
        for _ in 0..2 {
            main.process.spawn(|thread| thread.ticks(1_000_000));
        }
        main.join_all();
    });
    let switches = process.gil.stats().total.switches_by(Cause::Tick);
    let each = begin.elapsed().as_nanos() as f64 / 2e6;
    println!("simulated, a choice after every tick: {each:.0} ns a tick, {switches} switches in 2 M ticks");
}

fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0) * 4096
}
