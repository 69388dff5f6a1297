//! `gilbert run`: one run of a script, native or simulated.

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

use crate::cli::USAGE;
use crate::detect::{self, DetectArgs, Files};
use crate::limits::{self, Limits};
use crate::measure::Expectation;
use crate::report;
use crate::trace::Wanted;
use clap::ValueEnum;
use gilbert_lab::detect::Detector;
use gilbert_lab::target::{Machine, Target};
use gilbert_lab::trace::About;
use gilbert_stdlib::StdLibrary;
use gilbert_stdlib::gil::Explorer;
use gilbert_vm::fork::{Counts, Unwritten};
use gilbert_vm::gil::{DEFAULT_BOUND, Gil, Handoff, Policy};
use gilbert_vm::image::Image;
use gilbert_vm::isolate::{Exit, Library, Settings};
use gilbert_vm::start::Program;
use gilbert_vm::thread::run_isolate;
use gilbert_vm::timeline::{DEFAULT_ROOM, Log};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::native::{NativeOptions, NativeWorld};
use gilbert_vm::world::sim::{FsMode, Input, Output, SimOptions, SimWorld};
use gilbert_vm::world::{Blocked, Outcome, Process, WaitKind, World};
use parking_lot::Mutex;
use std::ffi::OsString;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What `gilbert run` is told.
#[derive(clap::Args, Debug, Default, PartialEq)]
pub struct Args {
    #[command(flatten)]
    pub options: Options,
    /// Run this text
    #[arg(short = 'c', value_name = "CODE", allow_hyphen_values = true)]
    code: Option<String>,
    /// Run this module as a script
    #[arg(short = 'm', value_name = "MODULE")]
    module: Option<String>,
    /// Make the simulated run twice and name the first event that differs; exit code 1 if one does
    #[arg(long, conflicts_with_all = ["code", "module"])]
    check_determinism: bool,
    #[command(flatten)]
    detect: DetectArgs,
    /// With --detect: tell what was found as one JSON object, on standard error
    #[arg(long, requires = "detect")]
    json: bool,
    /// Write the run's timeline: a page (.html), a picture (.svg), or trace events for Perfetto (.json)
    #[arg(long, value_name = "OUT")]
    trace: Option<PathBuf>,
    /// Show at the end, on standard error, who had the GIL when
    #[arg(long)]
    timeline: bool,
    /// Write what the run was like, for gilbert tune
    #[arg(long, value_name = "OUT", hide = true)]
    measure: Option<PathBuf>,
    /// For --measure: false at the end is a failure
    #[arg(long, value_name = "EXPR", hide = true, allow_hyphen_values = true)]
    measure_expect: Option<String>,
    /// The script (`-` for standard input) and its arguments
    #[arg(value_name = "FILE", allow_hyphen_values = true, trailing_var_arg = true)]
    rest: Vec<String>,
}

