//! What settings of the GIL come to: one script under each of them, measured, compared, and a recommendation in plain words.

mod advice;
mod chart;
mod report;

use crate::json;
use crate::json::Json;
use crate::trace::Trace;
use gilbert_vm::gil::{Handoff, Policy};
use gilbert_vm::world::Ns;

pub use advice::advice;
pub use chart::{html, svg};
pub use report::{csv, table, to_json};

/// One setting of the GIL.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// What it is called in tables.
    pub name: String,
    /// What makes threads switch.
    pub policy: Policy,
    /// Who gets a released GIL.
    pub handoff: Handoff,
    /// Whether switches happen only at backward jumps, calls and function entry.
    pub restricted: bool,
}

/// What one run was like. Times in ns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measure {
    /// From the first event to the last: world time.
    pub length: Ns,
    /// Ticks of all threads.
    pub ticks: u64,
    /// Switches by cause: tick, io, block, exit.
    pub switches: [u64; 4],
    /// The share of runnable time that was spent waiting for the GIL.
    pub wait_share: f64,
    /// Wake-up latencies: the median, 90 %, 99 %, the longest.
    pub wakeups: [Ns; 4],
    /// How many wake-ups there were.
    pub wakeup_count: u64,
    /// Jain's index.
    pub fairness: f64,
    /// Whether the run failed: `--expect`, an exception, a non-zero exit.
    pub failed: bool,
}

impl Measure {
    /// What a run's timeline says.
    pub fn of(trace: &Trace, failed: bool) -> Measure {
        let f = trace.figures();
        Measure {
            length: f.length,
            ticks: f.ticks,
            switches: f.total.switches,
            wait_share: f.wait_share(),
            wakeups: [f.wakeup(0.5), f.wakeup(0.9), f.wakeup(0.99), f.wakeup(1.0)],
            wakeup_count: f.wakeups.len() as u64,
            fairness: f.fairness,
            failed,
        }
    }
    /// For [`Measure::from_json`].
    pub fn to_json(&self) -> Json {
        json!({
            "length_ns": self.length, "ticks": self.ticks, "switches": self.switches.to_vec(), "wait_share": self.wait_share,
            "wakeups_ns": self.wakeups.to_vec(), "wakeup_count": self.wakeup_count, "fairness": self.fairness, "failed": self.failed
        })
    }
    /// What [`Measure::to_json`] has written.
    pub fn from_json(json: &Json) -> Option<Measure> {
        let four = |name: &str| {
            let list: Vec<u64> = json[name].as_list()?.iter().filter_map(Json::as_u64).collect();
            <[u64; 4]>::try_from(list).ok()
        };
        Some(Measure {
            length: json["length_ns"].as_u64()?,
            ticks: json["ticks"].as_u64()?,
            switches: four("switches")?,
            wait_share: json["wait_share"].as_f64()?,
            wakeups: four("wakeups_ns")?,
            wakeup_count: json["wakeup_count"].as_u64()?,
            fairness: json["fairness"].as_f64()?,
            failed: json["failed"].as_bool()?,
        })
    }
}

/// What a setting came to: medians over its runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The setting.
    pub setting: Setting,
    /// The median of each number; `failed` means nothing here.
    pub median: Measure,
    /// Measured runs.
    pub repeats: u64,
    /// Shortest and longest of them.
    pub spread: (Ns, Ns),
    /// Runs that were counted for the failing share, and those that failed.
    pub runs: u64,
    /// See `runs`.
    pub failures: u64,
}

impl Point {
    /// The medians of a setting's runs; at least one.
    pub fn of(setting: Setting, measures: &[Measure]) -> Point {
        let mid = |f: &dyn Fn(&Measure) -> f64| median(measures.iter().map(f).collect());
        let whole = |f: &dyn Fn(&Measure) -> u64| mid(&|m| f(m) as f64).round() as u64;
        let median = Measure {
            length: whole(&|m| m.length),
            ticks: whole(&|m| m.ticks),
            switches: std::array::from_fn(|i| whole(&|m| m.switches[i])),
            wait_share: mid(&|m| m.wait_share),
            wakeups: std::array::from_fn(|i| whole(&|m| m.wakeups[i])),
            wakeup_count: whole(&|m| m.wakeup_count),
            fairness: mid(&|m| m.fairness),
            failed: false,
        };
        let lengths = || measures.iter().map(|m| m.length);
        let spread = (lengths().min().unwrap_or(0), lengths().max().unwrap_or(0));
        let (runs, failures) = (measures.len() as u64, measures.iter().filter(|m| m.failed).count() as u64);
        Point { setting, median, repeats: runs, spread, runs, failures }
    }
    /// Of the runs, the share that failed.
    pub fn failing(&self) -> f64 {
        self.failures as f64 / self.runs.max(1) as f64
    }
    /// Runs a second of world time: how fast the same work is done.
    pub fn throughput(&self) -> f64 {
        1e9 / self.median.length.max(1) as f64
    }
}

/// A script under several settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// The script.
    pub script: String,
    /// Whether the world was simulated.
    pub simulated: bool,
    /// `--expect`, if it was given.
    pub expect: Option<String>,
    /// Each setting, in the order of the sweep.
    pub points: Vec<Point>,
    /// Whether it was interrupted.
    pub interrupted: bool,
}

impl Sweep {
    /// What everything is compared with: 100 ticks, else the first.
    pub fn base(&self) -> Option<&Point> {
        self.points.iter().find(|p| p.setting.policy == Policy::Ticks(100)).or(self.points.first())
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => 0.0,
        n if n % 2 == 1 => values[n / 2],
        n => (values[n / 2 - 1] + values[n / 2]) / 2.0,
    }
}

#[cfg(test)]
mod tests;
