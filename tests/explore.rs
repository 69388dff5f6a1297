//! `explore` on the programs of `tests/lab`: the verdict, the kind of failure, the fewest preemptions and, where it is known, the
//! number of traces, as each script's first lines say. Each is searched without partial-order reduction as well; counterexamples replay
//! to the byte, and `race --strategy pct` meets the bugs too.

#![allow(clippy::disallowed_methods)] // tests run outside any isolate

use gilbert_lab::explore::search::{Counterexample, Explored, Options, Verdict, explore};
use gilbert_lab::explore::story::story;
use gilbert_lab::race::{profile, run_seed};
use gilbert_lab::runner::{Runner, Shared};
use gilbert_lab::schedule::Schedule;
use gilbert_lab::strategy::Kind;
use gilbert_lab::target::{Expr, Machine, Target};
use gilbert_stdlib::StdLibrary;
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How often each counterexample is replayed, unless the variable `REPLAYS` says otherwise (CI: a thousand times).
const REPLAYS: usize = 10;
/// Most runs of the search without reduction.
const BRUTE_RUNS: u64 = 400;

/// The `# key: value` lines at a script's beginning.
fn header(text: &str) -> HashMap<String, String> {
    let lines = text.lines().map_while(|l| l.strip_prefix("# "));
    lines.filter_map(|l| l.split_once(": ")).map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
}

struct Script {
    path: PathBuf,
    text: String,
    says: HashMap<String, String>,
}

impl Script {
    fn read(path: &Path) -> Result<Script, String> {
        let text = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
        Ok(Script { path: path.to_owned(), says: header(&text), text })
    }

    fn runner(&self) -> Result<Runner, String> {
        let name = self.path.display().to_string();
        let target = Target { source: self.text.as_bytes().to_vec(), name, file: true, argv: vec![String::new()], path: vec![] };
        let expect = self.says.get("expect").map(|e| Expr::new(e, "--expect")).transpose()?;
        let machine = Machine { max_ticks: 300_000, ..Machine::default() };
        Ok(Runner::new(Shared::new(target, machine, Arc::new(StdLibrary::default())).expecting(expect)))
    }

    fn line(&self, line: u32) -> Option<String> {
        self.text.lines().nth((line as usize).checked_sub(1)?).map(str::to_owned)
    }

    fn has_bug(&self) -> bool {
        self.says.get("verdict").is_some_and(|v| v == "fails")
    }
}

fn check(path: &Path) -> Result<(), String> {
    let script = Script::read(path)?;
    let runner = script.runner()?;
    let options = Options { max_runs: 20_000, ..Options::default() };
    let explored = explore(&runner, &options, &mut |_| false).map_err(|e| e.0)?;
    agrees(&explored, &script)?;
    // spinning and time limits cost runs that lead nowhere; nothing else does
    let may_block = explored.timed || script.says.contains_key("blocked");
    if explored.surprises != 0 || explored.blocked != 0 && !may_block {
        return Err(format!("not optimal: {} surprises, {} blocked of {} runs", explored.surprises, explored.blocked, explored.runs));
    }
    if let Verdict::Fails(found) = &explored.verdict {
        replays(&runner, found)?;
    }
    enumerated(&runner, &explored)
}

/// All schedules of any number of preemptions, but for those that lead to a state that was seen: they have the same verdict, and as many
/// different traces.
fn enumerated(runner: &Runner, explored: &Explored) -> Result<(), String> {
    let brute = Options { preemptions: Some(1000), max_runs: BRUTE_RUNS, minimize: false, ..Options::default() };
    let all = explore(runner, &brute, &mut |_| false).map_err(|e| e.0)?;
    match (&all.verdict, &explored.verdict) {
        (Verdict::Inconclusive(_), _) => Ok(()),
        _ if verdict(&all) != verdict(explored) => Err(format!("without reduction: {}", verdict(&all))),
        (Verdict::Holds, _) if all.traces != explored.traces => Err(format!("{} traces, without reduction {}", explored.traces, all.traces)),
        _ => Ok(()),
    }
}

