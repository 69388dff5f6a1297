//! Strategies: who goes on, one file each. All but `tick-fair` decide at every scheduling point among all threads that can run.

mod pct;
mod points;
mod preempting;
mod profile;
mod random;
mod replay;
mod surw;

pub use gilbert_vm::strategy::TickFair;
pub use pct::Pct;
pub use points::{Again, Points, Steps, has_diverged, was_same};
pub use preempting::{Preempting, Preemption};
pub use profile::{Profile, Profiler};
pub use random::Random;
pub use replay::Replay;
pub use surw::Surw;

use gilbert_vm::strategy::Strategy;
use gilbert_vm::world::sim::Order;
use std::fmt;
use std::str::FromStr;

/// The strategies that draw from a seed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Kind {
    /// What the GIL's policy does, in virtual time ([`TickFair`]).
    TickFair,
    /// Uniform at every scheduling point ([`Random`]).
    Random,
    /// Priorities with `depth - 1` changes ([`Pct`]).
    Pct {
        /// How many steps in order a bug may need; at least 1.
        depth: u32,
    },
    /// Weighted by what each thread still has to do ([`Surw`]).
    Surw,
}

impl Kind {
    /// Whether the clocks decide who can run, or the strategy alone does.
    pub fn order(self) -> Order {
        match self {
            Kind::TickFair => Order::Time,
            _ => Order::Controlled,
        }
    }

    /// Whether it wants to know how long runs are.
    pub fn needs_profile(self) -> bool {
        matches!(self, Kind::Pct { .. } | Kind::Surw)
    }

    /// The strategy of one run.
    pub fn strategy(self, seed: u64, profile: &Profile) -> Box<dyn Strategy> {
        self.recording(seed, profile, None)
    }

    /// The strategy of one run, noting who makes each step, where the clocks do not decide.
    pub fn recording(self, seed: u64, profile: &Profile, steps: Option<Steps>) -> Box<dyn Strategy> {
        let inner: Box<dyn Strategy> = match self {
            Kind::TickFair => return Box::new(TickFair::new(seed)),
            Kind::Random => Box::new(Random::new(seed)),
            Kind::Pct { depth } => Box::new(Pct::new(seed, depth, profile.contested())),
            Kind::Surw => Box::new(Surw::new(seed, profile)),
        };
        Box::new(Points::new(inner, steps))
    }

    /// What it promises for this program, in a line; empty where that is nothing in numbers.
    pub fn promise(self, profile: &Profile) -> String {
        match self {
            Kind::Pct { depth } => {
                let (n, k) = (profile.threads().max(1), profile.contested().max(1));
                let bound = 1.0 / (n as f64 * (k as f64).powi(depth as i32 - 1));
                format!("pct: a bug of depth {depth} is met with probability at least 1/(n k^(d-1)) = {bound:.3e} a run (n = {n} threads, k = {k} steps)")
            }
            _ => String::new(),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::TickFair => "tick-fair",
            Kind::Random => "random",
            Kind::Pct { .. } => "pct",
            Kind::Surw => "surw",
        })
    }
}

/// The depth of [`Kind::Pct`] where none is given: bugs of two ordered steps are depth 2, most of the others 3.
pub const DEFAULT_DEPTH: u32 = 3;

impl FromStr for Kind {
    type Err = String;
    fn from_str(name: &str) -> Result<Kind, String> {
        Ok(match name {
            "tick-fair" => Kind::TickFair,
            "random" => Kind::Random,
            "pct" => Kind::Pct { depth: DEFAULT_DEPTH },
            "surw" => Kind::Surw,
            _ => return Err(format!("no strategy is called {name}: there are tick-fair, random, pct and surw")),
        })
    }
}
