//! Two threads that read a counter and then write it, under shuttle's random scheduler and its exhaustive one: executions a second on one
//! core. `benches/lab.py` runs this beside `gilbert race` and `gilbert explore` on the same program in Python.

use shuttle::scheduler::{DfsScheduler, RandomScheduler};
use shuttle::sync::atomic::{AtomicUsize, Ordering};
use shuttle::{Config, Runner, thread};
use std::sync::Arc;
use std::time::Instant;

/// `n += 1` without a lock, as Python's: a load, then a store.
fn counter() {
    let n = Arc::new(AtomicUsize::new(0));
    let work = |n: Arc<AtomicUsize>| {
        move || {
            let seen = n.load(Ordering::SeqCst);
            n.store(seen + 1, Ordering::SeqCst);
        }
    };
    let threads = [thread::spawn(work(n.clone())), thread::spawn(work(n.clone()))];
    for t in threads {
        t.join().unwrap();
    }
    assert!(n.load(Ordering::SeqCst) >= 1);
}

fn main() {
    let runs: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(300_000);
    let begun = Instant::now();
    Runner::new(RandomScheduler::new_from_seed(0, runs), Config::default()).run(counter);
    println!("random {:.0}", runs as f64 / begun.elapsed().as_secs_f64());
    // the whole tree is small, so it is searched again and again
    let begun = Instant::now();
    let mut all = 0;
    while all < runs / 4 {
        all += Runner::new(DfsScheduler::new(None, false), Config::default()).run(counter);
    }
    println!("dfs {:.0}", all as f64 / begun.elapsed().as_secs_f64());
}
