//! Whether it pays to wait awake.

use std::sync::atomic::{AtomicU32, Ordering};

/// How well waiting awake has worked lately. On a busy machine the other side may need the very processor that a spinning waiter burns.
pub(crate) struct Luck {
    /// 0 ..= 10.
    score: AtomicU32,
    skipped: AtomicU32,
}

impl Luck {
    /// Neither good nor bad yet.
    pub fn new() -> Luck {
        Luck { score: AtomicU32::new(5), skipped: AtomicU32::new(0) }
    }

    /// Whether to spin now: if the last times went well, or it has not been tried for a while.
    pub fn try_it(&self) -> bool {
        if self.score.load(Ordering::Relaxed) >= 2 {
            return true;
        }
        let skipped = self.skipped.load(Ordering::Relaxed);
        self.skipped.store(skipped.wrapping_add(1), Ordering::Relaxed);
        skipped % 16 == 15
    }

    /// Remembers how it went.
    pub fn learn(&self, worked: bool) {
        let score = self.score.load(Ordering::Relaxed);
        self.score.store(if worked { (score + 2).min(10) } else { score / 2 }, Ordering::Relaxed);
    }
}
