//! `gilbert trace`: a run's timeline as a page, a picture or trace events; and `--timeline` for the terminal.

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

use crate::run;
use crate::script;
use gilbert_lab::Order;
use gilbert_lab::runner::{Keeping, Runner, Shared};
use gilbert_lab::target::{Expr, Machine};
use gilbert_lab::trace::{self, About, Style, Trace};
use gilbert_vm::timeline::Log;
use gilbert_vm::world::Outcome;
use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// The options of `gilbert trace`: those of `run`, and where to.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub options: run::Options,
    /// Where to: a page (.html), a picture (.svg), or trace events for Perfetto and chrome://tracing (.json)
    #[arg(long, short = 'o', value_name = "OUT", required_unless_present = "timeline")]
    pub output: Option<PathBuf>,
    /// Show in the terminal who had the GIL when
    #[arg(long)]
    pub timeline: bool,
    /// The run of a schedule (its text, or a file that race --save has written), with the steps that conflict marked
    #[arg(long, value_name = "SCHEDULE", conflicts_with_all = ["sim", "seed", "ticks", "gil", "handoff", "switch_interval"])]
    pub schedule: Option<String>,
    /// The script
    #[arg(value_name = "FILE")]
    pub script: String,
    /// Its arguments
    #[arg(value_name = "ARG", last = true)]
    pub rest: Vec<String>,
}

/// Runs; gives the script's exit code.
pub fn main(args: Args) -> i32 {
    match &args.schedule {
        None => run::main(run::Args::traced(args)),
        Some(schedule) => replay(&args, schedule).unwrap_or_else(|message| script::usage(&message)),
    }
}

/// Runs a schedule again; gives the exit code of `gilbert replay`.
fn replay(args: &Args, schedule: &str) -> Result<i32, String> {
    let wanted = Wanted { out: args.output.clone(), terminal: args.timeline };
    wanted.check()?;
    let schedule = crate::replay::read_schedule(schedule)?;
    if schedule.order == Order::Controlled {
        return Err("this schedule tells visible steps, not ticks, so it cannot be laid out in time: `gilbert replay` tells it as a story; a page shows schedules of `race --strategy tick-fair`".into());
    }
    let rest = if args.rest.is_empty() { &schedule.args } else { &args.rest };
    let target = script::target(&args.script, rest)?;
    let start_dir = std::env::current_dir().unwrap_or_else(|_| "/".into());
    let machine = Machine { start_dir, ..schedule.machine.clone() };
    // where that can be, with its beginning, which a run from a kept state lacks
    let keeping = if schedule.order == Order::Time { Keeping::No } else { Keeping::Yes };
    let shared = Shared::new(target, machine, run::library()).keeping(keeping);
    // evaluating it at the end takes ticks, which the schedule counts
    let expect = schedule.expect.as_ref().map(|text| Expr::new(text, "--expect")).transpose()?;
    let runner = Runner::new(shared.expecting(expect));
    crate::report::quiet_panics();
    let again = trace::replayed(&schedule, &runner, &args.script, source).map_err(|mismatch| mismatch.to_string())?;
    crate::replay::show(&again.result);
    wanted.write_trace(&again.trace)?;
    Ok(crate::replay::code(&again.result))
}

/// What shall be made of a run's log.
pub struct Wanted {
    /// A file, by its ending.
    pub out: Option<PathBuf>,
    /// Lines on standard error.
    pub terminal: bool,
}

impl Wanted {
    /// Whether anything is wanted.
    pub fn is_some(&self) -> bool {
        self.out.is_some() || self.terminal
    }

    /// Before the run: whether the file has an ending that is known.
    pub fn check(&self) -> Result<(), String> {
        match &self.out {
            Some(out) if !matches!(ending(out), "html" | "svg" | "json") => {
                Err(format!("gilbert: {}: a timeline is written as .html, .svg or .json", out.display()))
            }
            _ => Ok(()),
        }
    }

    /// Writes what is wanted of a run that is over.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, log: &Log, about: &About, outcome: &Outcome) -> Result<(), String> {
        let trace = trace::build(log, about.clone(), outcome_text(outcome), source);
        self.write_trace(&trace)
    }

    /// Writes what is wanted.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write_trace(&self, trace: &Trace) -> Result<(), String> {
        if let Some(path) = &self.out {
            write_file(path, trace).map_err(|e| format!("{}: {e}", path.display()))?;
        }
        if self.terminal {
            eprint!("{}", trace::text(trace, style()));
        }
        Ok(())
    }
}

fn ending(path: &Path) -> &str {
    path.extension().and_then(|e| e.to_str()).unwrap_or("")
}

fn write_file(path: &Path, trace: &Trace) -> std::io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 18, File::create(path)?);
    match ending(path) {
        "svg" => trace::svg(trace, &mut out)?,
        "json" => trace::json(trace, &mut out)?,
        _ => trace::html(trace, &mut out)?,
    }
    out.flush()
}

/// The text of a source of the user's.
pub fn source(name: &str) -> Option<std::sync::Arc<str>> {
    let bytes = std::fs::read(name).ok()?;
    gilbert_parser::decode_file(&bytes, name).ok().map(|text| text.into())
}

/// As wide as the terminal; colours only on one, and not where NO_COLOR is set.
pub fn style() -> Style {
    let terminal = std::io::stderr().is_terminal();
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    let columns = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    let width = if terminal { console::Term::stderr().size_checked().map(|(_, w)| usize::from(w)) } else { None };
    Style { width: width.or(columns).unwrap_or(100).clamp(30, 500), colours: terminal && !no_colour }
}

fn outcome_text(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Finished | Outcome::Stopped => String::new(),
        Outcome::Deadlock(threads) => format!("deadlock of {} threads", threads.len()),
        Outcome::Idle(_) => "ended idle".to_owned(),
        Outcome::Until => "ended by --until".to_owned(),
        Outcome::TickLimit => "ended by the limit of ticks".to_owned(),
        Outcome::Signal(n) => format!("ended by signal {n}"),
        Outcome::Panicked { .. } => "a bug of gilbert's own ended it".to_owned(),
    }
}
