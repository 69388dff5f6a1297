//! `explore` on the programs of `tests/lab`: the verdict, the kind of failure, the fewest preemptions and, where it is known, the
//! number of traces, as each script's first lines say. Small ones are also searched without partial-order reduction.

#![allow(clippy::disallowed_methods)] // tests run outside any isolate

use gilbert_lab::explore::search::{Explored, Options, Verdict, explore};

use gilbert_lab::explore::story::story;

use gilbert_lab::runner::{Runner, Shared};

use gilbert_lab::target::{Expr, Machine, Target};
use gilbert_stdlib::StdLibrary;
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The `# key: value` lines at a script's beginning.
fn header(text: &str) -> HashMap<String, String> {
    let lines = text.lines().map_while(|l| l.strip_prefix("# "));
    lines.filter_map(|l| l.split_once(": ")).map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
}

fn runner(path: &Path, text: &str, expect: Option<&String>) -> Result<Runner, String> {
    let target = Target { source: text.as_bytes().to_vec(), name: path.display().to_string(), file: true, argv: vec![], path: vec![] };
    let expect = expect.map(|e| Expr::new(e, "--expect")).transpose()?;
    Ok(Runner::new(Shared::new(target, Machine::default(), Arc::new(StdLibrary::default())).expecting(expect)))
}

fn check(path: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
    let says = header(&text);
    let runner = runner(path, &text, says.get("expect"))?;
    let options = Options { max_runs: 20_000, ..Options::default() };
    let explored = explore(&runner, &options, &mut |_| false).map_err(|e| e.0)?;
    agrees(&explored, &says, &text)?;
    if explored.surprises != 0 || explored.blocked != 0 {
        return Err(format!("not optimal: {} surprises, {} blocked of {} runs", explored.surprises, explored.blocked, explored.runs));
    }
    // all schedules of any number of preemptions
    let brute = Options { preemptions: Some(1000), max_runs: 3000, minimize: false, ..Options::default() };
    let all = explore(&runner, &brute, &mut |_| false).map_err(|e| e.0)?;
    match all.verdict {
        Verdict::Inconclusive(_) => Ok(()),
        _ if verdict(&all) == verdict(&explored) => Ok(()),
        _ => Err(format!("without reduction: {}", verdict(&all))),
    }
}

fn verdict(e: &Explored) -> &'static str {
    match e.verdict {
        Verdict::Holds => "holds",
        Verdict::Fails(_) => "fails",
        Verdict::Inconclusive(_) => "inconclusive",
    }
}

fn agrees(explored: &Explored, says: &HashMap<String, String>, text: &str) -> Result<(), String> {
    let mut facts = HashMap::from([("verdict", verdict(explored).to_owned()), ("traces", explored.traces.to_string())]);
    if let Verdict::Fails(found) = &explored.verdict {
        facts.insert("failure", found.failure.kind().to_owned());
        facts.insert("preemptions", found.preemptions.to_string());
        facts.insert("kind", story(found, &|_, line| text.lines().nth(line as usize - 1).map(str::to_owned)).kind.unwrap_or_default());
        facts.remove("traces");
    }
    for (key, wanted) in says {
        match facts.get(key.as_str()) {
            Some(is) if key == "kind" && is.starts_with(wanted.as_str()) => {}
            Some(is) if is == wanted => {}
            Some(is) => return Err(format!("{key} is {is:?}, not {wanted:?}: {explored:?}")),
            None if key == "expect" => {}
            None => return Err(format!("{key} should be {wanted:?}: {:?}", explored.verdict)),
        }
    }
    Ok(())
}

fn main() {
    let mut scripts: Vec<PathBuf> =
        std::fs::read_dir("tests/lab").expect("tests/lab").filter_map(|e| Some(e.ok()?.path())).filter(|p| p.extension().is_some_and(|e| e == "py")).collect();
    scripts.sort();
    let name = |p: &Path| p.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let trial = |p: PathBuf| Trial::test(name(&p), move || check(&p).map_err(Failed::from));
    libtest_mimic::run(&Arguments::from_args(), scripts.into_iter().map(trial).collect()).exit();
}
