//! One program, one schedule, one outcome. What runs have in common is made once: image, compiled code, native stacks.
//!
//! A run has a world of its own, and each worker its own [`Runner`], which shares only what is frozen; so runs on several OS threads do not
//! meet. A runner keeps an isolate in which the script's beginning is done (`gilbert_vm::kept`); where that cannot be, each run has
//! a fresh one.

use crate::detect::{Detector, Which};
use crate::outcome::{Evaluated, Failure, RunResult};
use crate::target::{Expr, Kept, Machine, Target};
use gilbert_vm::control::Sites;
use gilbert_vm::coro::StackPool;
use gilbert_vm::gil::{DEFAULT_BOUND, Gil, Policy};
use gilbert_vm::image::Image;
use gilbert_vm::isolate::{Exit, Library, Settings};
use gilbert_vm::kept::{Kept as KeptIsolate, Parts};
use gilbert_vm::limits::Limits;
use gilbert_vm::start::Program;
use gilbert_vm::strategy::{Strategy, TickFair};
use gilbert_vm::thread::run_isolate;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::sim::{Order, SimOptions, SimWorld};
use gilbert_vm::world::{Outcome, THREAD_STACK, World};
use parking_lot::Mutex;
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

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
    keeping: Keeping,
    /// A run from a kept state has left finalisers behind: see [`KeptIsolate::finalised`].
    finalises: Arc<AtomicBool>,
    /// The visible instructions for controlled runs, once learned.
    sites: Arc<OnceLock<Arc<Sites>>>,
    detect: Option<Which>,
}

/// Whether runs start from a kept state.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Keeping {
    /// Where that can be.
    #[default]
    Yes,
    /// Each run does everything from the start.
    No,
    /// For tests: as `Yes`, looking after each run whether something has changed unseen.
    Checked,
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
            keeping: Keeping::Yes,
            finalises: Arc::default(),
            sites: Arc::default(),
            detect: None,
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

    /// With runs that start from a kept state, or do not.
    pub fn keeping(mut self, keeping: Keeping) -> Shared {
        self.keeping = keeping;
        self
    }

    /// Whether a run from a kept state has left finalisers behind, so that the next ones will be fresh.
    pub fn finalises(&self) -> bool {
        self.finalises.load(Ordering::Relaxed)
    }

    /// With detectors that watch each run.
    pub fn detecting(mut self, detect: Option<Which>) -> Shared {
        self.detect = detect;
        self
    }

    /// What must be true at the end.
    pub fn expect(&self) -> Option<&Expr> {
        self.expect.as_deref()
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
    kept: RefCell<State>,
}

/// The kept isolate.
enum State {
    /// Nobody has asked yet.
    Unknown,
    /// Here it is.
    Kept(Box<KeptIsolate>),
    /// There can be none, for this reason.
    Impossible(String),
}

impl Runner {
    /// A runner of this program.
    pub fn new(shared: Shared) -> Runner {
        let state = if shared.keeping == Keeping::No { State::Impossible("not wanted".into()) } else { State::Unknown };
        Runner { shared, stacks: StackPool::new(THREAD_STACK), kept: RefCell::new(state) }
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
        let sites = (how.order == Order::Controlled).then(|| self.sites());
        self.run_where(how, sites, begin, look)
    }

    /// The script's visible instructions, as far as some runs show them (`crate::learn`): controlled runs have their points there unless they
    /// are told others.
    pub fn sites(&self) -> Arc<Sites> {
        self.shared.sites.get_or_init(|| Arc::new(crate::learn::visible_sites(self))).clone()
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
        let (watch, expect) = (self.shared.watch.clone(), self.shared.expect.clone());
        let detector = self.shared.detect.map(Detector::new);
        let listening = detector.clone();
        let begin = move |vm: &mut Vm| {
            begin(vm);
            if let Some(detector) = listening {
                detector.listen(vm);
            }
        };
        let seen = Arc::new(Mutex::new((None, None)));
        let noted = seen.clone();
        let at_end = move |vm: &mut Vm| {
            let watched = watch.as_ref().map(|e| e.evaluate(vm));
            let expected = expect.as_ref().map(|e| e.is_true(vm));
            *noted.lock() = (watched, expected);
            look(vm);
        };
        let mut state = self.kept.borrow_mut();
        if matches!(*state, State::Unknown) {
            *state = self.keep();
        }
        if self.shared.finalises.load(Ordering::Relaxed) && !matches!(*state, State::Impossible(_)) {
            *state = State::Impossible("runs end with finalisers".into());
        }
        let (sim, exit, ended) = match &mut *state {
            State::Kept(kept) => self.run_kept(kept, how, sites, begin, at_end),
            _ => self.run_fresh(how, sites, begin, at_end),
        };
        if let State::Kept(kept) = &*state {
            self.shared.finalises.fetch_or(kept.finalised(), Ordering::Relaxed);
            if kept.is_broken() {
                *state = State::Unknown;
            }
        }
        let (watch, expect) = std::mem::take(&mut *seen.lock());
        let findings = detector.map(|d| Box::new(d.findings(&ended)));
        RunResult { findings, ..self.result(&sim, &exit, ended, watch, expect) }
    }

