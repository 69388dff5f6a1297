//! What a timeline comes to in numbers: shares, waits, switches, wake-up latencies, fairness.

use super::{Lane, MarkKind, State, Trace};
use gilbert_vm::world::Ns;

/// One thread's numbers. Times in ns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LaneFigures {
    /// Time at each [`State`].
    pub time: [Ns; 5],
    /// Times that the GIL was waited for.
    pub waits: u64,
    /// The longest of them, and when it began.
    pub longest_wait: Ns,
    /// See `longest_wait`.
    pub longest_wait_at: Ns,
    /// Switches to another thread, by cause of the release: tick, io, block, exit.
    pub switches: [u64; 4],
    /// Releases, likewise; for `tick` those after which another thread had it.
    pub releases: [u64; 4],
    /// Looks at waiting threads at an interval's end after which the GIL was kept.
    pub kept: u64,
    /// Wake-ups in vain.
    pub in_vain: u64,
}

/// A run's numbers. Times in ns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// Each lane's.
    pub lanes: Vec<LaneFigures>,
    /// Their sum; the longest wait is the longest of all.
    pub total: LaneFigures,
    /// The run's length.
    pub length: Ns,
    /// Ticks of all threads.
    pub ticks: u64,
    /// From being able to run again (after a lock, a queue, IO, sleep) to having the GIL, in order.
    pub wakeups: Vec<Ns>,
    /// Jain's index of how threads that competed were served; 1: all alike.
    pub fairness: f64,
}

impl Figures {
    /// The share of runnable time that was spent waiting for the GIL, 0 to 1.
    pub fn wait_share(&self) -> f64 {
        let (run, wait) = (self.total.time[State::Run as usize], self.total.time[State::Wait as usize]);
        share(wait, run + wait)
    }
    /// The wake-up latency that the share `p` (0 to 1) of wake-ups did not exceed.
    pub fn wakeup(&self, p: f64) -> Ns {
        percentile(&self.wakeups, p)
    }
    /// Switches of all causes.
    pub fn switches(&self) -> u64 {
        self.total.switches.iter().sum()
    }
}

/// The value that the share `p` (0 to 1) of these sorted values does not exceed (nearest rank); 0 of none.
pub fn percentile(sorted: &[Ns], p: f64) -> Ns {
    let rank = (p * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.clamp(1, sorted.len().max(1)) - 1).copied().unwrap_or(0)
}

fn share(part: Ns, whole: Ns) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Jain's index (Jain, Chiu, Hawe 1984): `(sum x)^2 / (n sum x^2)`, from 1/n (one has it all) to 1 (all alike).
pub fn jain(x: &[f64]) -> f64 {
    let (sum, squares) = x.iter().fold((0.0, 0.0), |(s, q), v| (s + v, q + v * v));
    if squares == 0.0 { 1.0 } else { sum * sum / (x.len() as f64 * squares) }
}

impl Trace {
    /// The run in numbers.
    pub fn figures(&self) -> Figures {
        let mut lanes: Vec<LaneFigures> = self.lanes.iter().map(of_lane).collect();
        count_switches(self, &mut lanes);
        let mut total = LaneFigures::default();
        for l in &lanes {
            total.add(l);
        }
        let mut wakeups: Vec<Ns> = self.lanes.iter().flat_map(wakeups).collect();
        wakeups.sort_unstable();
        let served: Vec<f64> = lanes.iter().filter(|l| l.waits > 0).map(served).collect();
        Figures {
            total,
            length: self.end - self.lanes.iter().filter_map(|l| l.spans.first()).map(|s| s.from).min().unwrap_or(0),
            ticks: self.lanes.iter().map(|l| l.ticks).sum(),
            wakeups,
            fairness: jain(&served),
            lanes,
        }
    }
}

/// Of the time in which a thread could run, the share in which it did.
fn served(l: &LaneFigures) -> f64 {
    let (run, wait) = (l.time[State::Run as usize], l.time[State::Wait as usize]);
    share(run, run + wait)
}

impl LaneFigures {
    fn add(&mut self, o: &LaneFigures) {
        for i in 0..5 {
            self.time[i] += o.time[i];
        }
        for i in 0..4 {
            self.switches[i] += o.switches[i];
            self.releases[i] += o.releases[i];
        }
        if o.longest_wait > self.longest_wait {
            (self.longest_wait, self.longest_wait_at) = (o.longest_wait, o.longest_wait_at);
        }
        self.waits += o.waits;
        self.kept += o.kept;
        self.in_vain += o.in_vain;
    }
}

fn of_lane(lane: &Lane) -> LaneFigures {
    let mut f = LaneFigures::default();
    for (span, end) in lane.spans() {
        let long = end - span.from;
        f.time[span.state as usize] += long;
        match span.state {
            State::Wait => {
                f.waits += 1;
                if long > f.longest_wait {
                    (f.longest_wait, f.longest_wait_at) = (long, span.from);
                }
            }
            State::Run => {
                f.kept += u64::from(span.kept);
                if let Some(n) = f.releases.get_mut(usize::from(span.cause)) {
                    *n += 1;
                }
            }
            _ => {}
        }
    }
    f.in_vain = lane.marks.iter().filter(|m| m.kind == MarkKind::InVain).count() as u64;
    f
}

/// From the end of a wait for anything else to having the GIL.
fn wakeups(lane: &Lane) -> impl Iterator<Item = Ns> + '_ {
    let waits = |i: usize| lane.spans.get(i).filter(|s| s.state == State::Wait).map_or(0, |s| lane.end_of(i) - s.from);
    let away = |s: State| matches!(s, State::Block | State::Io | State::Sleep);
    lane.spans.iter().enumerate().filter(move |(i, s)| away(s.state) && i + 1 < lane.spans.len()).map(move |(i, _)| waits(i + 1))
}

/// A run of one thread that is followed by a run of another one of the same process is a switch; its cause is the first one's end.
fn count_switches(trace: &Trace, figures: &mut [LaneFigures]) {
    for process in &trace.processes {
        let mut runs: Vec<(Ns, u32, u8)> = Vec::new();
        for (i, lane) in trace.lanes.iter().enumerate().filter(|(_, l)| l.pid == process.pid) {
            runs.extend(lane.spans.iter().filter(|s| s.state == State::Run).map(|s| (s.from, i as u32, s.cause)));
        }
        runs.sort_unstable();
        for pair in runs.windows(2).filter(|p| p[0].1 != p[1].1) {
            if let Some(n) = figures[pair[0].1 as usize].switches.get_mut(usize::from(pair[0].2)) {
                *n += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jains_index_is_one_where_all_are_served_alike_and_one_nth_where_one_has_it_all() {
        assert_eq!(jain(&[2.0, 2.0, 2.0]), 1.0);
        assert_eq!(jain(&[1.0, 0.0, 0.0, 0.0]), 0.25);
        assert_eq!(jain(&[]), 1.0);
    }

    #[test]
    fn percentiles_by_nearest_rank() {
        let values: Vec<Ns> = (1..=100).collect();
        assert_eq!([0.5, 0.99, 1.0, 0.0].map(|p| percentile(&values, p)), [50, 99, 100, 1]);
        assert_eq!(percentile(&[], 0.5), 0);
    }
}
