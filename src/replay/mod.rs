//! `gilbert replay`: one interleaving again: plainly, step by step, or on CPython.

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

mod console;

use crate::detect::{self, DetectArgs, Files};
use crate::script;
use gilbert_lab::json;
use gilbert_lab::json::Json;
use gilbert_lab::outcome::{Failure, RunResult};
use gilbert_lab::runner::{Runner, Shared};
use gilbert_lab::schedule::Schedule;
use gilbert_lab::target::{Expr, Machine};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The options of `gilbert replay`.
#[derive(clap::Args)]
pub struct Args {
    /// Show who runs for how many ticks before the output
    #[arg(long)]
    runs: bool,
    /// Walk along the run by hand: forward, back, to a line; look at variables (h for help)
    #[arg(long, conflicts_with_all = ["json", "export_cpython"])]
    step: bool,
    /// Write a script that forces the same interleaving on CPython, in real threads
    #[arg(long, value_name = "OUT.py")]
    export_cpython: Option<PathBuf>,
    /// The run fails where this expression is false at its end; that of the schedule's file unless given
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    expect: Option<String>,
    /// Show the value of this expression at the end
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    watch: Option<String>,
    #[command(flatten)]
    detect: DetectArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
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
    let done = match (args.step, &args.export_cpython) {
        (true, _) => console::walk(&schedule, &runner),
        (_, Some(out)) => export(&schedule, &runner, out, args),
        _ => schedule.replay(&runner).map_err(|e| e.to_string()).map(|result| tell(args, &result)),
    };
    done.unwrap_or_else(|message| script::usage(&message))
}

fn tell(args: &Args, result: &RunResult) -> i32 {
    let code = code(result);
    if args.json {
        println!("{:#}", to_json(result, code));
        return code;
    }
    if args.runs {
        for run in &result.schedule {
            println!("{:<6} {:>8} ticks", run.tid.to_string(), run.ticks);
        }
    }
    show(result);
    if let (Some(watch), Some(value)) = (&args.watch, &result.watch) {
        eprintln!("gilbert: {watch}: {}", console::value(value));
    }
    if let Some(found) = &result.findings {
        detect::tell(found, &mut Files::default(), false);
    }
    code
}

/// Prints what a run has printed, and why it failed.
pub fn show(result: &RunResult) {
    let _ = std::io::stdout().write_all(&result.stdout).and_then(|()| std::io::stdout().flush());
    let _ = std::io::stderr().write_all(&result.stderr);
    match &result.failure {
        Some(Failure::Deadlock(threads)) => crate::report::deadlock(threads),
        Some(failure @ (Failure::Livelock { .. } | Failure::Limit(_) | Failure::Panic { .. } | Failure::Expect(_))) => eprintln!("gilbert: {failure}"),
        _ => {}
    }
}

/// The exit code of a run.
pub fn code(result: &RunResult) -> i32 {
    let code = match result.failure {
        Some(Failure::Livelock { .. } | Failure::Limit(_) | Failure::Expect(_)) => 1,
        Some(Failure::Uncaught { .. }) if result.exit == 0 => 1,
        _ => result.exit,
    };
    if code == 0 && result.findings.as_ref().is_some_and(|f| f.fails()) { 1 } else { code }
}

fn to_json(result: &RunResult, code: i32) -> Json {
    let failure = match &result.failure {
        Some(f) => json!({"kind": f.kind(), "text": f.to_string()}),
        None => Json::Null,
    };
    let runs: Vec<Json> = result.schedule.iter().map(|r| json!([r.tid.0, r.ticks])).collect();
    let mut out = json!({
        "exit": code, "failure": failure, "stdout": String::from_utf8_lossy(&result.stdout).into_owned(),
        "stderr": String::from_utf8_lossy(&result.stderr).into_owned(), "ticks": result.ticks, "runs": runs
    });
    if let Some(value) = &result.watch {
        out["watch"] = console::value(value).into();
    }
    if let Some(found) = &result.findings {
        out["detected"] = found.json(&mut Files::default());
    }
    out
}

fn export(schedule: &Schedule, runner: &Runner, out: &Path, args: &Args) -> Result<i32, String> {
    let expect = args.expect.clone().or_else(|| schedule.expect.clone());
    let exported = gilbert_lab::export::export(schedule, runner, expect.as_deref()).map_err(|why| format!("cannot be forced on CPython: {why}"))?;
    std::fs::write(out, &exported.script).map_err(|e| format!("{}: {e}", out.display()))?;
    println!("{}: {} steps of {} threads", out.display(), exported.steps, exported.threads);
    for note in &exported.notes {
        println!("  {note}");
    }
    Ok(0)
}

/// A schedule: its text, or the name of its file.
///
/// # Errors
/// What is wrong with it.
pub fn read_schedule(word: &str) -> Result<Schedule, String> {
    match Path::new(word).is_file() {
        true => Schedule::parse(&std::fs::read_to_string(word).map_err(|e| format!("{word}: {e}"))?),
        false => Schedule::parse(word),
    }
}

fn prepare(args: &Args) -> Result<(Schedule, Runner), String> {
    let schedule = read_schedule(&args.schedule)?;
    let rest = if args.rest.is_empty() { &schedule.args } else { &args.rest };
    let target = script::target(&args.script, rest)?;
    let start_dir = std::env::current_dir().unwrap_or_else(|_| "/".into());
    let machine = Machine { start_dir, ..schedule.machine.clone() };
    let expr = |text: Option<&String>, option| text.map(|t| Expr::new(t, option)).transpose();
    let (watch, expect) = (expr(args.watch.as_ref(), "--watch")?, expr(args.expect.as_ref().or(schedule.expect.as_ref()), "--expect")?);
    let shared = Shared::new(target, machine, crate::run::library()).watching(watch).expecting(expect).detecting(args.detect.detect);
    Ok((schedule, Runner::new(shared)))
}
