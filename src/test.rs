//! `gilbert test`: every test of some files under many schedules.

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

use crate::interrupt;
use crate::script::{self, MachineArgs};
use gilbert_lab::data::Data;
use gilbert_lab::json;
use gilbert_lab::json::Json;
use gilbert_lab::outcome::{Evaluated, RunResult};
use gilbert_lab::race::{Plan, profile, race, run_seed};
use gilbert_lab::runner::{Runner, Shared};
use gilbert_lab::strategy::{Kind, Profile};
use gilbert_lab::target::{Expr, Target};
use gilbert_vm::isolate::Library;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// The script that finds and runs the tests of a file.
const DRIVER: &str = include_str!("test_driver.py");

/// The options of `gilbert test`.
#[derive(clap::Args)]
pub struct Args {
    /// Schedules for each test
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    schedules: u64,
    /// Who goes on: tick-fair, random, pct or surw
    #[arg(long, short = 's', value_name = "S", default_value = "random")]
    strategy: String,
    /// pct: how many steps in order a bug may need
    #[arg(long, value_name = "D", value_parser = clap::value_parser!(u32).range(1..=64))]
    depth: Option<u32>,
    /// The first schedule's seed
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// Workers; as many as there are processors unless set
    #[arg(long, short = 'j', value_name = "J", value_parser = clap::value_parser!(u32).range(1..=1024))]
    jobs: Option<u32>,
    /// Only tests whose names contain this; `not WORD`: only those whose names do not
    #[arg(short = 'k', value_name = "WORD")]
    filter: Option<String>,
    /// Write the results as JUnit's XML
    #[arg(long, value_name = "OUT")]
    junit: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    machine: MachineArgs,
    /// Files, or folders in which test_*.py and *_test.py are looked for
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
}

/// A test and what became of it.
struct Test {
    file: PathBuf,
    name: String,
    schedules: u64,
    failures: u64,
    /// The first failing seed, what happened, and what the run wrote on standard error.
    failed: Option<(u64, String, String)>,
    seconds: f64,
}

/// Runs; gives the exit code.
pub fn main(args: &Args) -> i32 {
    let ready = script::strategy(&args.strategy, args.depth).and_then(|kind| Ok((kind, files(&args.paths)?)));
    let (kind, files) = match ready {
        Ok(ready) => ready,
        Err(message) => return script::usage(&message),
    };
    crate::report::quiet_panics();
    let stop = interrupt::flag();
    let session = Session { args, kind, library: crate::run::library(), stop: &stop };
    let mut tests = Vec::new();
    for file in &files {
        session.run_file(file, &mut tests);
    }
    if tests.is_empty() && !stop.load(Ordering::Relaxed) {
        return script::usage("no tests found: functions test_*, classes Test*, unittest.TestCase in test_*.py or *_test.py");
    }
    session.finish(&tests)
}

/// The files to look into, in order.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            walk(path, &mut found);
        } else if path.is_file() {
            found.push(path.clone());
        } else {
            return Err(format!("{}: no such file or folder", path.display()));
        }
    }
    Ok(found)
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !path.is_symlink() && !name.starts_with('.') && name != "__pycache__" {
            walk(&path, found);
        } else if name.ends_with("_test.py") || name.starts_with("test_") && name.ends_with(".py") {
            found.push(path);
        }
    }
}

fn is_identifier(name: &str) -> bool {
    const KEYWORDS: &[&str] = &[
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except", "finally",
        "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    ];
    let plain = |c: char| c == '_' || c.is_ascii_alphanumeric();
    name.chars().all(plain) && name.starts_with(|c: char| !c.is_ascii_digit()) && !KEYWORDS.contains(&name)
}

struct Session<'a> {
    args: &'a Args,
    kind: Kind,
    library: Arc<dyn Library>,
    stop: &'a AtomicBool,
}

