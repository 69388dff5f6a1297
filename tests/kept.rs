//! Runs from a kept state are to the byte what runs of a fresh isolate are: every golden script, with several seeds one after the other in the
//! same isolate, beside a fresh isolate for each. After each run the heap is compared with what was kept, so that a change which the
//! undo log has missed fails too. `cargo test --test kept FOLDER/NAME` runs one; `--list` names them.

#![allow(clippy::disallowed_methods)] // tests run outside any isolate

use gilbert::lab::outcome::RunResult;
use gilbert::lab::runner::{How, Keeping, Runner, Shared};
use gilbert::lab::strategy::{Kind, Profile};
use gilbert::lab::target::{Machine, Target};
use libtest_mimic::{Arguments, Failed, Trial};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What is compared elsewhere, or cannot be: the reason beside it.
const LEFT_OUT: &[(&str, &str)] = &[];

fn main() {
    let mut args = Arguments::from_args();
    args.test_threads.get_or_insert(2);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let trials = scripts(&root).into_iter().filter_map(|script| {
        let text = std::fs::read_to_string(&script).ok()?;
        let name = script.strip_prefix(&root).ok()?.with_extension("").to_string_lossy().into_owned();
        let plain = !text.starts_with("# native only") && !script.with_extension("args").exists();
        let ignored = LEFT_OUT.iter().any(|l| l.0 == name);
        plain.then(|| Trial::test(name, move || compare(&script)).with_ignored_flag(ignored))
    });
    libtest_mimic::run(&args, trials.collect()).exit();
}

fn scripts(root: &Path) -> Vec<PathBuf> {
    let folders = std::fs::read_dir(root).into_iter().flatten().flatten();
    let files = folders.filter_map(|f| std::fs::read_dir(f.path()).ok()).flatten().flatten().map(|f| f.path());
    let mut found: Vec<PathBuf> = files.filter(|p| p.extension().is_some_and(|e| e == "py") && p.with_extension("out").exists()).collect();
    found.sort();
    found
}

fn runner(script: &Path, keeping: Keeping) -> Result<Runner, Failed> {
    let folder = script.parent().unwrap_or(Path::new("/")).to_owned();
    let name = script.to_string_lossy().into_owned();
    let path = vec![folder.to_string_lossy().into_owned()];
    let target = Target { source: std::fs::read(script)?, argv: vec![name.clone()], name, file: true, path };
    let machine = Machine { start_dir: folder, max_ticks: 30_000_000, ..Machine::default() };
    Ok(Runner::new(Shared::new(target, machine, Arc::new(gilbert_stdlib::StdLibrary::default())).keeping(keeping)))
}

fn how(kind: Kind, seed: u64) -> How {
    How { seed, strategy: kind.strategy(seed, &Profile::of(&[500, 500])), order: kind.order(), record: true }
}

/// A run, and the clock when the script has come to its end.
fn run(runner: &Runner, kind: Kind, seed: u64) -> (RunResult, u64) {
    let clock = Arc::new(AtomicU64::new(0));
    let seen = clock.clone();
    let result = runner.run_with(
        how(kind, seed),
        |_| {},
        move |vm| {
            vm.sync_clock();
            seen.store(vm.iso().world.now(), Ordering::Relaxed);
        },
    );
    (result, clock.load(Ordering::Relaxed))
}

fn compare(script: &Path) -> Result<(), Failed> {
    let (fresh, kept) = (runner(script, Keeping::No)?, runner(script, Keeping::Checked)?);
    for seed in [1, 2, 1] {
        let mut result = run(&kept, Kind::TickFair, seed);
        // what finalisers do at the end is found out by a first run, which is nobody's result
        if kept.why_not_kept().is_none() && kept.shared().finalises() {
            result = run(&kept, Kind::TickFair, seed);
        }
        same("a fresh isolate", seed, &run(&fresh, Kind::TickFair, seed), &result)?;
    }
    // strategies are asked from the kept state on, so only runs from there are alike
    let first = run(&kept, Kind::Random, 3);
    run(&kept, Kind::Random, 4);
    same("the same run before", 3, &first, &run(&kept, Kind::Random, 3))?;
    if std::env::var_os("KEPT_REPORT").is_some() {
        eprintln!("{}: {}", script.display(), kept.why_not_kept().unwrap_or_else(|| format!("kept behind {} instructions", kept.skipped())));
    }
    Ok(())
}

type Seen = (RunResult, u64);

fn same(what: &str, seed: u64, wanted: &Seen, got: &Seen) -> Result<(), Failed> {
    for (part, wanted, got) in [("output", &wanted.0.stdout, &got.0.stdout), ("errors", &wanted.0.stderr, &got.0.stderr)] {
        let (w, g) = (without_addresses(wanted), without_addresses(got));
        if w != g {
            let at = w.lines().zip(g.lines()).position(|(w, g)| w != g).unwrap_or(w.lines().count().min(g.lines().count()));
            let show = |t: &str| t.lines().skip(at.saturating_sub(1)).take(4).collect::<Vec<_>>().join("\n    ");
            return Err(format!("seed {seed}: {part} differs from {what} at line {}\n  wanted\n    {}\n  got\n    {}", at + 1, show(&w), show(&g)).into());
        }
    }
    // not the ticks: the taking apart of modules, which kept runs leave out, has some
    let brief = |(r, clock): &Seen| {
        let failure = r.failure.as_ref().map(std::mem::discriminant);
        format!("exit {}, {failure:?}, {:?}, files {:?}, clock {clock}", r.exit, std::mem::discriminant(&r.ended), r.files)
    };
    let (wanted, got) = (brief(wanted), brief(got));
    if wanted != got { Err(format!("seed {seed}: differs from {what}\n  wanted {wanted}\n  got    {got}").into()) } else { Ok(()) }
}

/// New objects of a kept isolate lie in pages of their own, so `id()` says something else there.
fn without_addresses(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let mut parts = text.split(" at 0x");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + " at 0x.." + part.trim_start_matches(|c: char| c.is_ascii_hexdigit()))
}