    /// Instructions of the script that are done before a run begins.
    pub fn skipped(&self) -> usize {
        match &*self.kept.borrow() {
            State::Kept(kept) => kept.skipped(),
            _ => 0,
        }
    }

    /// Why runs do not start from a kept state, once that is known.
    pub fn why_not_kept(&self) -> Option<String> {
        match &*self.kept.borrow() {
            State::Impossible(why) => Some(why.clone()),
            _ => None,
        }
    }

    fn run_fresh(
        &self,
        how: How,
        sites: Option<Arc<Sites>>,
        begin: impl FnOnce(&mut Vm) + Send + 'static,
        mut at_end: impl FnMut(&mut Vm) + Send + 'static,
    ) -> (Arc<SimWorld>, Arc<Exit>, Outcome) {
        let policy = self.policy(how.order);
        let settings = Settings { visible: sites, ..self.settings(how.seed) };
        let exit = settings.exit.clone();
        let (sim, gil) = self.machine_of(self.world_options(how), policy);
        let (program, slot) = (self.shared.program.clone(), exit.clone());
        let ended = run_isolate(self.shared.image.clone(), sim.clone(), gil, self.shared.library.clone(), settings, move |vm| {
            begin(vm);
            let code = vm.run_program_and(&program, &mut at_end);
            slot.set_code(code);
        });
        (sim, exit, ended)
    }

    fn run_kept(
        &self,
        kept: &mut KeptIsolate,
        how: How,
        sites: Option<Arc<Sites>>,
        begin: impl FnOnce(&mut Vm) + Send + 'static,
        at_end: impl FnMut(&mut Vm) + Send + 'static,
    ) -> (Arc<SimWorld>, Arc<Exit>, Outcome) {
        let policy = self.policy(how.order);
        let options = SimOptions { from: Some(kept.mark()), ..self.world_options(how) };
        let (sim, gil) = self.machine_of(options, policy);
        let world: Arc<dyn World> = sim.clone();
        let ended = kept.run(&world, &gil, sites, begin, at_end);
        (sim, kept.exit().clone(), ended)
    }

    /// The script's beginning, done once.
    fn keep(&self) -> State {
        let world = || {
            let how = How { seed: 0, strategy: Box::new(TickFair::new(0)), order: Order::Time, record: false };
            self.machine_of(self.world_options(how), self.policy(Order::Time))
        };
        let (shared, settings) = (&self.shared, self.settings(0));
        let check = shared.keeping == Keeping::Checked;
        let parts = Parts { image: &shared.image, library: &shared.library, settings: &settings, program: &shared.program, world: &world, check };
        match KeptIsolate::new(&parts) {
            Ok(kept) => State::Kept(Box::new(kept)),
            Err(why) => State::Impossible(why),
        }
    }

    fn machine_of(&self, options: SimOptions, policy: Policy) -> (Arc<SimWorld>, Arc<Gil>) {
        let sim = SimWorld::new(options);
        Limits::of(&*sim).allow(self.shared.machine.allowed);
        let gil = Gil::new(policy, self.shared.machine.handoff, sim.clone(), DEFAULT_BOUND).expect("a policy that was checked");
        (sim, Arc::new(gil))
    }

    fn policy(&self, order: Order) -> Policy {
        match (order, self.shared.machine.policy) {
            (Order::Time, policy) => policy,
            (_, Policy::Ticks(n) | Policy::Off(n)) => Policy::Off(n),
            (_, Policy::Interval(_)) => Policy::Off(100),
        }
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
            findings: None,
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
    use crate::strategy::{Kind, Profile};
    use gilbert_stdlib::StdLibrary;

    fn runner(source: &str, watch: Option<&str>, expect: Option<&str>) -> Runner {
        let parse = |e: &str| Expr::new(e, "--watch").expect("an expression");
        let machine = Machine { max_ticks: 200_000, ..Machine::default() };
        let shared = Shared::new(Target::text(source), machine, Arc::new(StdLibrary::default()));
        Runner::new(shared.watching(watch.map(parse)).expecting(expect.map(parse)))
    }

    fn how(kind: Kind, seed: u64) -> How {
        How { seed, strategy: kind.strategy(seed, &Profile::of(&[5, 5, 5])), order: kind.order(), record: true }
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
                let (first, schedule) = crate::race::record_seed(&runner, *kind, &Profile::of(&[5, 5, 5]), seed);
                let parsed = crate::schedule::Schedule::parse(&schedule.to_text()).expect("what we wrote");
                assert_eq!(parsed.replay(&runner), Ok(first), "{kind} {seed}");
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
