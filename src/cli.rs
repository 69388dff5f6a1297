//! The command line: which subcommand, and what `--help` teaches.

use clap::{Parser, Subcommand};
use std::ffi::OsString;

/// Exit code of a wrong command line.
pub const USAGE: i32 = 2;

const ABOUT: &str = "A Python interpreter in which the GIL is the subject: run it, tune it, search it.";

const TEACH: &str = "\
Running:
  gilbert FILE [ARG..]        runs a script on native threads (the same as `gilbert run FILE`)
  gilbert -c CODE [ARG..]     runs a text
  gilbert -m MODULE [ARG..]   runs a module of the library or of the path as a script
  gilbert -                   runs what comes on standard input
  gilbert                     the prompt

The GIL is released every 100 bytecode instructions (ticks), and on every call into the operating system:
  gilbert run --ticks 10 race.py             switch ten times as often
  gilbert run --gil interval race.py         switch as CPython 3 does: every 5 ms, if somebody waits
  gilbert run --stats race.py                who held the GIL, how often it was released, and why

The same script in a simulated world, where every hand-over is drawn from a seed, and an hour of sleep takes milliseconds:
  gilbert run --sim --seed 7 race.py         the same seed gives the same run, byte for byte
  gilbert run --sim --gil off race.py        no GIL at all, on virtual cores

Counting what comes out, over many interleavings:
  gilbert race race.py --watch count         how often which value; a seed for each
  gilbert race race.py --strategy random --expect 'count == 8000'
  gilbert replay race.py SCHEDULE            the failing one again
  gilbert test tests/                        each test_* function under 100 schedules
  gilbert merge A.json B.json                shards of a race, joined
All interleavings, up to equivalence:
  gilbert explore race.py --expect 'count == 2'     a proof, or a counterexample told as a story

Seeing it:
  gilbert trace race.py -o race.html         a page: who had the GIL when, who waited, who blocked on what
  gilbert run --timeline race.py             the same, small, in the terminal

Tuning it:
  gilbert tune race.py --expect 'count == 8000'   throughput, latency and races over the tick interval
  gilbert compare race.py                    Python 2's GIL, Python 3's, and none, side by side

Looking inside:
  gilbert dis FILE                           bytecode with the ticks of each line

Exit codes: 0 fine, 1 uncaught exception, 2 wrong usage, 3 deadlock, else the script's own.";

#[derive(Parser)]
#[command(name = "gilbert", version, about = ABOUT, after_help = TEACH, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run a script
    Run(Box<crate::run::Args>),
    /// Run a script many times and count what comes out
    Race(Box<crate::race::Args>),
    /// Run one interleaving again
    Replay(crate::replay::Args),
    /// Run each test of some files under many schedules
    Test(Box<crate::test::Args>),
    /// Run a script and draw who had the GIL when
    Trace(Box<crate::trace::Args>),
    /// Measure a script over the tick interval and its kin
    Tune(Box<crate::tune::Args>),
    /// Measure a script under Python 2's GIL, Python 3's, and none
    Compare(Box<crate::compare::Args>),
    /// Join the shards of a race
    Merge(crate::merge::Args),
    /// Prove a property in all interleavings, or find a counterexample
    Explore(crate::explore::Args),
    /// Show a script's bytecode with ticks
    Dis(crate::dis::Args),
}

/// The subcommands.
const BUILT: &[&str] = &["run", "race", "explore", "replay", "test", "trace", "tune", "compare", "merge", "dis"];

/// Acts on the command line; gives the exit code.
pub fn main(args: Vec<OsString>) -> i32 {
    let first = args.first().map(|a| a.to_string_lossy().into_owned());
    let known = match first.as_deref() {
        None => return crate::prompt::main(),
        Some("-h" | "--help" | "-V" | "--version") => true,
        Some(name) if BUILT.contains(&name) => true,
        Some(_) => false,
    };
    if !known && let Some(args) = crate::run::Args::plain(&args) {
        return crate::run::main(args);
    }
    let mut words: Vec<OsString> = vec!["gilbert".into()];
    if !known {
        words.push("run".into());
    }
    words.extend(args);
    if words.get(1).is_some_and(|w| w == "run") {
        words = crate::run::end_of_options(words);
    }
    match Cli::try_parse_from(words) {
        Ok(Cli { command: Command::Run(args) }) => crate::run::main(*args),
        Ok(Cli { command: Command::Race(args) }) => crate::race::main(&args),
        Ok(Cli { command: Command::Replay(args) }) => crate::replay::main(&args),
        Ok(Cli { command: Command::Test(args) }) => crate::test::main(&args),
        Ok(Cli { command: Command::Trace(args) }) => crate::trace::main(*args),
        Ok(Cli { command: Command::Tune(args) }) => crate::tune::main(&args),
        Ok(Cli { command: Command::Compare(args) }) => crate::compare::main(&args),
        Ok(Cli { command: Command::Merge(args) }) => crate::merge::main(&args),
        Ok(Cli { command: Command::Explore(args) }) => crate::explore::main(&args),
        Ok(Cli { command: Command::Dis(args) }) => crate::dis::main(&args),
        Err(e) => {
            let _ = e.print();
            if e.use_stderr() { USAGE } else { 0 }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> crate::run::Args {
        let words = ["gilbert", "run"].iter().chain(words).map(OsString::from).collect();
        match Cli::try_parse_from(crate::run::end_of_options(words)) {
            Ok(Cli { command: Command::Run(args) }) => *args,
            _ => panic!("no run"),
        }
    }

    #[test]
    fn plain_words_mean_what_the_parser_takes_them_for() {
        for words in [&["a.py"][..], &["a.py", "-x", "--", "--sim"], &["-c", "pass"], &["-c", "-1", "-", "-c"], &["-m", "json.tool", "--help"], &["-", "x"]] {
            let plain: Vec<OsString> = words.iter().map(OsString::from).collect();
            assert_eq!(crate::run::Args::plain(&plain), Some(parsed(words)), "{words:?}");
        }
        for words in [&["-u", "a.py"][..], &["-c"], &["-m"], &["--sim", "a.py"], &["-cpass"], &[]] {
            let plain: Vec<OsString> = words.iter().map(OsString::from).collect();
            assert_eq!(crate::run::Args::plain(&plain), None, "{words:?}");
        }
    }
}