/// How a script is run: the options that `run` and `trace` share.
#[derive(clap::Args, Clone, Debug, PartialEq)]
pub struct Options {
    /// Run in the simulated world: virtual time, every hand-over drawn from the seed
    #[arg(long)]
    pub sim: bool,
    /// The seed of a simulated run
    #[arg(long, value_name = "S", default_value_t = 0)]
    pub seed: u64,
    /// Release the GIL every N instructions
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub ticks: u32,
    /// Who gets the GIL after ticks: drawn at random, who waits longest, or whom the system wakes first
    #[arg(long, value_name = "H")]
    handoff: Option<HandoffName>,
    /// What makes threads switch: a count of instructions, an interval of time (CPython 3), or no GIL at all (simulated only)
    #[arg(long, value_name = "POLICY", default_value = "ticks")]
    gil: PolicyName,
    /// The interval, in seconds; implies --gil interval
    #[arg(long, value_name = "SECONDS")]
    switch_interval: Option<f64>,
    /// Where a switch may happen: after every instruction, or only at backward jumps, calls and function entry
    #[arg(long, value_name = "P")]
    switch_points: Option<SwitchPoints>,
    /// End the run after so many seconds of the world's clock, with exit code 0
    #[arg(long, value_name = "SECONDS")]
    until: Option<f64>,
    /// Say at the end how often the GIL was released and switched, why, and who waited how long
    #[arg(long)]
    stats: bool,
    /// Simulated: nanoseconds that one instruction takes
    #[arg(long, value_name = "N", default_value_t = 50)]
    tick_ns: u64,
    /// Simulated: how many processes make progress at once
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=1024))]
    cores: u16,
    /// Simulated: nanoseconds that a switch of threads takes
    #[arg(long, value_name = "N", default_value_t = 5000)]
    switch_ns: u64,
    /// Simulated: whether files that the script writes stay in memory or reach the disk
    #[arg(long, value_name = "F", default_value = "private")]
    fs: FsName,
    /// Optimise: drop asserts; twice: docstrings too
    #[arg(short = 'O', action = clap::ArgAction::Count)]
    optimize: u8,
    /// Unbuffered output
    #[arg(short = 'u')]
    unbuffered: bool,
    /// A filter of warnings: action:message:category:module:line
    #[arg(short = 'W', value_name = "FILTER")]
    warn: Vec<String>,
    /// Run another script as a process of its own in the same machine, from when the first one first waits or ends; repeatable
    #[arg(long, value_name = "FILE")]
    peer: Vec<String>,
    /// Events that a timeline keeps; what comes later is counted and dropped, locks and output first
    #[arg(long, value_name = "N", default_value_t = DEFAULT_ROOM)]
    max_events: usize,
    #[command(flatten)]
    pub limits: Limits,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum HandoffName {
    Fair,
    Fifo,
    Contend,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum PolicyName {
    Ticks,
    Interval,
    Off,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum SwitchPoints {
    All,
    LoopsAndCalls,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum FsName {
    Private,
    WriteThrough,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            sim: false,
            seed: 0,
            ticks: 100,
            handoff: None,
            gil: PolicyName::Ticks,
            switch_interval: None,
            switch_points: None,
            until: None,
            stats: false,
            cores: 2,
            tick_ns: 50,
            switch_ns: 5000,
            fs: FsName::Private,
            optimize: 0,
            unbuffered: false,
            warn: Vec::new(),
            peer: Vec::new(),
            max_events: DEFAULT_ROOM,
            limits: Limits::default(),
        }
    }
}

impl Args {
    /// A run whose timeline is wanted.
    pub fn traced(args: crate::trace::Args) -> Args {
        let rest = std::iter::once(args.script).chain(args.rest).collect();
        Args { options: args.options, trace: args.output, timeline: args.timeline, rest, ..Args::default() }
    }
    /// `FILE ..`, `-c CODE ..` and `-m MODULE ..` without an option before them: what most runs are, and needs no parser, whose making of
    /// tables is a tenth of a short run's time and pages. `None` for everything else.
    pub fn plain(words: &[OsString]) -> Option<Args> {
        let mut words = words.iter().map(|w| w.to_str().map(str::to_owned));
        let mut args = Args::default();
        match words.next()??.as_str() {
            "-c" => args.code = Some(words.next()??),
            "-m" => args.module = Some(words.next()??),
            file if file == "-" || !file.starts_with('-') => args.rest.push(file.to_owned()),
            _ => return None,
        }
        for word in words {
            args.rest.push(word?);
        }
        Some(args)
    }
}

/// Options of `run` that take a value in the next word.
const WITH_VALUE: &[&str] = &[
    "--seed",
    "--ticks",
    "--handoff",
    "--gil",
    "--switch-interval",
    "--switch-points",
    "--until",
    "--detect",
    "--tick-ns",
    "--switch-ns",
    "--fs",
    "--cores",
    "--peer",
    "--trace",
    "--max-events",
    "--measure",
    "--measure-expect",
    "-W",
];

/// Marks where gilbert's own options end and the script's begin: after FILE, `-c CODE` or `-m MODULE` everything is the script's.
pub fn end_of_options(mut words: Vec<OsString>) -> Vec<OsString> {
    let mut i = 2;
    while i < words.len() {
        let word = words[i].to_string_lossy().into_owned();
        match word.as_str() {
            "--" => break,
            "-c" | "-m" => {
                if i + 2 <= words.len() {
                    words.insert((i + 2).min(words.len()), "--".into());
                }
                break;
            }
            w if WITH_VALUE.contains(&w) || limits::WITH_VALUE.contains(&w) => i += 2,
            w if w.starts_with("-W") => {
                // the parser would take the word for a file
                let filter = w[2..].into();
                words.splice(i..=i, ["-W".into(), filter]);
                i += 2;
            }
            w if w.starts_with('-') && w != "-" => i += 1,
            _ => {
                words.insert(i, "--".into());
                break;
            }
        }
    }
    words
}

/// Runs; gives the exit code.
pub fn main(args: Args) -> i32 {
    run(&args).unwrap_or_else(|message| {
        eprintln!("{message}");
        USAGE
    })
}

/// Runs as told, and writes the timeline if one is wanted; gives the exit code.
///
/// # Errors
/// A wrong command line, in words.
fn run(args: &Args) -> Result<i32, String> {
    if args.check_determinism {
        return check_determinism(args);
    }
    let wanted = Wanted { out: args.trace.clone(), terminal: args.timeline };
    wanted.check()?;
    let mut job = prepare(args)?;
    offer_explore(args, &job.world);
    if let Some(out) = &args.measure {
        let expect = Expectation::new(args.measure_expect.as_deref())?;
        job.expect = Some(expect.clone());
        let log = job.write_log(&args.options);
        let (code, outcome) = job.run(&args.options, library());
        return expect.write(out, &log, about(args), code, &outcome);
    }
    let log = wanted.is_some().then(|| job.write_log(&args.options));
    job.detector = args.detect.detector();
    let detector = job.detector.clone();
    let (code, outcome) = job.run(&args.options, library());
    let code = detector.map_or(code, |d| detected(args, &d, &outcome, code));
    match log.map_or(Ok(()), |log| wanted.write(&log, &about(args), &outcome)) {
        Ok(()) => Ok(code),
        Err(message) => Err(format!("gilbert: {message}")),
    }
}

/// The script, for runs of the lab.
fn lab_target(args: &Args) -> Result<Target, String> {
    let file = args.rest.first().filter(|f| *f != "-").ok_or("gilbert: this needs a script in a file")?;
    crate::script::target(file, &args.rest[1..])
}

fn check_determinism(args: &Args) -> Result<i32, String> {
    let (options, target) = (&args.options, lab_target(args)?);
    let policy = options.policy();
    let machine = Machine {
        policy,
        handoff: options.handoff.map_or(Handoff::Fair, |_| options.handoff()),
        restricted_switches: options.switch_points.map_or(matches!(policy, Policy::Interval(_)), |p| matches!(p, SwitchPoints::LoopsAndCalls)),
        tick_ns: options.tick_ns,
        switch_ns: options.switch_ns,
        max_memory: options.limits.max_memory,
        start_dir: std::env::current_dir().unwrap_or_else(|_| "/".into()),
        ..Machine::default()
    };
    Ok(crate::determinism::main(target, machine, options.seed))
}

/// `gil.explore` explores the script that runs.
fn offer_explore(args: &Args, world: &Arc<dyn World>) {
    if let (None, None, [file, rest @ ..]) = (&args.code, &args.module, args.rest.as_slice()) {
        let (file, rest) = (file.clone(), rest.to_vec());
        world.shelf().get::<Explorer>().set(Box::new(move |asked| {
            let target = crate::script::target(&file, &rest)?;
            crate::explore_call::explore_call(&target, library(), asked)
        }));
    }
}

/// Says what detectors have found; gives the exit code, which is no longer 0 where that was a mistake.
fn detected(args: &Args, detector: &Detector, outcome: &Outcome, code: i32) -> i32 {
    let found = detector.findings(outcome);
    let mut sources = args.code.as_ref().map_or_else(Files::default, |text| Files::with("<string>", text));
    detect::tell(&found, &mut sources, args.json);
    if code == 0 && found.fails() { 1 } else { code }
}

/// What a timeline says of the run.
fn about(args: &Args) -> About {
    let script = match (&args.code, &args.module) {
        (Some(_), _) => "-c".to_owned(),
        (None, Some(module)) => format!("-m {module}"),
        (None, None) => args.rest.first().cloned().unwrap_or_default(),
    };
    args.options.about(script)
}

impl Options {
    /// What a timeline says of a run with these options.
    pub fn about(&self, script: String) -> About {
        let policy = self.policy();
        let handoff = self.handoff();
        About { script, simulated: self.sim, seed: self.seed, policy, handoff, tick_ns: if self.sim { self.tick_ns } else { 0 } }
    }
    /// What makes threads switch.
    pub fn policy(&self) -> Policy {
        match (self.gil, self.switch_interval) {
            (PolicyName::Off, _) => Policy::Off(self.ticks),
            (_, Some(seconds)) => Policy::Interval((seconds * 1e9) as u64),
            (PolicyName::Interval, None) => Policy::Interval(5_000_000),
            (PolicyName::Ticks, None) => Policy::Ticks(self.ticks),
        }
    }
    /// Who gets a GIL that is released while others wait.
    pub fn handoff(&self) -> Handoff {
        match self.handoff {
            Some(HandoffName::Fair) => Handoff::Fair,
            Some(HandoffName::Fifo) => Handoff::Fifo,
            Some(HandoffName::Contend) => Handoff::Contend,
            None if self.sim => Handoff::Fair,
            None => Handoff::Contend,
        }
    }
}

/// A run that is ready to start.
struct Job {
    program: Program,
    world: Arc<dyn World>,
    gil: Arc<Gil>,
    settings: Settings,
    peers: Vec<Peer>,
    /// What is to be looked at when the script has ended.
    expect: Option<Expectation>,
    /// Who watches the first script.
    detector: Option<Detector>,
}

/// Another script of the same machine.
struct Peer {
    program: Program,
    name: String,
    settings: Settings,
}

fn prepare(args: &Args) -> Result<Job, String> {
    let options = &args.options;
    for seconds in [options.until, options.switch_interval].into_iter().flatten() {
        if !(seconds > 0.0 && seconds < 1e9) {
            return Err(format!("gilbert: {seconds} is no span of seconds"));
        }
    }
    let (program, argv, first_dir) = program(args)?;
    let world = world(options);
    let gil = gil(options, &world)?;
    options.limits.set(&*world);
    if let (Some(ticks), false) = (options.limits.max_ticks, options.sim) {
        gil.limit_ticks(ticks);
    }
    if let Some(seconds) = options.until {
        world.set_until(Some((seconds * 1e9) as u64));
    }
    let mut path: Vec<String> = first_dir.into_iter().collect();
    path.extend(std::env::var("PYTHONPATH").unwrap_or_default().split(':').filter(|p| !p.is_empty()).map(String::from));
    let restricted = match options.switch_points {
        Some(p) => matches!(p, SwitchPoints::LoopsAndCalls),
        None => matches!(gil.policy(), Policy::Interval(_)),
    };
    let executable = if options.sim { "/usr/bin/gilbert".to_string() } else { std::env::current_exe().unwrap_or_default().to_string_lossy().into_owned() };
    let hash_seed = if options.sim { options.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) } else { 0 };
    let settings = Settings {
        argv,
        path,
        program: executable,
        hash_seed,
        optimize: options.optimize.min(2),
        max_memory: options.limits.max_memory,
        restricted_switches: restricted,
        unbuffered: options.unbuffered || outside(options, "PYTHONUNBUFFERED").is_some(),
        warn_options: warn_options(options),
        visible: None,
        exit: Arc::default(),
    };
    let peers = options.peer.iter().map(|file| peer(file, &settings)).collect::<Result<_, _>>()?;
    Ok(Job { program, world, gil, settings, peers, expect: None, detector: None })
}

