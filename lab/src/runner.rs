//! One program, one schedule, one outcome. What runs have in common is made once: image, compiled code, native stacks.
//!
//! A run has an isolate and a world of its own, so runs on several OS threads do not meet; each worker has its own [`Runner`], which
//! shares only what is frozen. (A rollback to a snapshot behind the imports would come in at [`Runner::run_with`], in place of
//! `run_isolate`: all that a run needs from outside is in its arguments.)

use crate::outcome::{Evaluated, Failure, RunResult};
use crate::target::{Expr, Kept, Machine, Target};
use gilbert_vm::control::Sites;
use gilbert_vm::coro::StackPool;
use gilbert_vm::gil::{DEFAULT_BOUND, Gil, Policy};
use gilbert_vm::image::Image;
use gilbert_vm::isolate::{Exit, Library, Settings};
use gilbert_vm::limits::Limits;
use gilbert_vm::start::Program;
use gilbert_vm::strategy::Strategy;
use gilbert_vm::thread::run_isolate;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::sim::{Order, SimOptions, SimWorld};
use gilbert_vm::world::{Outcome, THREAD_STACK, World};
use parking_lot::Mutex;
use std::sync::Arc;

/// What all runs of a program share, on any number of OS threads.
#[derive(Clone)]
pub struct Shared {
    image: Arc<Image>,
    library: Arc<dyn Library>,
    program: Arc<Program>,
    target: Arc<Target>,
    machine: Arc<Machine>,
    watch: Option<Arc<Expr>>,
    expect: Option<Arc<Expr>>,
}

impl Shared {
    /// Compiles the script. `library` is what `import` finds beside the user's files.
    pub fn new(target: Target, machine: Machine, library: Arc<dyn Library>) -> Shared {
        let program = target.program(machine.optimize);
        Shared {
            image: Image::new(),
            library: Arc::new(Kept::new(library)),
            program: Arc::new(program),
            target: Arc::new(target),
            machine: Arc::new(machine),
            watch: None,
            expect: None,
        }
    }

    /// With an image that other programs' runs share too.
    pub fn with_image(mut self, image: Arc<Image>) -> Shared {
        self.image = image;
        self
    }

    /// With an expression whose value is kept.
    pub fn watching(mut self, watch: Option<Expr>) -> Shared {
        self.watch = watch.map(Arc::new);
        self
    }

    /// With an expression that must be true.
    pub fn expecting(mut self, expect: Option<Expr>) -> Shared {
        self.expect = expect.map(Arc::new);
        self
    }

    /// The script.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The machine.
    pub fn machine(&self) -> &Machine {
        &self.machine
    }
}

/// How one run is scheduled.
pub struct How {
    /// For everything random but the schedule: entropy, hashes.
    pub seed: u64,
    /// Who goes on.
    pub strategy: Box<dyn Strategy>,
    /// Whether the clocks decide who can run (the GIL's policy is in force), or the strategy alone does (no GIL).
    pub order: Order,
    /// Whether to keep who ran for how many ticks.
    pub record: bool,
}

/// Runs a program again and again on one OS thread.
pub struct Runner {
    shared: Shared,
    stacks: Arc<StackPool>,
}

impl Runner {
    /// A runner of this program.
    pub fn new(shared: Shared) -> Runner {
        Runner { shared, stacks: StackPool::new(THREAD_STACK) }
    }

    /// What it shares with other runners.
    pub fn shared(&self) -> &Shared {
        &self.shared
    }

    /// One run.
    pub fn run(&self, how: How) -> RunResult {
        self.run_with(how, |_| {}, |_| {})
    }

    /// One run, with a word at its beginning and a look at what the script has left behind, where it comes to its end.
    pub fn run_with(&self, how: How, begin: impl FnOnce(&mut Vm) + Send + 'static, look: impl FnMut(&mut Vm) + Send + 'static) -> RunResult {
        self.run_where(how, None, begin, look)
    }

    /// One controlled run (`Order::Controlled`), with scheduling points at these visible instructions.
    pub fn run_controlled(
        &self,
        how: How,
        sites: Arc<Sites>,
        begin: impl FnOnce(&mut Vm) + Send + 'static,
        look: impl FnMut(&mut Vm) + Send + 'static,
    ) -> RunResult {
        self.run_where(how, Some(sites), begin, look)
    }

