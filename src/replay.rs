//! `gilbert replay`: one interleaving again.

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

use crate::script;
use gilbert_lab::outcome::Failure;
use gilbert_lab::runner::{Runner, Shared};
use gilbert_lab::schedule::Schedule;
use gilbert_lab::target::Machine;
use std::io::Write;
use std::path::Path;

/// The options of `gilbert replay`.
#[derive(clap::Args)]
pub struct Args {
    /// Show who runs for how many ticks before the output
    #[arg(long)]
    runs: bool,
    /// The script
    #[arg(value_name = "FILE")]
    script: String,
    /// The schedule: its text, or a file that race --save has written
    #[arg(value_name = "SCHEDULE")]
    schedule: String,
    /// The script's arguments; those of the schedule's file unless given
    #[arg(value_name = "ARG", last = true)]
    rest: Vec<String>,
}

/// Runs; gives the exit code: the script's own, or as `gilbert race` counts it.
pub fn main(args: &Args) -> i32 {
    let (schedule, runner) = match prepare(args) {
        Ok(ready) => ready,
        Err(message) => return script::usage(&message),
    };
    crate::report::quiet_panics();
    let result = match schedule.replay(&runner) {
        Ok(result) => result,
        Err(mismatch) => return script::usage(&mismatch.to_string()),
    };
    if args.runs {
        for run in &result.schedule {
            println!("{:<6} {:>8} ticks", run.tid.to_string(), run.ticks);
        }
    }
    let _ = std::io::stdout().write_all(&result.stdout).and_then(|()| std::io::stdout().flush());
    let _ = std::io::stderr().write_all(&result.stderr);
    match &result.failure {
        Some(Failure::Deadlock(threads)) => crate::report::deadlock(threads),
        Some(failure @ (Failure::Livelock { .. } | Failure::Limit(_) | Failure::Panic { .. })) => eprintln!("gilbert: {failure}"),
        _ => {}
    }
    match result.failure {
        Some(Failure::Livelock { .. } | Failure::Limit(_)) => 1,
        Some(Failure::Uncaught { .. }) if result.exit == 0 => 1,
        _ => result.exit,
    }
}

fn prepare(args: &Args) -> Result<(Schedule, Runner), String> {
    let text = if Path::new(&args.schedule).is_file() {
        std::fs::read_to_string(&args.schedule).map_err(|e| format!("{}: {e}", args.schedule))?
    } else {
        args.schedule.clone()
    };
    let schedule = Schedule::parse(&text)?;
    let rest = if args.rest.is_empty() { &schedule.args } else { &args.rest };
    let target = script::target(&args.script, rest)?;
    let start_dir = std::env::current_dir().unwrap_or_else(|_| "/".into());
    let machine = Machine { start_dir, ..schedule.machine.clone() };
    Ok((schedule, Runner::new(Shared::new(target, machine, crate::run::library()))))
}