/// A variable of the environment, where it is set and not empty. A simulated run knows none.
fn outside(options: &Options, name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !options.sim && !text.is_empty())
}

/// `sys.warnoptions`: those of the environment come before those of the command line.
fn warn_options(options: &Options) -> Vec<String> {
    let outside = outside(options, "PYTHONWARNINGS").unwrap_or_default();
    outside.split(',').filter(|option| !option.is_empty()).map(str::to_owned).chain(options.warn.iter().cloned()).collect()
}

/// A peer's program and settings: those of the first script, but for what follows from its file.
fn peer(file: &str, first: &Settings) -> Result<Peer, String> {
    let (program, dir) = script(file)?;
    let name = Path::new(file).file_name().map_or_else(|| file.to_string(), |n| n.to_string_lossy().into_owned());
    // the first entry is the first script's folder
    let path = dir.into_iter().chain(first.path.iter().skip(1).cloned()).collect();
    let settings = Settings { argv: vec![file.to_string()], path, exit: Arc::default(), ..first.clone() };
    Ok(Peer { program, name, settings })
}

/// The modules that come with Gilbert; their compiled code is kept between runs.
pub fn library() -> Arc<StdLibrary> {
    Arc::new(match crate::code_store::FileStore::open() {
        Some(store) => StdLibrary::with_store(store),
        None => StdLibrary::default(),
    })
}

