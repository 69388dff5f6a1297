//! `gilbert explore`: a proof that a property holds in all interleavings, or a counterexample.

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

use crate::{interrupt, script};
use clap::ValueEnum;
use gilbert_lab::explore::search::{Counterexample, Explored, Options, Progress, Usage, Verdict, explore};
use gilbert_lab::explore::session::Sees;
use gilbert_lab::explore::story::{Line, Story, story, thread_name, to_text};
use gilbert_lab::json;
use gilbert_lab::json::Json;
use gilbert_lab::outcome::Evaluated;
use gilbert_lab::runner::{Runner, Shared};
use gilbert_lab::schedule::Schedule;
use gilbert_lab::target::{Expr, Machine};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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
    /// Stop after so many runs (10000), or seconds (20s)
    #[arg(long, value_name = "BUDGET", default_value = "60s", value_parser = budget)]
    budget: Budget,
    /// Whose switches are meant: ticks (CPython 2) and off (no GIL) switch after any instruction, interval (CPython 3) at loops and calls
    #[arg(long, value_name = "POLICY")]
    gil: Option<GilName>,
    /// Where a switch may happen; overrides --gil
    #[arg(long, value_name = "P")]
    switch_points: Option<SwitchPoints>,
    /// Also tell runs apart by the order of what threads print
    #[arg(long, value_name = "WHAT")]
    observe: Option<Observe>,
    /// free: a sleep may end between any two instructions of others; virtual: only when nobody else can go on
    #[arg(long, value_name = "TIME", default_value = "free")]
    time: Time,
    /// A run of more steps than this is given up
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..))]
    max_steps: u32,
    /// Write the counterexample's schedule to a file
    #[arg(long, value_name = "OUT")]
    save: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// The script
    #[arg(value_name = "FILE")]
    script: String,
    /// The script's arguments
    #[arg(value_name = "ARG", last = true)]
    rest: Vec<String>,
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

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum SwitchPoints {
    All,
    LoopsAndCalls,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum GilName {
    Ticks,
    Interval,
    Off,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Observe {
    Output,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Time {
    Free,
    Virtual,
}

impl Args {
    /// Switches only at backward jumps, calls and function entries.
    fn restricted(&self) -> bool {
        match self.switch_points {
            Some(points) => points == SwitchPoints::LoopsAndCalls,
            None => self.gil == Some(GilName::Interval),
        }
    }

    fn options(&self) -> Options {
        let max_runs = if let Budget::Runs(n) = self.budget { n } else { u64::MAX };
        let sees = Sees { output: self.observe == Some(Observe::Output), virtual_time: self.time == Time::Virtual };
        Options { preemptions: self.preemptions, max_runs, max_steps: self.max_steps as usize, minimize: true, sees }
    }

    fn limit(&self) -> Duration {
        if let Budget::Seconds(s) = self.budget { Duration::from_secs_f64(s) } else { Duration::MAX }
    }
}

/// Explores; gives the exit code: 0 holds, 1 fails, 2 usage, 3 deadlock, 4 inconclusive or interrupted.
pub fn main(args: &Args) -> i32 {
    crate::report::quiet_panics();
    let runner = match prepare(args, args.restricted()) {
        Ok(runner) => runner,
        Err(message) => return script::usage(&message),
    };
    let stop = interrupt::flag();
    let explored = match search(args, &runner, &args.options(), args.limit(), &stop) {
        Ok(explored) => explored,
        Err(Usage(why)) => return script::usage(&why),
    };
    let report = Report {
        args,
        story: match &explored.verdict {
            Verdict::Fails(found) => Some(story(found, &|file, line| source_line(file, line))),
            _ => None,
        },
        schedule: match &explored.verdict {
            Verdict::Fails(found) => Some(Schedule::of_steps(&found.result, runner.shared(), &found.schedule, found.sites.clone())),
            _ => None,
        },
        reach: reach(args, &explored, &stop),
        explored: &explored,
    };
    if let (Some(path), Some(schedule)) = (&args.save, &report.schedule)
        && let Err(e) = std::fs::write(path, schedule.to_file())
    {
        return script::usage(&format!("{}: {e}", path.display()));
    }
    match args.json {
        true => println!("{}", report.to_json()),
        false => print!("{}", report.to_text()),
    }
    match &explored.verdict {
        Verdict::Holds => 0,
        Verdict::Fails(found) => match found.failure.kind() {
            "deadlock" => 3,
            "panic" => 70,
            _ => 1,
        },
        Verdict::Inconclusive(_) => interrupt::INTERRUPTED,
    }
}

fn prepare(args: &Args, restricted_switches: bool) -> Result<Runner, String> {
    let expr = |text: &Option<String>, option| text.as_deref().map(|t| Expr::new(t, option)).transpose();
    let (watch, expect) = (expr(&args.watch, "--watch")?, expr(&args.expect, "--expect")?);
    let target = script::target(&args.script, &args.rest)?;
    let machine = Machine { restricted_switches, start_dir: std::env::current_dir().unwrap_or_else(|_| "/".into()), ..Machine::default() };
    Ok(Runner::new(Shared::new(target, machine, crate::run::library()).watching(watch).expecting(expect)))
}

/// Explores with a bar and a budget.
fn search(args: &Args, runner: &Runner, options: &Options, limit: Duration, stop: &Arc<AtomicBool>) -> Result<Explored, Usage> {
    let bar = bar(args.json);
    let begun = Instant::now();
    let mut why = None;
    let mut ask = |p: Progress| {
        bar.set_position((p.share * SCALE) as u64);
        bar.set_message(format!("{} runs{}", p.runs, remaining(begun.elapsed(), p.share)));
        if stop.load(Ordering::Relaxed) {
            why = Some("interrupted".to_owned());
        } else if begun.elapsed() >= limit {
            why = Some(format!("the budget of {} s is used up", limit.as_secs_f64()));
        }
        why.is_some()
    };
    let explored = explore(runner, options, &mut ask);
    bar.finish_and_clear();
    let mut explored = explored?;
    if let (Verdict::Inconclusive(reason), Some(why)) = (&mut explored.verdict, why) {
        *reason = why;
    }
    Ok(explored)
}

const SCALE: f64 = 10_000.0;

/// A bar on a terminal; nothing in a pipe.
fn bar(quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {percent}% {msg}");
    ProgressBar::new(SCALE as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// An estimate: if what is left takes as long for its share as what is done.
fn remaining(elapsed: Duration, share: f64) -> String {
    if share < 1e-6 {
        return String::new();
    }
    let left = elapsed.as_secs_f64() * (1.0 - share) / share;
    if left > 1e6 { String::new() } else { format!(", about {left:.0} s left of what is known") }
}

fn source_line(file: &str, line: u32) -> Option<String> {
    let bytes = std::fs::read(file).ok()?;
    String::from_utf8_lossy(&bytes).lines().nth((line as usize).checked_sub(1)?).map(str::to_owned)
}

/// Which Pythons can meet the failure, in words. Where switches were free, the same search is made once more with CPython 3's.
fn reach(args: &Args, explored: &Explored, stop: &Arc<AtomicBool>) -> Option<String> {
    let restricted = args.restricted();
    match &explored.verdict {
        Verdict::Inconclusive(_) => None,
        Verdict::Holds if restricted => Some("in CPython 3.10 and later, whose switches these are; says nothing of 2.7 or of builds without a GIL".into()),
        Verdict::Holds => Some("in CPython 2.7, in 3.12 and without a GIL".into()),
        Verdict::Fails(_) if restricted => Some("reachable in CPython 2.7, in 3.12 and without a GIL".into()),
        Verdict::Fails(found) => {
            let runner = prepare(args, true).ok()?;
            let options = Options { minimize: false, ..args.options() };
            let again = search(args, &runner, &options, args.limit().min(REACH), stop).ok()?;
            Some(match again.verdict {
                Verdict::Fails(same) if same.failure.kind() == found.failure.kind() => "reachable in CPython 2.7, in 3.12 and without a GIL".into(),
                Verdict::Fails(other) => format!("reachable in CPython 2.7 and without a GIL; 3.12 can meet another failure: {}", other.failure),
                Verdict::Holds => "reachable in CPython 2.7 and without a GIL; not in 3.12, which cannot switch between these instructions".into(),
                Verdict::Inconclusive(_) => format!("reachable in CPython 2.7 and without a GIL; not found for 3.12 in {}", plural(again.runs, "run")),
            })
        }
    }
}

/// At most so long is searched for what 3.12 can meet.
const REACH: Duration = Duration::from_secs(10);

fn plural(n: u64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// All that is said at the end.
struct Report<'a> {
    args: &'a Args,
    explored: &'a Explored,
    story: Option<Story>,
    schedule: Option<Schedule>,
    reach: Option<String>,
}

impl Report<'_> {
    /// What the verdict takes for granted.
    fn assumptions(&self) -> Vec<String> {
        let (args, e) = (self.args, self.explored);
        let mut out = vec![
            match args.restricted() {
                false => "threads may be switched between any two instructions; a native call is atomic".to_owned(),
                true => "threads are switched only at backward jumps, calls and function entries; a native call is atomic".to_owned(),
            },
            "memory is sequentially consistent".into(),
            // they report no accesses yet
            "threads do not meet through files, pipes or sockets".into(),
        ];
        match args.time {
            Time::Free => out.push("timers are ordered among themselves, not against instructions".into()),
            Time::Virtual => out.push("time passes only when nobody can go on: instructions take none".into()),
        }
        if args.observe.is_none() {
            out.push("the order of output does not count".into());
        }
        if let Some(n) = args.preemptions.filter(|_| e.left_out) {
            out.push(format!("at most {}", plural(u64::from(n), "preemption")));
        }
        if e.surprises > 0 {
            out.push(format!("{} did not do what was foreseen: something depends on more than the schedule", plural(e.surprises, "step")));
        }
        out
    }

    fn head(&self) -> String {
        let e = self.explored;
        let counts = format!("{} in {}", plural(e.traces, "trace"), plural(e.runs, "run"));
        match &e.verdict {
            Verdict::Holds => format!("holds: {counts} ({} blocked)", e.blocked),
            Verdict::Fails(found) => format!("fails: {} (found after {counts})", found.failure),
            Verdict::Inconclusive(why) => format!("inconclusive: {why}; {counts} ({} blocked) so far, none of them failed", e.blocked),
        }
    }

    fn to_text(&self) -> String {
        let e = self.explored;
        let mut out = format!("{}\n", self.head());
        let (Verdict::Fails(found), Some(story), Some(schedule)) = (&e.verdict, &self.story, &self.schedule) else {
            if let Some(reach) = &self.reach {
                out.push_str(&format!("  {reach}\n"));
            }
            for a in self.assumptions() {
                out.push_str(&format!("  assuming: {a}\n"));
            }
            if let Verdict::Inconclusive(_) = e.verdict {
                out.push_str(&format!("  covered: {:.1} % of the branches that are known\n", e.share * 100.0));
            }
            out.push_str(&format!("  {} visible, learned in {}\n", plural(e.sites as u64, "instruction"), plural(e.learning, "run")));
            return out;
        };
        self.failed(found, story, schedule, &mut out);
        out
    }

    fn failed(&self, found: &Counterexample, story: &Story, schedule: &Schedule, out: &mut String) {
        if let Some(kind) = &story.kind {
            out.push_str(&format!("  {kind}\n"));
        }
        if let Some(reach) = &self.reach {
            out.push_str(&format!("  {reach}\n"));
        }
        let few = if found.fewest { "; no schedule with fewer fails" } else { "" };
        out.push_str(&format!("  {}{few}\n", plural(u64::from(found.preemptions), "preemption")));
        if !found.spinning.is_empty() {
            let names: Vec<String> = found.spinning.iter().map(|p| thread_name(*p)).collect();
            out.push_str(&format!("  spinning for ever: {}\n", names.join(", ")));
        }
        out.push_str(&format!("\n{}", to_text(story)));
        if let Some(watched) = &found.result.watch {
            out.push_str(&format!("\n  {} is {}\n", self.args.watch.as_deref().unwrap_or_default(), shown(watched)));
        }
        let text = self.args.save.as_ref().map_or_else(|| schedule.to_text(), |path| path.display().to_string());
        out.push_str(&format!("\nagain: gilbert replay {} {text}\n", self.args.script));
    }

    fn to_json(&self) -> Json {
        let e = self.explored;
        let mut out = json!({
            "verdict": match e.verdict { Verdict::Holds => "holds", Verdict::Fails(_) => "fails", Verdict::Inconclusive(_) => "inconclusive" },
            "runs": e.runs,
            "traces": e.traces,
            "blocked": e.blocked,
            "learning": e.learning,
            "visible": e.sites,
            "assumptions": self.assumptions(),
        });
        if let Some(reach) = &self.reach {
            out["reach"] = reach.as_str().into();
        }
        match &e.verdict {
            Verdict::Holds => {}
            Verdict::Inconclusive(why) => {
                out["why"] = why.as_str().into();
                out["covered"] = e.share.into();
            }
            Verdict::Fails(found) => {
                out["schedule"] = self.schedule.as_ref().map(Schedule::to_text).into();
                out["preemptions"] = found.preemptions.into();
                out["fewest"] = found.fewest.into();
                out["failure"] = json!({"kind": found.failure.kind(), "text": found.failure.to_string()});
                if let Some(watched) = &found.result.watch {
                    out["watch"] = shown(watched).into();
                }
                if let Some(story) = &self.story {
                    out["kind"] = story.kind.clone().into();
                    out["story"] = story.lines.iter().map(line_json).collect::<Vec<_>>().into();
                }
            }
        }
        out
    }
}

fn line_json(l: &Line) -> Json {
    json!({"thread": thread_name(l.thread), "place": l.place.clone(), "source": l.source.trim(), "action": l.action.clone(), "marked": l.marked})
}

fn shown(value: &Evaluated) -> String {
    match value {
        Evaluated::Value(v) => v.to_string(),
        Evaluated::Raised(why) | Evaluated::Unknown(why) => why.clone(),
    }
}
