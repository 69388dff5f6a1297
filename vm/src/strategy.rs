//! Who goes on: the oracle behind every scheduling choice of a simulated run.
//!
//! A world tells a [`Strategy`] who can run and is told who does. Everything else about a run is determined, so a schedule is
//! the list of the answers, and a strategy that repeats them replays the run.

use crate::world::Tid;

/// Where a choice arises.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ChoicePoint {
    /// The holder's ticks have run out; it competes with those who wait for the GIL.
    Tick,
    /// The holder has called into the operating system; one of the waiters gets the GIL.
    Io,
    /// The holder blocks; one of the waiters gets the GIL.
    Block,
    /// The holder's thread ends; one of the waiters gets the GIL.
    Exit,
    /// No GIL: several threads can run now, one of them executes its next slice.
    Slice,
    /// A controlled run: a scheduling point, or the running thread has blocked or ended. Asked also where only one can go on.
    Point,
}

/// What [`Strategy::choose`] may answer at a [`ChoicePoint::Point`]: the run ends here, as stopped.
pub const END_RUN: usize = usize::MAX;

const ALARM: u32 = 1 << 31;

/// The number under which the end of a thread's wait by its time limit stands among the choices of a controlled run.
pub const fn alarm_of(tid: Tid) -> Tid {
    Tid(tid.0 | ALARM)
}

/// Whose alarm that is; `None`: it is a thread.
pub const fn whose_alarm(tid: Tid) -> Option<Tid> {
    if tid.0 & ALARM == 0 { None } else { Some(Tid(tid.0 & !ALARM)) }
}

/// An oracle for scheduling choices. Deterministic: the same calls get the same answers.
pub trait Strategy: Send {
    /// Says who of `choices` goes on, by index. `choices` is in order of arrival (after random picks: nearly so) and never
    /// empty; `current` is the thread that runs now, if it is among them.
    fn choose(&mut self, choices: &[Tid], current: Option<Tid>, why: ChoicePoint) -> usize;

    /// How many ticks `tid` may run before it is asked about again, where the machine leaves that open (no GIL). `interval` is the
    /// tick interval that was set. At least 1.
    fn preempt_after(&mut self, tid: Tid, interval: u32) -> u32 {
        let _ = tid;
        interval
    }

    /// Where the strategy decides everything ([`crate::world::sim::Order::Strategy`]): `tid` has executed `ticks` instructions.
    fn ran(&mut self, tid: Tid, ticks: u32) {
        let _ = (tid, ticks);
    }
}

/// A small seeded generator (splitmix64, Steele, Lea, Flood 2014): one stream for each purpose, so that a new consumer does not
/// shift the others' numbers.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// The stream `purpose` of `seed`.
    pub fn new(seed: u64, purpose: u64) -> Rng {
        let mut rng = Rng(seed);
        let base = rng.next_u64();
        Rng(base ^ purpose.wrapping_mul(0xD6E8_FEB8_6659_FD93))
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n` (n > 0), uniform up to a bias of n / 2^64.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next_u64()) * n as u128) >> 64) as usize
    }
}

/// The default: uniformly random among all who could run, from a seed. What ticks leave open it leaves to chance as well:
/// without a GIL, slices are uniform in `1..=2 * interval - 1`, so their mean is the interval.
pub struct TickFair {
    rng: Rng,
}

impl TickFair {
    /// The schedule of this seed.
    pub fn new(seed: u64) -> TickFair {
        TickFair { rng: Rng::new(seed, 1) }
    }
}

impl Strategy for TickFair {
    fn choose(&mut self, choices: &[Tid], _current: Option<Tid>, _why: ChoicePoint) -> usize {
        match choices {
            [_] => 0,
            _ => self.rng.below(choices.len()),
        }
    }

    fn preempt_after(&mut self, _tid: Tid, interval: u32) -> u32 {
        let span = (interval.max(1) as usize).saturating_mul(2) - 1;
        1 + self.rng.below(span) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_same_answers() {
        let tids: Vec<Tid> = (0..7).map(Tid).collect();
        let mut a = TickFair::new(5);
        let mut b = TickFair::new(5);
        for _ in 0..1000 {
            assert_eq!(a.choose(&tids, None, ChoicePoint::Tick), b.choose(&tids, None, ChoicePoint::Tick));
        }
    }

    #[test]
    fn answers_are_roughly_uniform() {
        let tids: Vec<Tid> = (0..10).map(Tid).collect();
        let mut strategy = TickFair::new(1);
        let mut counts = [0u32; 10];
        for _ in 0..10_000 {
            counts[strategy.choose(&tids, None, ChoicePoint::Tick)] += 1;
        }
        assert!(counts.iter().all(|&n| (850..1150).contains(&n)), "{counts:?}");
    }
}