fn replays(runner: &Runner, found: &Counterexample) -> Result<(), String> {
    let schedule = Schedule::of_steps(&found.result, runner.shared(), &found.schedule, found.sites.clone());
    let text = schedule.to_text();
    let schedule = Schedule::parse(&text)?;
    let first = schedule.replay(runner).map_err(|e| e.to_string())?;
    if first.failure.as_ref().map(gilbert_lab::outcome::Failure::kind) != Some(found.failure.kind()) {
        return Err(format!("the replay of {text} ends with {:?}, not {}", first.failure, found.failure));
    }
    let times = std::env::var("REPLAYS").ok().and_then(|n| n.parse().ok()).unwrap_or(REPLAYS);
    for _ in 1..times {
        if schedule.replay(runner).as_ref() != Ok(&first) {
            return Err(format!("{text} does not replay to the byte"));
        }
    }
    Ok(())
}

fn verdict(e: &Explored) -> &'static str {
    match e.verdict {
        Verdict::Holds => "holds",
        Verdict::Fails(_) => "fails",
        Verdict::Inconclusive(_) => "inconclusive",
    }
}

fn agrees(explored: &Explored, script: &Script) -> Result<(), String> {
    let mut facts = HashMap::from([("verdict", verdict(explored).to_owned()), ("traces", explored.traces.to_string())]);
    if let Verdict::Fails(found) = &explored.verdict {
        facts.insert("failure", found.failure.kind().to_owned());
        facts.insert("preemptions", found.preemptions.to_string());
        facts.insert("kind", story(found, &|_, line| script.line(line)).kind.unwrap_or_default());
        facts.remove("traces");
    }
    for (key, wanted) in &script.says {
        match facts.get(key.as_str()) {
            Some(is) if key == "kind" && is.starts_with(wanted.as_str()) => {}
            Some(is) if is == wanted => {}
            Some(is) => return Err(format!("{key} is {is:?}, not {wanted:?}: {:?}", explored.verdict)),
            None if ["expect", "blocked", "pct"].contains(&key.as_str()) => {}
            None => return Err(format!("{key} should be {wanted:?}: {:?}", explored.verdict)),
        }
    }
    Ok(())
}

/// `race --strategy pct` meets at least 95 % of the bugs within 1,000 schedules.
fn pct_meets(scripts: &[PathBuf]) -> Result<(), String> {
    let (mut bugs, mut missed) = (0, Vec::new());
    for path in scripts {
        let script = Script::read(path)?;
        if !script.has_bug() || script.says.contains_key("pct") {
            continue;
        }
        bugs += 1;
        let runner = script.runner()?;
        let lengths = profile(&runner);
        if !(0..1000).any(|seed| run_seed(&runner, Kind::Pct { depth: 3 }, &lengths, seed, false).failure.is_some()) {
            missed.push(path.display().to_string());
        }
    }
    if missed.len() * 20 > bugs { Err(format!("{} of {bugs} missed: {missed:?}", missed.len())) } else { Ok(()) }
}

/// What was asked for: enough programs, a twin for each bug, enough that are hard.
fn the_set_is_large_enough(scripts: &[PathBuf]) -> Result<(), String> {
    let all: Vec<Script> = scripts.iter().map(|p| Script::read(p)).collect::<Result<_, _>>()?;
    let bugs = all.iter().filter(|s| s.has_bug()).count();
    let ok = all.len() >= 40 && bugs >= 20 && all.len() - bugs >= 20;
    if ok { Ok(()) } else { Err(format!("{} programs, {bugs} with bugs", all.len())) }
}

fn main() {
    let mut scripts: Vec<PathBuf> =
        std::fs::read_dir("tests/lab").expect("tests/lab").filter_map(|e| Some(e.ok()?.path())).filter(|p| p.extension().is_some_and(|e| e == "py")).collect();
    scripts.sort();
    let name = |p: &Path| p.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (for_pct, for_count) = (scripts.clone(), scripts.clone());
    let mut trials = vec![
        Trial::test("race_pct_meets_the_bugs", move || pct_meets(&for_pct).map_err(Failed::from)),
        Trial::test("the_set_is_large_enough", move || the_set_is_large_enough(&for_count).map_err(Failed::from)),
    ];
    trials.extend(scripts.into_iter().map(|p| Trial::test(name(&p), move || check(&p).map_err(Failed::from))));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
