//! Which instructions of a script are visible: those that touch what another thread touches too. Observed random runs tell; controlled
//! runs of `race` and `test` then have their scheduling points there, at waits, and at operations on locks and their like, and nowhere
//! else. A search that must miss nothing (`explore`) learns on while it searches; here a place that none of these runs has come to is not
//! preempted at. The runs are always the same ones, so a script's points are the same in every race, shard and worker.

use crate::explore::program::{Access, Driver, Proc, Step};
use crate::explore::search::observed_run;
use crate::runner::Runner;
use gilbert_vm::control::Sites;
use gilbert_vm::strategy::Rng;
use parking_lot::Mutex;
use std::sync::Arc;

/// Runs at most.
const MOST_RUNS: u64 = 64;
/// So many runs in a row that show nothing new are enough.
const QUIET_RUNS: u64 = 8;
/// Ticks of all these runs together, at most but for one run: long scripts are not run so often.
const MOST_TICKS: u64 = 20_000_000;

/// The visible instructions of a runner's script.
pub fn visible_sites(runner: &Runner) -> Sites {
    let mut sites = Sites::default();
    let (mut quiet, mut ticks) = (0, 0);
    for seed in 0..MOST_RUNS {
        let walk = Arc::new(Mutex::new(Walk { rng: Rng::new(seed, 15), stays: seed % 2 == 1, asked: false }));
        let seen = observed_run(runner, &Arc::new(sites.clone()), &walk);
        let mut more = seen.clears_events && !sites.events_are_cleared;
        sites.events_are_cleared |= seen.clears_events;
        for site in seen.learned {
            more |= sites.add(site);
        }
        quiet = if more { 0 } else { quiet + 1 };
        ticks += seen.ticks;
        let alone = !walk.lock().asked;
        if quiet == QUIET_RUNS || ticks > MOST_TICKS || alone {
            break;
        }
    }
    sites
}

/// What an observed run has shown.
pub struct Seen {
    /// Instructions that must be visible and were not.
    pub learned: Vec<gilbert_vm::control::CodeSite>,
    /// Some thread clears an event.
    pub clears_events: bool,
    /// Ticks of all threads.
    pub ticks: u64,
}

/// A random walk. Every second one mostly stays with a thread, so that some get far ahead of others.
struct Walk {
    rng: Rng,
    stays: bool,
    asked: bool,
}

impl Driver for Walk {
    fn choose(&mut self, enabled: &[Proc], current: Option<Proc>) -> Option<Proc> {
        self.asked |= enabled.len() > 1;
        let stay = self.stays && self.rng.below(8) != 0;
        match current.filter(|_| stay) {
            Some(current) => Some(current),
            None => Some(enabled[self.rng.below(enabled.len())]),
        }
    }
    fn access(&mut self, _access: Access) {}
    fn left_waiting(&mut self, _pending: Step) {}
}