/// What to run, `sys.argv`, and the first entry of `sys.path`.
fn program(args: &Args) -> Result<(Program, Vec<String>, Option<String>), String> {
    let rest = args.rest.iter().cloned();
    let here = || Some(std::env::current_dir().unwrap_or_default().to_string_lossy().into_owned());
    if let Some(code) = &args.code {
        let p = Program::Source { text: code.clone(), name: "<string>".into(), file: false };
        return Ok((p, std::iter::once("-c".into()).chain(rest).collect(), Some(String::new())));
    }
    if let Some(module) = &args.module {
        return Ok((Program::Module(module.clone()), std::iter::once("-m".into()).chain(rest).collect(), here()));
    }
    let Some(file) = args.rest.first() else {
        return Err("gilbert: no script given (see gilbert --help)".into());
    };
    let (program, dir) = script(file)?;
    Ok((program, rest.collect(), dir))
}

/// A script's program, and the folder it lies in.
fn script(file: &str) -> Result<(Program, Option<String>), String> {
    let (bytes, name, dir) = if file == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map_err(|e| format!("gilbert: standard input: {e}"))?;
        (bytes, "<stdin>".to_string(), Some(String::new()))
    } else {
        let path = Path::new(file);
        let dir = if path.is_dir() { Some(path) } else { path.parent() };
        // symbolic links are followed, as CPython does for the script's folder
        let dir =
            std::fs::canonicalize(path).ok().and_then(|p| if p.is_dir() { Some(p) } else { p.parent().map(Path::to_path_buf) }).or(dir.map(Path::to_path_buf));
        let name = std::path::absolute(if path.is_dir() { path.join("__main__.py") } else { path.to_path_buf() })
            .map_or_else(|_| file.to_string(), |p| p.to_string_lossy().into_owned());
        (crate::source::read(file)?, name, dir.map(|d| d.to_string_lossy().into_owned()))
    };
    let p = Program::Bytes { bytes, file: file != "-", name };
    Ok((p, dir))
}

