//! A script under several settings of the GIL, measured: what `tune` and `compare` have in common. Each measured run is a process of its
//! own, so that one does not warm anything up for the next.

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

use crate::limits::Limits;
use crate::script;
use gilbert_lab::json::Json;
use gilbert_lab::race::{Plan, race};
use gilbert_lab::runner::Shared;
use gilbert_lab::strategy::Kind;
use gilbert_lab::target::{DEFAULT_MAX_TICKS, Expr, Machine};
use gilbert_lab::trace::handoff_name;
use gilbert_lab::tune::{self, Measure, Point, Setting, Sweep};
use gilbert_vm::gil::Policy;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

/// Ticks that counting the failing share of a setting may take, and the bounds of its runs.
const TICKS_TO_COUNT: u64 = 10_000_000;
const RUNS: (u64, u64) = (8, 50);

/// What both commands are told.
#[derive(clap::Args)]
pub struct SweepArgs {
    /// The first run's seed, simulated
    #[arg(long, value_name = "S", default_value_t = 0)]
    pub seed: u64,
    /// Measured runs of each setting; the table shows medians
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1000))]
    pub repeats: Option<u64>,
    /// Simulated: runs of each setting in which failures are counted
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub runs: Option<u64>,
    /// A run fails where this expression is false at its end
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub expect: Option<String>,
    /// Simulated: nanoseconds that one instruction takes
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub tick_ns: u64,
    /// Simulated: nanoseconds that a switch of threads takes
    #[arg(long, value_name = "N", default_value_t = 5000)]
    pub switch_ns: u64,
    #[command(flatten)]
    pub limits: Limits,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Write a page (.html), a chart (.svg), or the numbers (.csv, .json)
    #[arg(long, short = 'o', value_name = "OUT")]
    pub output: Option<PathBuf>,
    /// The script
    #[arg(value_name = "FILE")]
    pub script: String,
    /// Its arguments
    #[arg(value_name = "ARG", last = true)]
    pub rest: Vec<String>,
}

/// Measures and tells; gives the exit code.
pub fn main(args: &SweepArgs, simulated: bool, settings: &[Setting]) -> i32 {
    match run(args, simulated, settings) {
        Ok(sweep) if sweep.interrupted => crate::interrupt::INTERRUPTED,
        Ok(_) => 0,
        Err(message) => script::usage(&message),
    }
}

