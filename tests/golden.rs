//! The golden scripts: every `tests/golden/FOLDER/NAME.py` runs natively and in the simulated world, and must print what `NAME.out`
//! holds (CPython's output), end with the code in `NAME.code` (0 where there is none; 128 + the number for a signal), and write `NAME.err` to standard error where
//! there is one. `known_failures.txt` lists those that do not yet: they are ignored, with the reason beside them. `cargo test --test golden FOLDER/NAME` runs one. A script whose first line is `# native only` is not simulated; `NAME.args` holds options of the run.

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

use libtest_mimic::{Arguments, Failed, Trial};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn main() {
    let mut args = Arguments::from_args();
    args.test_threads.get_or_insert(2);
    let mut trials = Vec::new();
    let listed = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/known_failures.txt")).unwrap_or_default();
    let known: Vec<&str> = listed.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split(' ').next()).collect();
    for script in scripts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")) {
        let text = std::fs::read_to_string(&script).unwrap_or_default();
        for sim in [false, true] {
            if sim && text.starts_with("# native only") {
                continue;
            }
            let script = script.clone();
            let known = known.iter().any(|k| *k == name(&script, false));
            trials.push(Trial::test(name(&script, sim), move || run(&script, sim)).with_ignored_flag(known));
        }
    }
    libtest_mimic::run(&args, trials).exit();
}

fn name(script: &Path, sim: bool) -> String {
    let folder = script.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    let stem = script.file_stem().unwrap_or_default().to_string_lossy();
    format!("{folder}/{stem}{}", if sim { " --sim" } else { "" })
}

/// The scripts, sorted: those that have an expected output.
fn scripts(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(folders) = std::fs::read_dir(root) else { return found };
    for folder in folders.flatten() {
        let Ok(files) = std::fs::read_dir(folder.path()) else { continue };
        found.extend(files.flatten().map(|f| f.path()).filter(|p| p.extension().is_some_and(|e| e == "py") && p.with_extension("out").exists()));
    }
    found.sort();
    found
}

fn run(script: &Path, sim: bool) -> Result<(), Failed> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gilbert"));
    command
        .current_dir(script.parent().unwrap_or(Path::new(".")))
        .stdin(Stdio::null())
        .env_remove("PYTHONPATH")
        .env_remove("PYTHONUNBUFFERED")
        .env_remove("PYTHONWARNINGS");
    if sim {
        command.args(["run", "--sim", "--seed", "1"]);
    }
    // options of the run, where the script needs some
    let options = std::fs::read_to_string(script.with_extension("args")).unwrap_or_default();
    command.args(options.split_whitespace());
    let output = command.arg(script.file_name().unwrap_or_default()).output()?;
    let wanted_code = std::fs::read_to_string(script.with_extension("code")).ok().and_then(|t| t.trim().parse().ok()).unwrap_or(0);
    // tracebacks name the script by its whole path
    let folder = format!("{}/", script.parent().unwrap_or(Path::new("")).display());
    let stderr = String::from_utf8_lossy(&output.stderr).replace(&folder, "");
    let stdout = without(&output.stdout, folder.as_bytes());
    compare("standard output", &std::fs::read(script.with_extension("out"))?, &stdout, &stderr)?;
    let code = output.status.code().or(output.status.signal().map(|s| 128 + s));
    if code != Some(wanted_code) {
        return Err(format!("exit code {code:?}, expected {wanted_code}\n--- standard error\n{stderr}").into());
    }
    match std::fs::read(script.with_extension("err")) {
        Ok(wanted) => compare("standard error", &wanted, stderr.as_bytes(), ""),
        Err(_) => Ok(()),
    }
}

/// Bytes without any occurrence of a piece.
fn without(bytes: &[u8], piece: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, more)) = rest.split_first() {
        match rest.strip_prefix(piece) {
            Some(after) => rest = after,
            None => {
                out.push(*first);
                rest = more;
            }
        }
    }
    out
}

/// The first line that differs, with some lines around it.
fn compare(what: &str, wanted: &[u8], got: &[u8], stderr: &str) -> Result<(), Failed> {
    if wanted == got {
        return Ok(());
    }
    let (wanted, got) = (String::from_utf8_lossy(wanted).into_owned(), String::from_utf8_lossy(got).into_owned());
    let (w, g): (Vec<&str>, Vec<&str>) = (wanted.lines().collect(), got.lines().collect());
    let at = (0..).find(|&i| w.get(i) != g.get(i) || i > w.len()).unwrap_or(0);
    let show = |lines: &[&str]| lines.iter().skip(at.saturating_sub(2)).take(5).map(|l| format!("    {l}\n")).collect::<String>();
    let tail: Vec<&str> = stderr.lines().rev().take(6).collect();
    let tail: String = tail.into_iter().rev().map(|l| format!("    {l}\n")).collect();
    Err(format!(
        "{what} differs at line {} (of {} expected, {} got)\n  expected:\n{}  got:\n{}  standard error ends:\n{tail}",
        at + 1,
        w.len(),
        g.len(),
        show(&w),
        show(&g)
    )
    .into())
}
