//! `gilbert explore`: a proof that a property holds in all interleavings, or a counterexample.

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

use crate::cli::USAGE;
use gilbert_lab::explore::search::{Counterexample, Explored, Options, Progress, Usage, Verdict, explore};
use gilbert_lab::explore::story::{Story, story, thread_name, to_text};
use gilbert_lab::json;
use gilbert_lab::json::Json;
use gilbert_lab::runner::{Runner, Shared};
use gilbert_lab::target::{Expr, Machine, Target};
use std::path::Path;
use std::time::{Duration, Instant};

/// The options of `gilbert explore`.
#[derive(clap::Args)]
pub struct Args {
    /// What must be true at the end of every run, in the main module's namespace
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    expect: Option<String>,
    /// Show this expression's value at the end of the counterexample
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    watch: Option<String>,
    /// Only schedules with at most N preemptions
    #[arg(long, value_name = "N")]
    preemptions: Option<u32>,
    /// Stop after so many runs, or seconds (`20s`)
    #[arg(long, value_name = "BUDGET", default_value = "60s", value_parser = budget)]
    budget: Budget,
    /// Where a switch may happen: after any instruction (CPython 2.7, no GIL), or only at backward jumps, calls and function entry (3.10 and later)
    #[arg(long, value_name = "P", default_value = "all")]
    switch_points: SwitchPoints,
    /// A run of more steps than this is given up
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..))]
    max_steps: u32,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// The script and its arguments
    #[arg(value_name = "FILE", required = true, allow_hyphen_values = true, trailing_var_arg = true)]
    script: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
enum Budget {
    Runs(u64),
    Seconds(f64),
}