fn run(args: &SweepArgs, simulated: bool, settings: &[Setting]) -> Result<Sweep, String> {
    if let Some(out) = &args.output
        && !matches!(ending(out), "html" | "svg" | "csv" | "json")
    {
        return Err(format!("{}: a sweep is written as .html, .svg, .csv or .json", out.display()));
    }
    if let Some(expect) = &args.expect {
        Expr::new(expect, "--expect")?;
    }
    script::target(&args.script, &args.rest)?;
    let stop = crate::interrupt::flag();
    let bar = progress_bar(settings.len(), args.json);
    let mut points = Vec::new();
    for setting in settings {
        bar.set_message(setting.name.clone());
        if let Some(point) = measure(args, simulated, setting, &stop)? {
            points.push(point);
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let interrupted = stop.load(Ordering::Relaxed);
    let sweep = Sweep { script: args.script.clone(), simulated, expect: args.expect.clone(), points, interrupted };
    tell(args, &sweep)?;
    Ok(sweep)
}

fn progress_bar(settings: usize, quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} settings, {msg}, {eta} left");
    ProgressBar::new(settings as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// A setting's numbers; `None`: interrupted before the first run was over.
fn measure(args: &SweepArgs, simulated: bool, setting: &Setting, stop: &AtomicBool) -> Result<Option<Point>, String> {
    let repeats = args.repeats.unwrap_or(if simulated { 5 } else { 7 });
    let mut measures = Vec::new();
    for i in 0..repeats {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        measures.push(one_run(args, simulated, setting, args.seed.wrapping_add(i))?);
    }
    if measures.is_empty() {
        return Ok(None);
    }
    let mut point = Point::of(setting.clone(), &measures);
    if simulated {
        let runs = args.runs.unwrap_or_else(|| (TICKS_TO_COUNT / point.median.ticks.max(1)).clamp(RUNS.0, RUNS.1));
        let tally = race(&shared(args, setting)?, plan(args.seed, runs), stop, |_| {})?.tally;
        (point.runs, point.failures) = (tally.runs, tally.failures);
    }
    Ok(Some(point))
}

fn plan(seed: u64, runs: u64) -> Plan {
    let jobs = std::thread::available_parallelism().map_or(1, |n| n.get());
    Plan { kind: Kind::TickFair, seed, runs, shard: (1, 1), jobs }
}

/// For the failing share: the machine of a setting, in this process.
fn shared(args: &SweepArgs, setting: &Setting) -> Result<Shared, String> {
    let target = script::target(&args.script, &args.rest)?;
    let machine = Machine {
        policy: setting.policy,
        handoff: setting.handoff,
        restricted_switches: setting.restricted,
        tick_ns: args.tick_ns,
        switch_ns: args.switch_ns,
        max_ticks: args.limits.max_ticks.unwrap_or(DEFAULT_MAX_TICKS),
        max_memory: args.limits.max_memory,
        allowed: args.limits.allowed(),
        start_dir: std::env::current_dir().unwrap_or_else(|_| "/".into()),
        ..Machine::default()
    };
    let expect = args.expect.as_deref().map(|t| Expr::new(t, "--expect")).transpose()?;
    Ok(Shared::new(target, machine, crate::run::library()).expecting(expect))
}

/// One run in a process of its own; what it prints is dropped.
fn one_run(args: &SweepArgs, simulated: bool, setting: &Setting, seed: u64) -> Result<Measure, String> {
    let out = Scratch::new()?;
    let program = std::env::current_exe().map_err(|e| e.to_string())?;
    let mut command = Command::new(program);
    command.args(["run", "--measure"]).arg(&out.0).args(options(args, simulated, setting, seed)).args(args.limits.typed());
    if let Some(expect) = &args.expect {
        command.args(["--measure-expect", expect]);
    }
    command.arg(&args.script).args(&args.rest).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status().map_err(|e| e.to_string())?;
    let text = std::fs::read_to_string(&out.0).unwrap_or_default();
    let json = Json::parse(&text).map_err(|_| format!("a run with {} left nothing behind ({status})", setting.name))?;
    if let Some(what) = json["unknown"].as_str() {
        return Err(format!("--expect: {what}"));
    }
    Measure::from_json(&json).ok_or_else(|| format!("a run with {} told something that nobody understands", setting.name))
}

/// The options of `gilbert run` for a setting.
fn options(args: &SweepArgs, simulated: bool, setting: &Setting, seed: u64) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut add = |name: &str, value: String| words.extend([name.to_owned(), value]);
    match setting.policy {
        Policy::Ticks(n) => add("--ticks", n.to_string()),
        Policy::Interval(ns) => add("--switch-interval", format!("{}", ns as f64 / 1e9)),
        Policy::Off(n) => {
            add("--gil", "off".into());
            add("--ticks", n.to_string());
        }
    }
    add("--handoff", handoff_name(setting.handoff).into());
    add("--switch-points", if setting.restricted { "loops-and-calls" } else { "all" }.into());
    if simulated {
        add("--seed", seed.to_string());
        add("--tick-ns", args.tick_ns.to_string());
        add("--switch-ns", args.switch_ns.to_string());
        words.push("--sim".into());
    }
    words
}

/// A file of our own that goes away.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Scratch, String> {
        let path = std::env::temp_dir().join(format!("gilbert-measure-{}-{:?}.json", std::process::id(), std::thread::current().id()));
        std::fs::write(&path, "").map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(Scratch(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn ending(path: &Path) -> &str {
    path.extension().and_then(|e| e.to_str()).unwrap_or("")
}

fn tell(args: &SweepArgs, sweep: &Sweep) -> Result<(), String> {
    if let Some(out) = &args.output {
        let text = match ending(out) {
            "html" => tune::html(sweep),
            "svg" => tune::svg(sweep),
            "csv" => tune::csv(sweep),
            _ => format!("{:#}\n", tune::to_json(sweep)),
        };
        std::fs::write(out, text).map_err(|e| format!("{}: {e}", out.display()))?;
    }
    if args.json {
        println!("{:#}", tune::to_json(sweep));
        return Ok(());
    }
    print!("{}", tune::table(sweep));
    for line in tune::advice(sweep) {
        println!("{line}");
    }
    if sweep.interrupted {
        println!("interrupted: what was not measured is not shown");
    }
    Ok(())
}
