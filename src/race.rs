//! `gilbert race`: many runs of a script in the simulated world, and what came out how often.

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

use crate::detect::{DetectArgs, Files};
use crate::interrupt;
use crate::script::{self, MachineArgs};
use gilbert_lab::race::{Plan, Raced, race, record_seed};
use gilbert_lab::report;
use gilbert_lab::runner::{Runner, Shared};
use gilbert_lab::schedule::Schedule;
use gilbert_lab::strategy::Kind;
use gilbert_lab::target::Expr;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Instant;

/// The options of `gilbert race`.
#[derive(clap::Args)]
pub struct Args {
    /// How many runs
    #[arg(long, short = 'n', value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..))]
    runs: u64,
    /// Who goes on: tick-fair (what the GIL would do), random, pct or surw
    #[arg(long, short = 's', value_name = "S", default_value = "tick-fair")]
    strategy: String,
    /// pct: how many steps in order a bug may need
    #[arg(long, value_name = "D", value_parser = clap::value_parser!(u32).range(1..=64))]
    depth: Option<u32>,
    /// The first run's seed; the next one's is one more
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// Workers; as many as there are processors unless set
    #[arg(long, short = 'j', value_name = "J", value_parser = clap::value_parser!(u32).range(1..=1024))]
    jobs: Option<u32>,
    /// Count the values of this expression, evaluated in the script's namespace at its end
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    watch: Option<String>,
    /// A run fails where this expression is false at its end
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    expect: Option<String>,
    #[command(flatten)]
    machine: MachineArgs,
    #[command(flatten)]
    detect: DetectArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Make only the I-th of N parts of the runs (see gilbert merge)
    #[arg(long, value_name = "I/N", value_parser = shard, default_value = "1/1")]
    shard: (u64, u64),
    /// Write the JSON object to a file
    #[arg(long, short = 'o', value_name = "OUT")]
    output: Option<PathBuf>,
    /// Write the first failing run's schedule to a file, for gilbert replay
    #[arg(long, value_name = "OUT")]
    save: Option<PathBuf>,
    /// The script
    #[arg(value_name = "FILE")]
    script: String,
    /// Its arguments
    #[arg(value_name = "ARG", last = true)]
    rest: Vec<String>,
}

fn shard(text: &str) -> Result<(u64, u64), String> {
    let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
    match parts {
        Some((i, n)) if 1 <= i && i <= n => Ok((i, n)),
        _ => Err("a shard is I/N with 1 <= I <= N, such as 2/8".into()),
    }
}

/// Runs; gives the exit code.
pub fn main(args: &Args) -> i32 {
    match prepare(args) {
        Ok((shared, plan)) => run(args, &shared, plan),
        Err(message) => script::usage(&message),
    }
}

fn prepare(args: &Args) -> Result<(Shared, Plan), String> {
    let kind = script::strategy(&args.strategy, args.depth)?;
    let expr = |text: &Option<String>, option| text.as_deref().map(|t| Expr::new(t, option)).transpose();
    let (watch, expect) = (expr(&args.watch, "--watch")?, expr(&args.expect, "--expect")?);
    let target = script::target(&args.script, &args.rest)?;
    let jobs = args.jobs.map_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get()), |j| j as usize);
    let shared = Shared::new(target, args.machine.machine(), crate::run::library()).watching(watch).expecting(expect).detecting(args.detect.detect);
    Ok((shared, Plan { kind, seed: args.seed, runs: args.runs, shard: args.shard, jobs }))
}

fn run(args: &Args, shared: &Shared, plan: Plan) -> i32 {
    crate::report::quiet_panics();
    let stop = interrupt::flag();
    let seeds = plan.seeds();
    let bar = progress_bar(seeds.end - seeds.start, args.json);
    let begun = Instant::now();
    let raced = race(shared, plan, &stop, |tally| {
        bar.set_position(tally.runs);
        bar.set_message(format!("{} failed", tally.failures));
    });
    let seconds = begun.elapsed().as_secs_f64();
    bar.finish_and_clear();
    let raced = match raced {
        Ok(raced) => raced,
        Err(message) => return script::usage(&message),
    };
    let report = Report { args, shared, plan, raced: &raced, rate: raced.tally.runs as f64 / seconds.max(1e-9) };
    if let Err(message) = report.write() {
        return script::usage(&message);
    }
    match (raced.interrupted, raced.tally.failures) {
        (true, _) => interrupt::INTERRUPTED,
        (false, 0) if !raced.tally.findings.as_ref().is_some_and(|f| f.fails()) => 0,
        (false, _) => 1,
    }
}