fn world(options: &Options) -> Arc<dyn World> {
    if !options.sim {
        return NativeWorld::new(NativeOptions::default());
    }
    SimWorld::new(SimOptions {
        seed: options.seed,
        tick_ns: options.tick_ns,
        switch_ns: options.switch_ns,
        cpu_count: usize::from(options.cores),
        start_dir: std::env::current_dir().unwrap_or_else(|_| "/".into()),
        max_ticks: options.limits.max_ticks.unwrap_or(0),
        stdin: sim_input(),
        output: Output::PassOn,
        fs: match options.fs {
            FsName::Private => FsMode::Overlay,
            FsName::WriteThrough => FsMode::WriteThrough,
        },
        ..SimOptions::default()
    })
}

/// A simulated run's standard input: what a file or pipe holds; a terminal, and a pipe into which nobody writes, stay silent.
fn sim_input() -> Input {
    let stdin = std::io::stdin();
    if stdin.is_terminal() || !report::readable_soon() {
        return Input::Silent;
    }
    let mut bytes = Vec::new();
    match stdin.lock().read_to_end(&mut bytes) {
        Ok(_) => Input::Bytes(bytes),
        Err(_) => Input::Bytes(Vec::new()),
    }
}

fn gil(options: &Options, world: &Arc<dyn World>) -> Result<Arc<Gil>, String> {
    Gil::new(options.policy(), options.handoff(), world.clone(), DEFAULT_BOUND).map(Arc::new).map_err(|e| format!("gilbert: {e}"))
}