impl Session<'_> {
    fn shared(&self, file: &Path, test: Option<&str>) -> Shared {
        let module = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let folder = std::fs::canonicalize(file).ok().and_then(|p| p.parent().map(Path::to_path_buf)).unwrap_or_default();
        let mut argv = vec!["gilbert test".to_owned(), module.clone()];
        argv.extend(test.map(str::to_owned));
        let load = if is_identifier(&module) { format!("import {module} as _module") } else { "_module = __import__(sys.argv[1])".to_owned() };
        let source = format!("import sys\n{load}\n{DRIVER}").into_bytes();
        let target = Target { source, name: "<gilbert test>".into(), file: false, argv, path: vec![folder.to_string_lossy().into_owned()] };
        Shared::new(target, self.args.machine.machine(), self.library.clone())
    }

    /// The names of a file's tests; or the run that failed to find them.
    fn collect(&self, file: &Path) -> Result<Vec<String>, Box<RunResult>> {
        let tests = Expr::new("_tests", "tests").ok();
        let runner = Runner::new(self.shared(file, None).watching(tests));
        let result = run_seed(&runner, Kind::TickFair, &Profile::default(), 0, false);
        match &result.watch {
            Some(Evaluated::Value(Data::List(names))) => Ok(names.iter().filter_map(|n| if let Data::Str(s) = n { Some(s.clone()) } else { None }).collect()),
            _ => Err(Box::new(result)),
        }
    }

    fn wanted(&self, name: &str) -> bool {
        match self.args.filter.as_deref().map(str::trim) {
            None => true,
            Some(filter) => match filter.strip_prefix("not ") {
                Some(word) => !name.contains(word.trim()),
                None => name.contains(filter),
            },
        }
    }

    fn run_file(&self, file: &Path, tests: &mut Vec<Test>) {
        if self.stop.load(Ordering::Relaxed) {
            return;
        }
        let names = match self.collect(file) {
            Ok(names) => names,
            Err(result) => {
                let what = result.failure.as_ref().map_or_else(|| "the module did not come to its end".to_owned(), ToString::to_string);
                let text = String::from_utf8_lossy(&result.stderr).into_owned();
                let failed = Some((0, format!("not collected: {what}"), text));
                let test = Test { file: file.to_owned(), name: "(module)".into(), schedules: 1, failures: 1, failed, seconds: 0.0 };
                self.say(&test);
                tests.push(test);
                return;
            }
        };
        for name in names.into_iter().filter(|n| self.wanted(n)) {
            let Some(test) = self.run_test(file, name) else { return };
            self.say(&test);
            tests.push(test);
        }
    }

    /// All schedules of a test; `None` where it was interrupted.
    fn run_test(&self, file: &Path, name: String) -> Option<Test> {
        let begun = Instant::now();
        let shared = self.shared(file, Some(&name));
        let jobs = self.args.jobs.map_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get()), |j| j as usize);
        let plan = Plan { kind: self.kind, seed: self.args.seed, runs: self.args.schedules, shard: (1, 1), jobs };
        let raced = race(&shared, plan, self.stop, |_| {}).ok()?;
        if raced.interrupted {
            return None;
        }
        let failed = raced.tally.first.as_ref().map(|first| {
            let runner = Runner::new(shared);
            let lengths = if self.kind.needs_profile() { profile(&runner) } else { Profile::default() };
            let result = run_seed(&runner, self.kind, &lengths, first.seed, false);
            let text = [result.stdout, result.stderr].concat();
            (first.seed, first.what.clone(), String::from_utf8_lossy(&text).into_owned())
        });
        let seconds = begun.elapsed().as_secs_f64();
        Some(Test { file: file.to_owned(), name, schedules: raced.tally.runs, failures: raced.tally.failures, failed, seconds })
    }

    fn say(&self, test: &Test) {
        if self.args.json {
            return;
        }
        let id = format!("{}::{}", test.file.display(), test.name);
        match &test.failed {
            None => println!("ok    {id}  ({} schedules, {:.2} s)", test.schedules, test.seconds),
            Some((seed, what, _)) => println!("FAIL  {id}  ({} of {} schedules; seed {seed}: {what})", test.failures, test.schedules),
        }
    }

    /// What is said at the end; the exit code.
    fn finish(&self, tests: &[Test]) -> i32 {
        let failed: Vec<&Test> = tests.iter().filter(|t| t.failed.is_some()).collect();
        if self.args.json {
            println!("{:#}", self.json(tests));
        } else {
            for test in &failed {
                self.tell(test);
            }
            println!("\n{} passed, {} failed, strategy {}", tests.len() - failed.len(), failed.len(), self.kind);
        }
        if let Some(path) = &self.args.junit
            && let Err(e) = std::fs::write(path, junit(tests))
        {
            return script::usage(&format!("{}: {e}", path.display()));
        }
        if self.stop.load(Ordering::Relaxed) {
            return interrupt::INTERRUPTED;
        }
        i32::from(!failed.is_empty())
    }

    /// One failure: what the run wrote, and the command that brings it back.
    fn tell(&self, test: &Test) {
        let Some((seed, what, text)) = &test.failed else { return };
        println!("\n---- {}::{}: {what}", test.file.display(), test.name);
        print!("{text}");
        if test.name != "(module)" {
            let depth = if let Kind::Pct { depth } = self.kind { format!(" --depth {depth}") } else { String::new() };
            let file = test.file.display();
            println!("again: gilbert test {file} -k {} --strategy {}{depth} --seed {seed} --schedules 1{}", test.name, self.kind, self.args.machine.typed());
        }
    }

    fn json(&self, tests: &[Test]) -> Json {
        let one = |t: &Test| {
            let (seed, what) = t.failed.as_ref().map_or((Json::Null, Json::Null), |(seed, what, _)| (Json::from(*seed), Json::from(what.as_str())));
            json!({
                "file": t.file.to_string_lossy().into_owned(), "name": t.name.as_str(), "passed": t.failed.is_none(), "schedules": t.schedules, "failures": t.failures,
                "seed": seed, "what": what, "seconds": t.seconds,
            })
        };
        let failed = tests.iter().filter(|t| t.failed.is_some()).count();
        json!({"passed": tests.len() - failed, "failed": failed, "strategy": self.kind.to_string(), "tests": tests.iter().map(one).collect::<Vec<_>>()})
    }
}

/// JUnit's XML, as far as readers agree on it.
fn junit(tests: &[Test]) -> String {
    let failed = tests.iter().filter(|t| t.failed.is_some()).count();
    let seconds: f64 = tests.iter().map(|t| t.seconds).sum();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"gilbert\" tests=\"{}\" failures=\"{failed}\" time=\"{seconds:.3}\">\n",
        tests.len()
    );
    for t in tests {
        let class = t.file.with_extension("").to_string_lossy().replace('/', ".");
        out.push_str(&format!("  <testcase classname=\"{}\" name=\"{}\" time=\"{:.3}\"", xml(&class), xml(&t.name), t.seconds));
        match &t.failed {
            None => out.push_str("/>\n"),
            Some((seed, what, text)) => {
                let message = format!("{what} ({} of {} schedules, seed {seed})", t.failures, t.schedules);
                out.push_str(&format!(">\n    <failure message=\"{}\">{}</failure>\n  </testcase>\n", xml(&message), xml(text)));
            }
        }
    }
    out.push_str("</testsuite>\n");
    out
}

/// Text inside XML; characters that XML cannot hold are replaced.
fn xml(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || c == '\u{FFFE}' || c == '\u{FFFF}' => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}
