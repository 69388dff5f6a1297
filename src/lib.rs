//! Gilbert as a library: run a Python program in the simulated world and look at what it did.
//!
//! ```no_run
//! use gilbert::Simulation;
//! let sim = Simulation { seed: 7, ..Simulation::default() };
//! let report = sim.run("print('hello')");
//! assert_eq!((report.exit, report.stdout.as_str()), (0, "hello\n"));
//! ```

use gilbert_stdlib::StdLibrary;
use gilbert_vm::gil::{DEFAULT_BOUND, Gil, Handoff, Policy};
use gilbert_vm::image::Image;
use gilbert_vm::isolate::Settings;
use gilbert_vm::start::Program;
use gilbert_vm::thread::run_isolate;
use gilbert_vm::world::sim::{Run, SimOptions, SimWorld};
use gilbert_vm::world::{Outcome, World};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

/// A simulated machine's settings. What is not set is as the command's `run --sim` has it.
pub struct Simulation {
    /// For everything random.
    pub seed: u64,
    /// Release the GIL every so many instructions; at least 1.
    pub ticks: u32,
    /// Who gets a released GIL.
    pub handoff: Handoff,
    /// Keep the schedule.
    pub record: bool,
    /// What isolates share; one image serves any number of runs, also at once.
    pub image: Arc<Image>,
}

impl Default for Simulation {
    fn default() -> Simulation {
        Simulation { seed: 0, ticks: 100, handoff: Handoff::Fair, record: false, image: Image::new() }
    }
}

/// What a run did.
#[derive(Debug, PartialEq)]
pub struct Report {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// The exit code; 0 where the run was ended from outside.
    pub exit: i32,
    /// How the run ended.
    pub outcome: Outcome,
    /// Who ran for how many ticks, if recorded.
    pub schedule: Vec<Run>,
}

impl Simulation {
    /// Runs a source text as `__main__`, to its end.
    ///
    /// Panics where `ticks` is 0.
    pub fn run(&self, source: &str) -> Report {
        let sim = SimWorld::new(SimOptions { seed: self.seed, record: self.record, ..SimOptions::default() });
        let world: Arc<dyn World> = sim.clone();
        let gil = Gil::new(Policy::Ticks(self.ticks), self.handoff, world.clone(), DEFAULT_BOUND).expect("an interval of at least one tick");
        let exit = Arc::new(AtomicI32::new(0));
        let slot = exit.clone();
        let program = Program::Source { text: source.to_string(), name: "<string>".to_string(), file: false };
        let settings = Settings::default();
        let left = settings.exit.clone();
        let outcome = run_isolate(self.image.clone(), world, Arc::new(gil), Arc::new(StdLibrary::default()), settings, move |vm| {
            slot.store(vm.run_program(&program), Ordering::SeqCst);
        });
        let text = |n| String::from_utf8_lossy(&sim.take_output(n)).into_owned();
        // what an ended run has not written yet
        let mut rest = left.take_unwritten();
        rest.extend(sim.shelf().get::<gilbert_vm::fork::Unwritten>().take());
        let stdout = text(1) + &String::from_utf8_lossy(&rest);
        Report { stdout, stderr: text(2), exit: exit.load(Ordering::SeqCst), outcome, schedule: sim.take_schedule() }
    }
}