/// A bar on a terminal; nothing in a pipe.
pub fn progress_bar(len: u64, quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} runs, {per_sec}, {eta} left, {msg}");
    ProgressBar::new(len).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// All that is said at the end.
struct Report<'a> {
    args: &'a Args,
    shared: &'a Shared,
    plan: Plan,
    raced: &'a Raced,
    rate: f64,
}

impl Report<'_> {
    fn write(&self) -> Result<(), String> {
        let schedule = self.schedule();
        if let Some(path) = &self.args.output {
            write_file(path, &format!("{:#}\n", self.json(schedule.as_ref())))?;
        }
        if let (Some(path), Some(schedule)) = (&self.args.save, &schedule) {
            write_file(path, &schedule.to_file())?;
        }
        match self.args.json {
            true => println!("{:#}", self.json(schedule.as_ref())),
            false => print!("{}", self.text(schedule.as_ref())),
        }
        Ok(())
    }

    /// The first failing run again, recorded.
    fn schedule(&self) -> Option<Schedule> {
        let seed = self.raced.tally.first.as_ref()?.seed;
        let runner = Runner::new(self.shared.clone());
        Some(record_seed(&runner, self.plan.kind, &self.raced.profile, seed).1)
    }

    fn json(&self, schedule: Option<&Schedule>) -> gilbert_lab::json::Json {
        let mut json = self.raced.tally.to_json();
        json["rate"] = self.rate.into();
        json["strategy"] = self.plan.kind.to_string().into();
        json["seed"] = self.plan.seed.into();
        json["shard"] = format!("{}/{}", self.plan.shard.0, self.plan.shard.1).into();
        json["interrupted"] = self.raced.interrupted.into();
        if let Some(schedule) = schedule {
            json["schedule"] = schedule.to_text().into();
        }
        if let Some(found) = &self.raced.tally.findings {
            json["detected"] = found.json(&mut Files::default());
        }
        json
    }

    fn text(&self, schedule: Option<&Schedule>) -> String {
        let tally = &self.raced.tally;
        let mut out = format!("{} runs in {:.2} s: {:.0} runs/s, strategy {}", tally.runs, tally.runs as f64 / self.rate, self.rate, self.plan.kind);
        if self.raced.interrupted {
            out.push_str(", interrupted");
        }
        out.push('\n');
        out.push_str(&report::histogram(tally));
        out.push_str(&report::failures(tally));
        out.push('\n');
        let promise = self.plan.kind.promise(&self.raced.profile);
        if !promise.is_empty() {
            out.push_str(&promise);
            out.push('\n');
        }
        if let (Some(first), Some(schedule)) = (&tally.first, schedule) {
            out.push_str(&format!("first failure: seed {}: {}\n", first.seed, first.what));
            out.push_str(&self.how_to_replay(&schedule.to_text(), first.seed));
        }
        if let Some(found) = &self.raced.tally.findings {
            out.push_str(&found.text(&mut Files::default()));
        }
        out
    }

    /// The commands that bring a run back.
    fn how_to_replay(&self, text: &str, seed: u64) -> String {
        let file = shell_word(&self.args.script);
        let words: String = self.args.rest.iter().map(|w| format!(" {}", shell_word(w))).collect();
        let rest = if words.is_empty() { words.clone() } else { format!(" --{words}") };
        let mut out = String::new();
        if let Some(path) = &self.args.save {
            out.push_str(&format!("  gilbert replay {file} {}\n", shell_word(&path.to_string_lossy())));
        } else if text.len() <= LONGEST_TEXT {
            out.push_str(&format!("  gilbert replay {file} {text}{rest}\n"));
        } else {
            out.push_str("  add --save OUT to write its schedule, which is long; then: gilbert replay FILE OUT\n");
        }
        if self.plan.kind == Kind::TickFair && self.args.machine.as_run_has_it() {
            out.push_str(&format!("  gilbert run --sim --seed {seed}{} {file}{words}\n", self.args.machine.typed()));
        }
        out
    }
}

/// Longest schedule that is printed on a line.
const LONGEST_TEXT: usize = 600;

/// A word for a command line to copy.
fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

fn write_file(path: &std::path::Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))
}
