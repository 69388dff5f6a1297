//! What the GIL counts.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Cause;
use crate::world::{Ns, Tid};

/// Finished threads that are still listed one by one; older ones are only in the total.
const KEEP_FINISHED: usize = 1_000;

/// A thread's counters. Each is written by one thread at a time; anyone may read.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub releases: [AtomicU64; 4],
    pub switches: [AtomicU64; 4],
    pub acquisitions: AtomicU64,
    pub waits: AtomicU64,
    pub wait_ns: AtomicU64,
    pub longest_hold_ns: AtomicU64,
}

/// What was counted for one thread, or in total. Arrays are indexed by [`Cause`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ThreadStats {
    /// Times the GIL was released, or for `Tick`: could have been, since nobody has to want it.
    pub releases: [u64; 4],
    /// Releases after which another thread had it.
    pub switches: [u64; 4],
    /// Times the GIL was taken.
    pub acquisitions: u64,
    /// Times it had to be waited for.
    pub waits: u64,
    /// Time spent waiting for it.
    pub wait_ns: Ns,
    /// Longest time that it was kept, measured from a hand-over to the next.
    pub longest_hold_ns: Ns,
}

impl ThreadStats {
    /// Releases for this cause.
    pub fn releases_by(&self, cause: Cause) -> u64 {
        self.releases[cause as usize]
    }

    /// Switches for this cause.
    pub fn switches_by(&self, cause: Cause) -> u64 {
        self.switches[cause as usize]
    }

    fn add(&mut self, other: &ThreadStats) {
        for i in 0..4 {
            self.releases[i] += other.releases[i];
            self.switches[i] += other.switches[i];
        }
        self.acquisitions += other.acquisitions;
        self.waits += other.waits;
        self.wait_ns += other.wait_ns;
        self.longest_hold_ns = self.longest_hold_ns.max(other.longest_hold_ns);
    }
}

/// All counts of one GIL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// All threads together.
    pub total: ThreadStats,
    /// Each thread, in order of `Tid`; of the finished ones only the last thousand.
    pub threads: Vec<(Tid, ThreadStats)>,
}

/// The counters of all threads.
#[derive(Default)]
pub(super) struct Register {
    live: BTreeMap<Tid, Arc<Counters>>,
    finished: BTreeMap<Tid, ThreadStats>,
    folded: ThreadStats,
}

impl Register {
    pub fn enter(&mut self, tid: Tid) -> Arc<Counters> {
        Arc::clone(self.live.entry(tid).or_default())
    }

    pub fn leave(&mut self, tid: Tid) {
        let Some(counters) = self.live.remove(&tid) else {
            return;
        };
        self.finished.insert(tid, counters.read());
        if self.finished.len() > KEEP_FINISHED {
            let (_, oldest) = self.finished.pop_first().unwrap_or((tid, ThreadStats::default()));
            self.folded.add(&oldest);
        }
    }

    /// Another thread had the GIL after `tid` released it.
    pub fn switched(&mut self, tid: Tid, cause: u8) {
        let i = usize::from(cause & 3);
        if let Some(counters) = self.live.get(&tid) {
            counters.switches[i].fetch_add(1, Ordering::Relaxed);
        } else if let Some(stats) = self.finished.get_mut(&tid) {
            stats.switches[i] += 1;
        } else {
            self.folded.switches[i] += 1;
        }
    }

    pub fn snapshot(&self) -> Stats {
        let mut threads: Vec<(Tid, ThreadStats)> = self.finished.iter().map(|(tid, stats)| (*tid, *stats)).collect();
        threads.extend(self.live.iter().map(|(tid, counters)| (*tid, counters.read())));
        threads.sort_by_key(|(tid, _)| *tid);
        let mut total = self.folded;
        for (_, stats) in &threads {
            total.add(stats);
        }
        Stats { total, threads }
    }
}

impl Counters {
    fn read(&self) -> ThreadStats {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        ThreadStats {
            releases: std::array::from_fn(|i| read(&self.releases[i])),
            switches: std::array::from_fn(|i| read(&self.switches[i])),
            acquisitions: read(&self.acquisitions),
            waits: read(&self.waits),
            wait_ns: read(&self.wait_ns),
            longest_hold_ns: read(&self.longest_hold_ns),
        }
    }
}