    fn run_where(
        &self,
        how: How,
        sites: Option<Arc<Sites>>,
        begin: impl FnOnce(&mut Vm) + Send + 'static,
        mut look: impl FnMut(&mut Vm) + Send + 'static,
    ) -> RunResult {
        let machine = &self.shared.machine;
        let world_seed = how.seed;
        let by_strategy = how.order != Order::Time;
        let sim = SimWorld::new(self.world_options(how));
        let world: Arc<dyn World> = sim.clone();
        Limits::of(&*world).allow(machine.allowed);
        let policy = match (by_strategy, machine.policy) {
            (false, policy) => policy,
            (true, Policy::Ticks(n) | Policy::Off(n)) => Policy::Off(n),
            (true, Policy::Interval(_)) => Policy::Off(100),
        };
        let gil = Gil::new(policy, machine.handoff, world.clone(), DEFAULT_BOUND).expect("a policy that was checked");
        let settings = Settings { visible: sites, ..self.settings(world_seed) };
        let exit = settings.exit.clone();
        let (program, slot) = (self.shared.program.clone(), exit.clone());
        let (watch, expect) = (self.shared.watch.clone(), self.shared.expect.clone());
        let seen = Arc::new(Mutex::new((None, None)));
        let kept = seen.clone();
        let ended = run_isolate(self.shared.image.clone(), world, Arc::new(gil), self.shared.library.clone(), settings, move |vm| {
            begin(vm);
            let mut at_end = |vm: &mut Vm| {
                let watched = watch.as_ref().map(|e| e.evaluate(vm));
                let expected = expect.as_ref().map(|e| e.is_true(vm));
                *kept.lock() = (watched, expected);
                look(vm);
            };
            let code = vm.run_program_and(&program, &mut at_end);
            slot.set_code(code);
        });
        let (watch, expect) = std::mem::take(&mut *seen.lock());
        self.result(&sim, &exit, ended, watch, expect)
    }

    fn world_options(&self, how: How) -> SimOptions {
        let machine = &self.shared.machine;
        SimOptions {
            seed: how.seed,
            strategy: Some(how.strategy),
            order: how.order,
            tick_ns: machine.tick_ns,
            switch_ns: machine.switch_ns,
            start_dir: machine.start_dir.clone(),
            fs: machine.fs,
            record: how.record,
            max_ticks: machine.max_ticks,
            stacks: Some(self.stacks.clone()),
            ..SimOptions::default()
        }
    }

    fn settings(&self, seed: u64) -> Settings {
        let (machine, target) = (&self.shared.machine, &self.shared.target);
        Settings {
            argv: target.argv.clone(),
            path: target.path.clone(),
            program: "/usr/bin/gilbert".to_owned(),
            hash_seed: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15),
            optimize: machine.optimize,
            max_memory: machine.max_memory,
            restricted_switches: machine.restricted_switches,
            unbuffered: false,
            visible: None,
            exit: Arc::default(),
            ..Settings::default()
        }
    }

    fn result(&self, sim: &SimWorld, exit: &Exit, ended: Outcome, watch: Option<Evaluated>, expect: Option<Evaluated>) -> RunResult {
        let mut stdout = sim.take_output(1);
        stdout.extend(exit.take_unwritten());
        // what forked processes that were ended have not written
        stdout.extend(sim.shelf().get::<gilbert_vm::fork::Unwritten>().take());
        let code = match &ended {
            Outcome::Finished | Outcome::Stopped => exit.code(),
            Outcome::Signal(n) => 128 + n,
            Outcome::Deadlock(_) => 3,
            Outcome::Panicked { .. } => 70,
            Outcome::Until | Outcome::Idle(_) | Outcome::TickLimit => 0,
        };
        let ticks = sim.ticks();
        let limit = Limits::of(sim).exceeded();
        let failure = limit.map(Failure::Limit).or_else(|| failure(&ended, exit, code, ticks, expect.as_ref()));
        RunResult {
            failure,
            exit: code,
            stdout,
            stderr: sim.take_output(2),
            watch,
            expect,
            ticks,
            schedule: sim.take_schedule(),
            files: sim.files_read(),
            ended,
        }
    }
}