fn budget(text: &str) -> Result<Budget, String> {
    let seconds = text.strip_suffix('s').map(str::parse::<f64>);
    match (seconds, text.parse::<u64>()) {
        (Some(Ok(s)), _) if s > 0.0 && s < 1e9 => Ok(Budget::Seconds(s)),
        (None, Ok(n)) if n > 0 => Ok(Budget::Runs(n)),
        _ => Err("a budget is a number of runs, such as 10000, or of seconds, such as 20s".into()),
    }
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum SwitchPoints {
    All,
    LoopsAndCalls,
}

/// Explores; gives the exit code: 0 holds, 1 fails, 2 usage, 3 deadlock, 4 inconclusive.
pub fn main(args: &Args) -> i32 {
    crate::report::quiet_panics();
    let prepared = prepare(args);
    let (runner, source) = match prepared {
        Ok(p) => p,
        Err(message) => return usage(&message),
    };
    let begun = Instant::now();
    let (max_runs, limit) = match args.budget {
        Budget::Runs(n) => (n, Duration::MAX),
        Budget::Seconds(s) => (u64::MAX, Duration::from_secs_f64(s)),
    };
    let options = Options { preemptions: args.preemptions, max_runs, max_steps: args.max_steps as usize, minimize: true };
    let explored = match explore(&runner, &options, &mut |_: Progress| begun.elapsed() >= limit) {
        Ok(explored) => explored,
        Err(Usage(why)) => return usage(&why),
    };
    let told = match &explored.verdict {
        Verdict::Fails(found) => Some(story(found, &|file, line| source.line(file, line))),
        _ => None,
    };
    match args.json {
        true => println!("{}", to_json(args, &explored, told.as_ref())),
        false => print(args, &explored, told.as_ref()),
    }
    match &explored.verdict {
        Verdict::Holds => 0,
        Verdict::Fails(found) => match found.failure.kind() {
            "deadlock" => 3,
            "panic" => 70,
            _ => 1,
        },
        Verdict::Inconclusive(_) => 4,
    }
}

fn usage(message: &str) -> i32 {
    eprintln!("gilbert: {}", message.strip_prefix("gilbert: ").unwrap_or(message));
    USAGE
}

/// The script's text by lines.
struct Source {
    name: String,
    lines: Vec<String>,
}

impl Source {
    fn line(&self, file: &str, line: u32) -> Option<String> {
        let at = (line as usize).checked_sub(1)?;
        self.lines.get(at).filter(|_| file == self.name).cloned()
    }
}

fn prepare(args: &Args) -> Result<(Runner, Source), String> {
    let expr = |text: &Option<String>, option| text.as_deref().map(|t| Expr::new(t, option)).transpose();
    let (watch, expect) = (expr(&args.watch, "--watch")?, expr(&args.expect, "--expect")?);
    let file = &args.script[0];
    let bytes = crate::source::read(file)?;
    let path = Path::new(file);
    let name = std::path::absolute(path).map_or_else(|_| file.clone(), |p| p.to_string_lossy().into_owned());
    let dir = std::fs::canonicalize(path).ok().and_then(|p| p.parent().map(|d| d.to_string_lossy().into_owned()));
    let source = Source { name: name.clone(), lines: String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect() };
    let target = Target { source: bytes, name, file: true, argv: args.script.clone(), path: dir.into_iter().collect() };
    let machine = Machine {
        restricted_switches: args.switch_points == SwitchPoints::LoopsAndCalls,
        start_dir: std::env::current_dir().unwrap_or_else(|_| "/".into()),
        ..Machine::default()
    };
    let shared = Shared::new(target, machine, crate::run::library()).watching(watch).expecting(expect);
    Ok((Runner::new(shared), source))
}

/// What the verdict takes for granted.
fn assumptions(args: &Args, e: &Explored) -> Vec<String> {
    let mut out = vec![
        match args.switch_points {
            SwitchPoints::All => "threads may be switched between any two instructions (CPython 2.7, builds without a GIL)".to_owned(),
            SwitchPoints::LoopsAndCalls => "threads are switched only at backward jumps, calls and function entries (CPython 3.10 and later)".to_owned(),
        },
        "memory is sequentially consistent".into(),
        "sleeps are ordered among themselves, not against instructions".into(),
        "the order of output does not count".into(),
    ];
    if let Some(n) = args.preemptions {
        out.push(format!("at most {n} preemptions"));
    }
    if e.limits_left_out {
        out.push("a wait with a time limit ends by it only where nobody else can go on".into());
    }
    out
}

fn head(e: &Explored) -> String {
    let counts = format!("{} in {}", plural(e.traces, "trace"), plural(e.runs, "run"));
    match &e.verdict {
        Verdict::Holds => format!("holds: {counts} ({} blocked)", e.blocked),
        Verdict::Fails(found) => format!("fails: {} (found after {counts})", found.failure),
        Verdict::Inconclusive(why) => format!("inconclusive: {why}; {counts} ({} blocked) so far, none of them failed", e.blocked),
    }
}

fn plural(n: u64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn print(args: &Args, e: &Explored, told: Option<&Story>) {
    println!("{}", head(e));
    if let (Verdict::Fails(found), Some(told)) = (&e.verdict, told) {
        if let Some(kind) = &told.kind {
            println!("{kind}");
        }
        let few = if found.fewest { ", and no schedule with fewer fails" } else { "" };
        println!("{}{few}", plural(u64::from(found.preemptions), "preemption"));
        if !found.spinning.is_empty() {
            let names: Vec<String> = found.spinning.iter().map(|p| thread_name(*p)).collect();
            println!("spinning for ever: {}", names.join(", "));
        }
        println!("\n{}", to_text(told));
        if let Some(watched) = &found.result.watch {
            println!("  {} is {watched:?}", args.watch.as_deref().unwrap_or_default());
        }
        println!("schedule: {}", schedule_text(found));
        return;
    }
    for a in assumptions(args, e) {
        println!("  assuming: {a}");
    }
    println!("  {} visible, learned in {}", plural(e.sites as u64, "instruction"), plural(e.learning, "run"));
}

/// Who made how many steps, one after the other: `0:4-1:2-0:3`.
fn schedule_text(found: &Counterexample) -> String {
    let mut parts: Vec<(u32, usize)> = Vec::new();
    for p in &found.schedule {
        match parts.last_mut() {
            Some((last, n)) if last == p => *n += 1,
            _ => parts.push((*p, 1)),
        }
    }
    parts.iter().map(|(p, n)| format!("{p}:{n}")).collect::<Vec<_>>().join("-")
}

fn to_json(args: &Args, e: &Explored, told: Option<&Story>) -> Json {
    let mut out = json!({
        "verdict": match e.verdict { Verdict::Holds => "holds", Verdict::Fails(_) => "fails", Verdict::Inconclusive(_) => "inconclusive" },
        "runs": e.runs,
        "traces": e.traces,
        "blocked": e.blocked,
        "learning": e.learning,
        "visible": e.sites,
        "assumptions": assumptions(args, e),
    });
    match &e.verdict {
        Verdict::Holds => {}
        Verdict::Inconclusive(why) => out["why"] = json!(why.as_str()),
        Verdict::Fails(found) => {
            out["schedule"] = json!(schedule_text(found));
            out["preemptions"] = json!(found.preemptions);
            out["fewest"] = json!(found.fewest);
            out["failure"] = json!({"kind": found.failure.kind(), "text": found.failure.to_string()});
            if let Some(told) = told {
                out["kind"] = json!(told.kind.clone());
                let line = |l: &gilbert_lab::explore::story::Line| json!({"thread": thread_name(l.thread), "place": l.place.clone(), "source": l.source.trim(), "action": l.action.clone(), "marked": l.marked});
                out["story"] = told.lines.iter().map(line).collect::<Vec<_>>().into();
            }
        }
    }
    out
}