/// The limit that ended a run, in words.
fn exceeded(options: &Options, outcome: &Outcome, world: &Arc<dyn World>, gil: &Gil) -> Option<String> {
    let ticks = options.limits.max_ticks.filter(|_| matches!(outcome, Outcome::TickLimit) || gil.out_of_ticks());
    let words = |n| format!("more than {n} ticks (--max-ticks)");
    ticks.map(words).or_else(|| gilbert_vm::limits::Limits::of(&**world).exceeded())
}

/// How a shell tells an exit status.
fn shell_code(status: i32) -> i32 {
    if status < 0 { 128 - status } else { status }
}

impl Peer {
    /// Starts it as a process; it waits until the first one first waits or has ended.
    fn start(self, vm: &mut Vm) -> Option<Arc<Process>> {
        let Peer { program, name, settings } = self;
        let world = vm.iso().world.clone();
        let first = world.process().clone();
        let exit = settings.exit.clone();
        let main = move |vm: &mut Vm, _: Value| {
            let why = Blocked { note: "the first script's first wait".into(), ..Blocked::new(WaitKind::Other, 0) };
            first.tell_pause(vm.tid());
            while !first.has_paused() {
                if vm.park(None, why.clone()).is_err() {
                    return 0;
                }
            }
            let code = vm.run_program(&program);
            if exit.signal() == 0 { code } else { -exit.signal() }
        };
        match vm.spawn(&name, main, |_| Value::NONE, settings, &[]) {
            Ok(pid) => {
                let process = world.find_process(pid)?;
                process.set_ppid(world.ppid());
                Some(process)
            }
            Err(e) => {
                vm.print_exception(&e);
                None
            }
        }
    }
}

impl Job {
    /// Lets the run write what happens to a log.
    fn write_log(&mut self, options: &Options) -> Arc<Log> {
        let log = Log::new(options.max_events, if options.sim { options.tick_ns } else { 0 });
        self.gil.write_to(log.clone());
        log
    }
    /// Runs with the modules of `library`; gives the exit code, and how the run ended.
    fn run(self, options: &Options, library: Arc<dyn Library>) -> (i32, Outcome) {
        let Job { program, world, gil, settings, peers, expect, detector } = self;
        let exit: Arc<Exit> = settings.exit.clone();
        let (slot, counted) = (exit.clone(), gil.clone());
        let started: Arc<Mutex<Vec<Arc<Process>>>> = Arc::default();
        let peers_seen = started.clone();
        report::quiet_panics();
        let outcome = run_isolate(Image::new(), world.clone(), gil, library, settings, move |vm| {
            if let Some(detector) = detector {
                detector.listen(vm);
            }
            *started.lock() = peers.into_iter().filter_map(|peer| peer.start(vm)).collect();
            let code = match expect {
                Some(expect) => vm.run_program_and(&program, &mut |vm| expect.look(vm)),
                None => vm.run_program(&program),
            };
            slot.set_code(code);
        });
        // what an ended run has not written yet; it lies outside the heap, which nobody looks at after a panic
        let mut rest = exit.take_unwritten();
        rest.extend(world.shelf().get::<Unwritten>().take());
        let _ = std::io::stdout().write_all(&rest).and_then(|()| std::io::stdout().flush());
        if options.stats {
            report::stats(&counted.stats());
            for (pid, name, stats) in world.shelf().get::<Counts>().take() {
                report::stats_of(pid, &name, &stats);
            }
        }
        if let Some(limit) = exceeded(options, &outcome, &world, &counted) {
            eprintln!("gilbert: stopped: {limit}");
            return (limits::ENDED, outcome);
        }
        let code = match &outcome {
            Outcome::Finished | Outcome::Stopped => {
                if exit.signal() != 0 && !options.sim {
                    gilbert_vm::world::native::end_by_signal(exit.signal());
                }
                match exit.code() {
                    0 => peers_seen.lock().iter().map(|peer| shell_code(peer.status().unwrap_or(0))).find(|code| *code != 0).unwrap_or(0),
                    code => code,
                }
            }
            Outcome::Signal(signum) => 128 + signum,
            Outcome::Until => 0,
            Outcome::TickLimit => 0,
            Outcome::Idle(threads) => {
                report::idle(threads);
                0
            }
            Outcome::Deadlock(threads) => {
                report::deadlock(threads);
                3
            }
            Outcome::Panicked { tid, message } => {
                eprintln!("gilbert: a bug of gilbert's own, not of the script: thread {tid} panicked: {message}");
                eprintln!("gilbert: please report it with the script that did it");
                70
            }
        };
        (code, outcome)
    }
}

