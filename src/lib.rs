//! Gilbert as a library: run a Python program in the simulated world and look at what it did.
//!
//! ```no_run
//! use gilbert::Simulation;
//! let sim = Simulation { seed: 7, ..Simulation::default() };
//! let report = sim.run("print('hello')");
//! assert_eq!((report.exit, report.stdout.as_str()), (0, "hello\n"));
//! ```

pub use gilbert_lab as lab;
pub use gilbert_lab::data::Data;

use gilbert_lab::outcome::{Failure, RunResult};
use gilbert_lab::runner::{How, Runner, Shared};
use gilbert_lab::strategy::{Kind, Profile};
use gilbert_lab::target::{Machine, Target};
use gilbert_stdlib::StdLibrary;
use gilbert_vm::gil::{DEFAULT_BOUND, Gil, Handoff, Policy};
use gilbert_vm::image::Image;
use gilbert_vm::isolate::Settings;
use gilbert_vm::start;
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

/// A program to be run again and again under schedules of the caller's choice: compiled once, each run in an isolate of its own.
///
/// ```
/// use gilbert::{Data, Program};
/// use gilbert_lab::strategy::{Preempting, Preemption};
///
/// let program = Program::new(
///     "import threading
/// n = 0
/// def add():
///     global n
///     t = n
///     n = t + 1
/// threads = [threading.Thread(target=add) for _ in range(2)]
/// for t in threads: t.start()
/// for t in threads: t.join()
/// ",
/// );
/// // nobody is preempted: nothing is lost
/// let calm = program.run(Preempting::new(vec![]));
/// assert_eq!(calm.global("n"), Some(&Data::Int(2)));
/// // somewhere among the first ticks of the second thread lies the read without its write
/// let torn = (0..60).map(|at| program.run(Preempting::new(vec![Preemption { at, to: 0 }])));
/// assert!(torn.into_iter().any(|run| run.global("n") == Some(&Data::Int(1))));
/// ```
pub struct Program {
    runner: Runner,
}

/// What a run under a schedule did.
#[derive(Clone, Debug, PartialEq)]
pub struct Scheduled {
    /// Output, exit, failure, schedule.
    pub result: RunResult,
    /// The main module's globals at the end, but for modules, functions, classes and what begins with `__`.
    /// Empty where the run did not come to its end.
    pub globals: Vec<(String, Data)>,
    /// What threads did to what they share, in order, if it was asked for.
    pub events: Vec<lab::events::Line>,
}

impl Scheduled {
    /// A global of the main module.
    pub fn global(&self, name: &str) -> Option<&Data> {
        self.globals.iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }
    /// Why the run failed, if it did.
    pub fn failure(&self) -> Option<&Failure> {
        self.result.failure.as_ref()
    }
    /// Standard output.
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.result.stdout).into_owned()
    }
}

impl Program {
    /// A source text.
    pub fn new(source: &str) -> Program {
        Program::on(source, Machine::default())
    }
    /// A source text on a machine of these settings.
    pub fn on(source: &str, machine: Machine) -> Program {
        Program { runner: Runner::new(Shared::new(Target::text(source), machine, Arc::new(StdLibrary::default()))) }
    }
    /// One run in which the strategy alone decides who goes on.
    pub fn run(&self, strategy: impl gilbert_vm::strategy::Strategy + 'static) -> Scheduled {
        self.run_as(How { seed: 0, strategy: Box::new(strategy), order: lab::Order::Strategy, record: true }, false)
    }
    /// One run under a strategy of the lab, from a seed.
    pub fn run_seed(&self, kind: Kind, seed: u64) -> Scheduled {
        let profile = if kind.needs_profile() { lab::race::profile(&self.runner) } else { Profile::default() };
        self.run_as(How { seed, strategy: kind.strategy(seed, &profile), order: kind.order(), record: true }, false)
    }
    /// One run, observed if so wished: then it keeps its events.
    pub fn run_as(&self, how: How, observe: bool) -> Scheduled {
        let globals = Arc::new(std::sync::Mutex::new(Vec::new()));
        let (kept, log) = (globals.clone(), lab::events::Log::default());
        let sink = observe.then(|| log.clone());
        let result = self.runner.run_with(
            how,
            move |vm| {
                if let Some(log) = sink {
                    log.listen(vm);
                }
            },
            move |vm| {
                if let Ok(mut kept) = kept.lock() {
                    *kept = lab::data::globals(vm);
                }
            },
        );
        let globals = globals.lock().map(|mut g| std::mem::take(&mut *g)).unwrap_or_default();
        Scheduled { result, globals, events: log.take() }
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
        let program = start::Program::Source { text: source.to_string(), name: "<string>".to_string(), file: false };
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
