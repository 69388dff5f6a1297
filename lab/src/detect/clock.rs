//! Vector clocks and epochs (Mattern 1989; epochs: Flanagan & Freund, "FastTrack: efficient and precise dynamic race detection", PLDI 2009).

/// How far one has seen each thread go, by thread number.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Clock(Vec<u32>);

impl Clock {
    /// A thread's part.
    pub fn get(&self, thread: u32) -> u32 {
        self.0.get(thread as usize).copied().unwrap_or(0)
    }
    /// Sets a thread's part.
    pub fn set(&mut self, thread: u32, time: u32) {
        let at = thread as usize;
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        self.0[at] = time;
    }
    /// The thread goes on: what it does from now on is told apart from what it did.
    pub fn tick(&mut self, thread: u32) {
        self.set(thread, self.get(thread) + 1);
    }
    /// Whoever has this clock has seen what the other has.
    pub fn join(&mut self, other: &Clock) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine = (*mine).max(*theirs);
        }
    }
    /// Whether all that this clock has seen the other has seen too.
    pub fn within(&self, other: &Clock) -> bool {
        self.0.iter().enumerate().all(|(t, &time)| time <= other.get(t as u32))
    }
}

/// A moment of one thread: `time@thread`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Epoch {
    /// Whose.
    pub thread: u32,
    /// Its own part of its clock then.
    pub time: u32,
}

impl Epoch {
    /// Whether whoever has this clock comes after it.
    pub fn before(self, clock: &Clock) -> bool {
        self.time <= clock.get(self.thread)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_order_what_is_ordered_and_nothing_else() {
        let (mut a, mut b) = (Clock::default(), Clock::default());
        a.tick(0);
        b.tick(3);
        assert!(!a.within(&b) && !b.within(&a));
        let sent = a.clone();
        a.tick(0);
        b.join(&sent);
        assert!(sent.within(&b) && !a.within(&b));
        assert!(Epoch { thread: 0, time: 1 }.before(&b) && !Epoch { thread: 0, time: 2 }.before(&b));
    }
}