/// Why a run failed; the gravest reason.
fn failure(ended: &Outcome, exit: &Exit, code: i32, ticks: u64, expect: Option<&Evaluated>) -> Option<Failure> {
    match ended {
        Outcome::Panicked { tid, message } => return Some(Failure::Panic { thread: *tid, message: message.clone() }),
        Outcome::Deadlock(threads) => return Some(Failure::Deadlock(threads.clone())),
        Outcome::TickLimit => return Some(Failure::Livelock { ticks, at: exit.stopped_at() }),
        _ => {}
    }
    if let Some((thread, what)) = exit.uncaught() {
        return Some(Failure::Uncaught { thread, what });
    }
    if code != 0 {
        return Some(Failure::Exit(code));
    }
    match expect {
        Some(Evaluated::Value(v)) if *v == crate::data::Data::Bool(false) => Some(Failure::Expect(None)),
        Some(Evaluated::Raised(why) | Evaluated::Unknown(why)) => Some(Failure::Expect(Some(why.clone()))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;
    use crate::strategy::{Kind, Profile, Replay};
    use gilbert_stdlib::StdLibrary;

    fn runner(source: &str, watch: Option<&str>, expect: Option<&str>) -> Runner {
        let parse = |e: &str| Expr::new(e, "--watch").expect("an expression");
        let machine = Machine { max_ticks: 200_000, ..Machine::default() };
        let shared = Shared::new(Target::text(source), machine, Arc::new(StdLibrary::default()));
        Runner::new(shared.watching(watch.map(parse)).expecting(expect.map(parse)))
    }

    fn how(kind: Kind, seed: u64) -> How {
        How { seed, strategy: kind.strategy(seed, &Profile::of(&[50, 50, 50])), order: kind.order(), record: true }
    }

    const RACE: &str = "import threading
n = 0
def work():
    global n
    t = n
    n = t + 1
a = threading.Thread(target=work)
b = threading.Thread(target=work)
a.start(); b.start(); a.join(); b.join()
";

    const KINDS: [Kind; 4] = [Kind::TickFair, Kind::Random, Kind::Pct { depth: 3 }, Kind::Surw];

    #[test]
    fn watch_and_expect_are_evaluated_at_the_end() {
        let runner = runner("x = [1, 'a']\nok = False\n", Some("x + [None]"), Some("not ok"));
        let r = runner.run(how(Kind::TickFair, 1));
        assert_eq!(r.watch, Some(Evaluated::Value(Data::List(vec![Data::Int(1), Data::Str("a".into()), Data::None]))));
        assert_eq!((r.failure, r.expect), (None, Some(Evaluated::Value(Data::Bool(true)))));
    }

    #[test]
    fn an_expression_that_names_nothing_says_so() {
        let r = runner("x = 1", Some("y"), Some("x == 2")).run(how(Kind::TickFair, 1));
        assert_eq!(r.watch, Some(Evaluated::Unknown("NameError: name 'y' is not defined".into())));
        assert_eq!(r.failure, Some(Failure::Expect(None)));
        assert!(Expr::new("1 +", "--watch").is_err());
    }

    #[test]
    fn the_same_seed_gives_the_same_run_with_every_strategy() {
        let runner = runner(RACE, Some("n"), None);
        for kind in KINDS {
            for seed in 0..5 {
                assert_eq!(runner.run(how(kind, seed)), runner.run(how(kind, seed)), "{kind}");
            }
        }
    }

    #[test]
    fn strategies_that_decide_alone_meet_the_lost_update() {
        let runner = runner(RACE, Some("n"), None);
        for kind in &KINDS[1..] {
            let lost = (0..200).filter(|&seed| runner.run(how(*kind, seed)).watch == Some(Evaluated::Value(Data::Int(1)))).count();
            assert!(lost > 0 && lost < 200, "{kind}: {lost}");
        }
    }

    #[test]
    fn a_recorded_schedule_replays_to_the_byte() {
        let source = format!("{RACE}\nimport time\ntime.sleep(0.1)\nprint(n, time.time())\nassert n == 2\n");
        let runner = runner(&source, Some("n"), None);
        for kind in &KINDS[1..] {
            for seed in 0..30 {
                let first = runner.run(how(*kind, seed));
                let replay = Replay::new(first.schedule.clone());
                let diverged = replay.diverged();
                let again = runner.run(How { seed, strategy: Box::new(replay), order: Order::Strategy, record: true });
                assert_eq!(first, again, "{kind} {seed}");
                assert!(!diverged.load(std::sync::atomic::Ordering::Relaxed), "{kind} {seed}");
            }
        }
    }

    #[test]
    fn every_failure_is_recognised() {
        let of = |source: &str| runner(source, None, None).run(how(Kind::TickFair, 1)).failure;
        let uncaught = |what: &str, thread| Some(Failure::Uncaught { thread: gilbert_vm::world::Tid(thread), what: what.into() });
        assert_eq!(of("pass"), None);
        assert_eq!(of("raise SystemExit(0)"), None);
        assert_eq!(of("raise SystemExit(4)"), Some(Failure::Exit(4)));
        assert_eq!(of("import os; os._exit(5)"), Some(Failure::Exit(5)));
        assert_eq!(of("1/0"), uncaught("ZeroDivisionError: division by zero", 0));
        assert_eq!(of("import threading as t\nx = t.Thread(target=lambda: {}[1])\nx.start(); x.join()"), uncaught("KeyError: 1", 1));
        assert_eq!(of("import _thread as t, time\nt.start_new_thread(lambda: {}[1], ())\ntime.sleep(1)"), uncaught("KeyError: 1", 1));
        assert_eq!(of("import threading as t, sys\nx = t.Thread(target=sys.exit, args=(3,))\nx.start(); x.join()"), None);
        assert!(matches!(of("import threading\nthreading.Lock().acquire() and threading.Event().wait()"), Some(Failure::Deadlock(_))));
        let Some(Failure::Livelock { at, .. }) = of("x = 1\nwhile x:\n    pass\n") else { panic!("no livelock") };
        assert!(matches!(at.as_slice(), [(_, site)] if site.line == 2 || site.line == 3), "{at:?}");
        assert!(matches!(of("def f(:"), Some(Failure::Uncaught { what, .. }) if what.starts_with("SyntaxError")));
    }

    #[test]
    fn all_output_is_kept_also_of_a_deadlock() {
        let r = runner("print('a', end='')\nimport threading\nthreading.Event().wait()", None, None).run(how(Kind::TickFair, 1));
        assert_eq!((r.stdout.as_slice(), r.exit), (b"a".as_slice(), 3));
    }
}