#[cfg(test)]
mod tests {
    //! A native that panics, in a library of the test's own: the command itself has none.

    use super::*;
    use gilbert_vm::isolate::Builtin;
    use gilbert_vm::types::native::{NativeDef, function};
    use std::process::{Command, Output};

    static FUNCTIONS: &[NativeDef] = &[function("now(text, /)", |vm: &mut Vm, args: &[Value]| {
        let text = vm.expect_str(&args[0], "text")?;
        panic!("{text}")
    })];

    #[derive(Default)]
    struct WithPanic(StdLibrary);

    impl Library for WithPanic {
        fn find(&self, name: &str) -> Option<Builtin> {
            match name {
                "panics" => Some(Builtin::Native(|vm| Ok(vm.new_module("panics", "", FUNCTIONS)))),
                _ => self.0.find(name),
            }
        }
        fn names(&self) -> Vec<&'static str> {
            self.0.names()
        }
    }

    const SOURCE: &str = "GILBERT_TEST_PANIC_SOURCE";
    const SIMULATED: &str = "GILBERT_TEST_PANIC_SIMULATED";

    /// The process that panics: this test's own program, with the script in its environment.
    #[test]
    #[ignore = "the child of the tests below"]
    fn child() {
        let options = Options { sim: std::env::var_os(SIMULATED).is_some(), ..Options::default() };
        let args = Args { code: std::env::var(SOURCE).ok(), options, ..Args::default() };
        let job = prepare(&args).unwrap_or_else(|e| panic!("{e}"));
        let (code, _) = job.run(&args.options, Arc::new(WithPanic::default()));
        std::process::exit(code);
    }

    fn run(source: &str, simulated: bool) -> Output {
        let mut child = Command::new(std::env::current_exe().expect("this program"));
        child.args(["--exact", "run::tests::child", "--ignored", "--nocapture", "--test-threads=1"]).env(SOURCE, source).env_remove("RUST_BACKTRACE");
        if simulated {
            child.env(SIMULATED, "1");
        }
        child.output().expect("a child")
    }

    /// Exit code 70, the message, what was printed; and nothing of the heap is walked: no finaliser, no `finally`, no `atexit`.
    fn assert_panicked(source: &str, thread: &str) {
        for simulated in [false, true] {
            let out = run(source, simulated);
            let (stdout, stderr) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
            assert_eq!(out.status.code(), Some(70), "{stdout} {stderr}");
            let message = format!("gilbert: a bug of gilbert's own, not of the script: thread {thread} panicked: on purpose\n");
            assert!(stderr.contains(&message), "{stderr}");
            assert!(stdout.contains("printed") && stdout.contains("and buffered"), "{stdout}");
            assert!(!stdout.contains("walked") && !stderr.contains("walked"), "{stdout} {stderr}");
        }
    }

    const PREPARE: &str = "
import atexit, panics, threading
class Loud:
    def __del__(self):
        print('walked: __del__')
kept = Loud()
cycle = [Loud()]; cycle.append(cycle)
atexit.register(print, 'walked: atexit')
print('printed')
print('and buffered', end='')
def go():
    try:
        mine = Loud()
        panics.now('on purpose')
    except BaseException:
        print('walked: except')
    finally:
        print('walked: finally')
";

    #[test]
    fn a_panic_of_the_main_thread_ends_the_run_with_70() {
        assert_panicked(&format!("{PREPARE}go()\nprint('walked: on')"), "T0");
    }

    #[test]
    fn a_panic_of_another_thread_ends_the_run_with_70() {
        assert_panicked(&format!("{PREPARE}t = threading.Thread(target=go)\nt.start()\nt.join()\nprint('walked: on')"), "T1");
    }

    #[test]
    fn a_panic_below_native_calls_ends_the_run_with_70() {
        assert_panicked(&format!("{PREPARE}sorted([2, 1], key=lambda x: list(map(lambda y: go(), [x])))\nprint('walked: on')"), "T0");
    }
}
