//! A schedule: what brings one run back, and what tells whether it still fits.
//!
//! A run that the strategy alone decided is told by `(thread, ticks)` runs; one in virtual time (`tick-fair`) by its seed, from which
//! everything else follows. Both forms, a line of text for a bug report and a JSON file, name the fingerprint of every source and
//! file that the run read, of the instruction set, and the options. The text is made of letters, digits, `.`, `:` and `-`:
//!
//! ```text
//! g1.s7.4fG.0kzA1xQ9bR2c.k10.0:5a-1:3-0:2
//!    |  |   |            |   who ran for how many ticks; numbers in base 62
//!    |  |   |            options that are not the usual ones
//!    |  |   script and files in the order of their reading, six digits each
//!    |  instruction set
//!    s: decided by a strategy, t: in virtual time; the seed
//! ```
//!
//! A run of `explore` (`c`) is told by who made how many *steps*, and names the instructions at which steps begin besides waits and
//! operations on locks and their like: `g1.c0.4fG.0kzA1x..3Ab0z:1:4.0:1-1:2-0:3`, the code object's key and indices.

use crate::json;
use crate::json::Json;
use crate::outcome::RunResult;
use crate::runner::{How, Runner, Shared};
use crate::strategy::{Again, Kind, Profile, Replay, has_diverged, was_same};
use crate::target::{Machine, Target};
use gilbert_vm::control::{CodeSite, Sites};
use gilbert_vm::gil::{Handoff, Policy};
use gilbert_vm::op::Op;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::sim::{Order, Run, fingerprint};
use gilbert_vm::world::{Outcome, Tid};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Version of both forms.
const VERSION: &str = "g1";
/// Digits of a fingerprint in the text.
const DIGITS: usize = 6;

/// A file that a run read: its path (unknown where the schedule came as text) and the fingerprint of its contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The path; empty where only the order is known.
    pub path: String,
    /// Six base-62 digits of the fingerprint.
    pub print: String,
}

/// See the module's page.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// For everything random; the whole schedule where the order is [`Order::Time`].
    pub seed: u64,
    /// Whether clocks or a strategy decided who could run.
    pub order: Order,
    /// The machine; folder and limits are those of the replay.
    pub machine: Machine,
    /// The script, then the files in the order of their reading.
    pub files: Vec<Read>,
    /// The instruction set.
    pub bytecode: String,
    /// Who ran for how many ticks; in a controlled run ([`Order::Controlled`]) for how many steps, where a number may be an alarm's.
    pub runs: Vec<Run>,
    /// The visible instructions of a controlled run.
    pub sites: Sites,
    /// What happened in the run, for people; not part of the text.
    pub what: String,
    /// The script's arguments; not part of the text.
    pub args: Vec<String>,
    /// What must be true at the end; not part of the text.
    pub expect: Option<String>,
}

/// Why a schedule does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// A file is not what it was.
    Changed(String),
    /// Another version of Gilbert, with other instructions.
    Bytecode,
    /// The program did something else than the schedule says, though all its files are the same.
    Diverged,
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Mismatch::Changed(file) => write!(f, "{file} is not what it was when the schedule was made"),
            Mismatch::Bytecode => f.write_str("the schedule was made by a version of gilbert with other instructions"),
            Mismatch::Diverged => f.write_str("the program did something else than the schedule says; was it given other arguments or another environment?"),
        }
    }
}

impl Schedule {
    /// The schedule of a run that was recorded.
    pub fn of(result: &RunResult, shared: &Shared, kind: Kind, seed: u64) -> Schedule {
        let order = kind.order();
        let target = shared.target();
        let runs = if order == Order::Time { Vec::new() } else { result.schedule.clone() };
        Schedule {
            seed,
            order,
            machine: shared.machine().clone(),
            files: files_of(result, target),
            bytecode: bytecode(),
            runs,
            sites: Sites::default(),
            what: result.failure.as_ref().map(ToString::to_string).unwrap_or_default(),
            args: target.argv.get(1..).unwrap_or_default().to_vec(),
            expect: shared.expect().map(|e| e.text.clone()),
        }
    }

    /// The schedule of a controlled run: who made each step.
    pub fn of_steps(result: &RunResult, shared: &Shared, steps: &[u32], sites: Sites) -> Schedule {
        let mut runs: Vec<Run> = Vec::new();
        for &proc in steps {
            match runs.last_mut() {
                Some(run) if run.tid.0 == proc => run.ticks += 1,
                _ => runs.push(Run { tid: Tid(proc), ticks: 1 }),
            }
        }
        let base = Schedule::of(result, shared, Kind::Random, 0);
        Schedule { order: Order::Controlled, runs, sites: sites.telling(false), ..base }
    }

    /// The steps of a controlled run.
    pub fn steps(&self) -> Vec<u32> {
        self.runs.iter().flat_map(|r| std::iter::repeat_n(r.tid.0, r.ticks.min(MOST_STEPS) as usize)).take(MOST_STEPS as usize).collect()
    }

    /// The steps of a controlled run again, by nothing but themselves; `None` where they do not lead from its beginning to its end, and
    /// `begin` has not ended it.
    fn steps_again(&self, runner: &Runner, steps: &[u32], begin: impl FnOnce(&mut Vm) + Send + 'static) -> Option<RunResult> {
        let again = Again::new(steps.to_vec());
        let same = again.same();
        let how = How { seed: 0, strategy: Box::new(again), order: Order::Controlled, record: true };
        let result = runner.run_controlled(how, Arc::new(self.sites.clone()), begin, |_| {});
        let ended = result.ended == Outcome::Stopped && !has_diverged(&same);
        (ended || was_same(&same, steps.len())).then_some(result)
    }

    /// Whether it was made for this script, so far as can be told before the run.
    ///
    /// # Errors
    /// What differs.
    pub fn check(&self, target: &Target) -> Result<(), Mismatch> {
        if self.bytecode != bytecode() {
            return Err(Mismatch::Bytecode);
        }
        match self.files.first() {
            Some(script) if script.print != digits(target.fingerprint()) => Err(Mismatch::Changed(target.name.clone())),
            _ => Ok(()),
        }
    }

    /// The run again, by a runner of [`Schedule::machine`].
    ///
    /// # Errors
    /// It does not fit.
    pub fn replay(&self, runner: &Runner) -> Result<RunResult, Mismatch> {
        self.replay_with(runner, |_| {})
    }

    /// The same, with a word at the run's beginning. Where that ends the run early, nothing is said about what it did not come to.
    ///
    /// # Errors
    /// It does not fit.
    pub fn replay_with(&self, runner: &Runner, begin: impl FnOnce(&mut Vm) + Send + 'static) -> Result<RunResult, Mismatch> {
        let target = runner.shared().target();
        self.check(target)?;
        let replay = Replay::new(self.runs.clone());
        let diverged = replay.diverged();
        let result = match self.order {
            Order::Controlled => {
                let steps = self.steps();
                match self.steps_again(runner, &steps, begin) {
                    Some(result) => result,
                    // spins and what is left at the end are seen by whoever watches the run
                    None => {
                        let again = crate::explore::search::replay(runner, &self.sites, &steps);
                        diverged.store(again.diverged, Ordering::Relaxed);
                        again.result
                    }
                }
            }
            Order::Time => {
                let strategy = Kind::TickFair.strategy(self.seed, &Profile::default());
                runner.run_with(How { seed: self.seed, strategy, order: Order::Time, record: true }, begin, |_| {})
            }
            order => runner.run_with(How { seed: self.seed, strategy: Box::new(replay), order, record: true }, begin, |_| {}),
        };
        let read = files_of(&result, target);
        if let Some((_, now)) = self.files.iter().zip(&read).find(|(then, now)| then.print != now.print) {
            return Err(Mismatch::Changed(now.path.clone()));
        }
        if result.ended == Outcome::Stopped {
            return Ok(result);
        }
        if read.len() != self.files.len() || diverged.load(Ordering::Relaxed) {
            return Err(Mismatch::Diverged);
        }
        Ok(result)
    }

    /// How often a thread was made to give way though it could have gone on is at most this: changes of thread.
    pub fn switches(&self) -> usize {
        self.runs.len().saturating_sub(1)
    }

    // ---- text ----

    /// The short form.
    pub fn to_text(&self) -> String {
        let mode = match self.order {
            Order::Time => 't',
            Order::Strategy => 's',
            Order::Controlled => 'c',
        };
        let sites = if self.order == Order::Controlled { format!("{}.", sites_text(&self.sites)) } else { String::new() };
        let files: String = self.files.iter().map(|f| f.print.as_str()).collect();
        let runs: Vec<String> = self.runs.iter().map(|r| format!("{}:{}", base62(u64::from(r.tid.0)), base62(r.ticks))).collect();
        format!("{VERSION}.{mode}{}.{}.{files}.{}.{sites}{}", base62(self.seed), self.bytecode, options_text(&self.machine), runs.join("-"))
    }

    /// Reads either form.
    ///
    /// # Errors
    /// What is wrong, in a line.
    pub fn parse(text: &str) -> Result<Schedule, String> {
        let text = text.trim();
        if text.starts_with('{') {
            let json: Json = Json::parse(text).map_err(|e| format!("this is no schedule: {e}"))?;
            let mut schedule = Schedule::parse_text(json["text"].as_str().ok_or("this is no schedule: `text` is missing")?)?;
            for (file, known) in schedule.files.iter_mut().zip(json["files"].as_list().into_iter().flatten()) {
                file.path = known["path"].as_str().unwrap_or_default().to_owned();
            }
            schedule.what = json["what"].as_str().unwrap_or_default().to_owned();
            schedule.expect = json["expect"].as_str().map(str::to_owned);
            schedule.args = json["args"].as_list().into_iter().flatten().filter_map(|a| a.as_str().map(str::to_owned)).collect();
            return Ok(schedule);
        }
        Schedule::parse_text(text)
    }

    fn parse_text(text: &str) -> Result<Schedule, String> {
        let bad = |what: &str| format!("this is no schedule: {what}");
        let parts: Vec<&str> = text.split('.').collect();
        let (mode, bytecode, files, options, sites, runs) = match parts.as_slice() {
            [VERSION, mode, bytecode, files, options, runs] if !mode.starts_with('c') => (mode, bytecode, files, options, &"", runs),
            [VERSION, mode, bytecode, files, options, sites, runs] if mode.starts_with('c') => (mode, bytecode, files, options, sites, runs),
            _ => return Err(bad("it has the form g1.SEED.CODE.FILES.OPTIONS.RUNS")),
        };
        let (order, seed) = match mode.split_at_checked(1) {
            Some(("s", seed)) => (Order::Strategy, seed),
            Some(("t", seed)) => (Order::Time, seed),
            Some(("c", seed)) => (Order::Controlled, seed),
            _ => return Err(bad("the seed begins with s, t or c")),
        };
        if !files.is_ascii() || files.len() % DIGITS != 0 || files.is_empty() {
            return Err(bad("the files' fingerprints are cut off"));
        }
        let files = (0..files.len() / DIGITS).map(|i| Read { path: String::new(), print: files[i * DIGITS..(i + 1) * DIGITS].to_owned() }).collect();
        let run = |text: &str| {
            let (tid, ticks) = text.split_once(':')?;
            Some(Run { tid: Tid(u32::try_from(number(tid)?).ok()?), ticks: number(ticks)? })
        };
        let runs: Option<Vec<Run>> = runs.split('-').filter(|r| !r.is_empty()).map(run).collect();
        Ok(Schedule {
            seed: number(seed).ok_or_else(|| bad("the seed is no number"))?,
            order,
            machine: parse_options(options).ok_or_else(|| bad("its options"))?,
            files,
            bytecode: (*bytecode).to_owned(),
            runs: runs.ok_or_else(|| bad("the runs are THREAD:TICKS"))?,
            sites: parse_sites(sites).ok_or_else(|| bad("the instructions are KEY:INDEX"))?,
            what: String::new(),
            args: Vec::new(),
            expect: None,
        })
    }

    /// The file form: JSON, for people to read; `text` is what counts.
    pub fn to_file(&self) -> String {
        let files: Vec<Json> = self.files.iter().map(|f| json!({"path": f.path.as_str(), "hash": f.print.as_str()})).collect();
        let runs: Vec<Json> = self.runs.iter().map(|r| json!([r.tid.0, r.ticks])).collect();
        let order = match self.order {
            Order::Time => "time",
            Order::Strategy => "strategy",
            Order::Controlled => "controlled",
        };
        let json = json!({
            "what": self.what.as_str(), "text": self.to_text(), "order": order, "seed": self.seed, "bytecode": self.bytecode.as_str(),
            "expect": self.expect.as_deref().map_or(Json::Null, Json::from), "files": files, "options": options_text(&self.machine), "args": self.args.clone(), "runs": runs,
        });
        format!("{json:#}\n")
    }
}

/// The script, then what the run read from the disk.
fn files_of(result: &RunResult, target: &Target) -> Vec<Read> {
    let read = |path: &str, print: u64| Read { path: path.to_owned(), print: digits(print) };
    let own = std::iter::once(read(&target.name, target.fingerprint()));
    let rest = result.files.iter().map(|(path, print)| read(&path.to_string_lossy(), *print)).filter(|f| f.path != target.name);
    own.chain(rest).collect()
}

/// Tells one instruction set from another.
pub fn bytecode() -> String {
    let names: String = Op::ALL.iter().map(|op| format!("{op:?} ")).collect();
    let all = format!("{} {names}", env!("CARGO_PKG_VERSION"));
    digits(fingerprint(all.as_bytes()))[..3].to_owned()
}

// ---- options ----

/// The options that are not the usual ones: a letter and a number each.
fn options_text(machine: &Machine) -> String {
    let usual = Machine::default();
    let mut out = String::new();
    let mut put = |letter: char, value: u64, differs: bool| {
        if differs {
            out.push_str(&format!("{letter}{value}"));
        }
    };
    match machine.policy {
        Policy::Ticks(n) => put('k', u64::from(n), machine.policy != usual.policy),
        Policy::Interval(ns) => put('i', ns, true),
        Policy::Off(n) => put('x', u64::from(n), true),
    }
    let handoff = match machine.handoff {
        Handoff::Fair => 0,
        Handoff::Fifo => 1,
        Handoff::Contend => 2,
    };
    put('h', handoff, handoff != 0);
    put('n', machine.tick_ns, machine.tick_ns != usual.tick_ns);
    put('w', machine.switch_ns, machine.switch_ns != usual.switch_ns);
    put('r', 1, machine.restricted_switches);
    put('o', u64::from(machine.optimize), machine.optimize != 0);
    put('m', machine.max_memory as u64, machine.max_memory != 0);
    put('l', machine.max_ticks, machine.max_ticks != usual.max_ticks);
    out
}

fn parse_options(text: &str) -> Option<Machine> {
    let mut machine = Machine::default();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let tail = &rest[letter.len_utf8()..];
        let (digits, others) = tail.split_at(tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len()));
        let value: u64 = digits.parse().ok()?;
        rest = others;
        let ticks = || u32::try_from(value).ok().filter(|n| *n > 0);
        match letter {
            'k' => machine.policy = Policy::Ticks(ticks()?),
            'i' => machine.policy = Policy::Interval(value),
            'x' => machine.policy = Policy::Off(ticks()?),
            'h' => machine.handoff = *[Handoff::Fair, Handoff::Fifo, Handoff::Contend].get(value as usize)?,
            'n' => machine.tick_ns = value,
            'w' => machine.switch_ns = value,
            'r' => machine.restricted_switches = true,
            'o' => machine.optimize = u8::try_from(value).ok().filter(|n| *n <= 2)?,
            'm' => machine.max_memory = usize::try_from(value).ok()?,
            'l' => machine.max_ticks = value,
            _ => return None,
        }
    }
    Some(machine)
}

// ---- visible instructions ----

/// More steps than this nobody replays.
const MOST_STEPS: u64 = 1 << 22;

/// Where some thread clears an event: a word that is no key.
const CLEARS: &str = "e";

fn sites_text(sites: &Sites) -> String {
    let one = |(key, at): (u64, &[u32])| std::iter::once(key).chain(at.iter().map(|a| u64::from(*a))).map(base62).collect::<Vec<_>>().join(":");
    let clears = sites.events_are_cleared.then(|| CLEARS.to_owned());
    clears.into_iter().chain(sites.all().into_iter().map(one)).collect::<Vec<_>>().join("-")
}

fn parse_sites(text: &str) -> Option<Sites> {
    let mut sites = Sites::default();
    for part in text.split('-').filter(|p| !p.is_empty()) {
        match part.split_once(':') {
            None if part == CLEARS => sites.events_are_cleared = true,
            None => return None,
            Some((key, indices)) => {
                for at in indices.split(':') {
                    sites.add(CodeSite { code: number(key)?, at: u32::try_from(number(at)?).ok()? });
                }
            }
        }
    }
    Some(sites)
}

// ---- numbers ----

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

fn base62(mut n: u64) -> String {
    let mut out = Vec::new();
    loop {
        out.push(ALPHABET[(n % 62) as usize]);
        n /= 62;
        if n == 0 {
            break;
        }
    }
    out.reverse();
    String::from_utf8(out).unwrap_or_default()
}

/// The first digits of a fingerprint.
fn digits(print: u64) -> String {
    let all = base62(print % 62u64.pow(DIGITS as u32));
    format!("{all:0>DIGITS$}")
}

fn number(text: &str) -> Option<u64> {
    let digit = |b: u8| ALPHABET.iter().position(|a| *a == b).map(|i| i as u64);
    if text.is_empty() {
        return None;
    }
    text.bytes().try_fold(0u64, |n, b| n.checked_mul(62)?.checked_add(digit(b)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::race::{profile, record_seed};
    use gilbert_stdlib::StdLibrary;
    use proptest::prelude::*;

    fn machines() -> impl Strategy<Value = Machine> {
        let policy = prop_oneof![(1u32..1000).prop_map(Policy::Ticks), (1u64..10_000_000).prop_map(Policy::Interval), (1u32..1000).prop_map(Policy::Off)];
        let handoff = prop_oneof![Just(Handoff::Fair), Just(Handoff::Fifo), Just(Handoff::Contend)];
        (policy, handoff, 1u64..100, any::<bool>(), 0u8..3, any::<u64>()).prop_map(|(policy, handoff, tick_ns, restricted_switches, optimize, max_ticks)| {
            Machine { policy, handoff, tick_ns, restricted_switches, optimize, max_ticks, ..Machine::default() }
        })
    }

    proptest! {
        #[test]
        fn both_forms_are_read_back(machine in machines(), seed in any::<u64>(), mode in 0..3usize, at in prop::collection::vec((any::<u64>(), any::<u32>()), 0..5), runs in prop::collection::vec((any::<u32>(), any::<u64>()), 0..20)) {
            let (time, controlled) = (mode == 0, mode == 1);
            let mut sites = Sites::default();
            sites.events_are_cleared = controlled && seed % 2 == 0;
            for (code, at) in at.into_iter().filter(|_| controlled) {
                sites.add(CodeSite { code, at });
            }
            let runs: Vec<Run> = if time { Vec::new() } else { runs.into_iter().map(|(t, n)| Run { tid: Tid(t), ticks: n }).collect() };
            let schedule = Schedule {
                seed,
                order: [Order::Time, Order::Controlled, Order::Strategy][mode],
                sites,
                machine,
                files: vec![Read { path: String::new(), print: digits(seed ^ 5) }; 2],
                bytecode: bytecode(),
                runs,
                what: String::new(),
                args: Vec::new(),
                expect: None,
            };
            prop_assert_eq!(Schedule::parse(&schedule.to_text()), Ok(schedule.clone()));
            prop_assert_eq!(Schedule::parse(&schedule.to_file()), Ok(schedule.clone()));
            prop_assert!(schedule.to_text().chars().all(|c| c.is_ascii_alphanumeric() || ".:-".contains(c)));
        }

        #[test]
        fn nonsense_is_refused_and_never_panics(text in "[ -~é]{0,40}", body in "g1\\.[st]?[0-9a-z]{0,3}\\.[a-z]{0,3}\\.[a-z]{0,13}\\.[a-z0-9é]{0,4}\\.[0-9:-]{0,6}") {
            let _ = Schedule::parse(&text);
            let _ = Schedule::parse(&body);
        }
    }

    const RACE: &str = "import threading
n = 0
def work():
    global n
    n += 1
    n += 1
threads = [threading.Thread(target=work) for _ in range(3)]
for t in threads: t.start()
for t in threads: t.join()
print(n)
assert n == 6
";

    #[test]
    fn a_replay_gives_the_same_bytes_and_refuses_another_script() {
        let library: Arc<StdLibrary> = Arc::default();
        let shared = |source: &str| Shared::new(Target::text(source), Machine::default(), library.clone());
        let first = Runner::new(shared(RACE));
        for kind in [Kind::TickFair, Kind::Random, Kind::Pct { depth: 3 }, Kind::Surw] {
            let lengths = profile(&first);
            for seed in 0..10 {
                let (result, schedule) = record_seed(&first, kind, &lengths, seed);
                let again = Schedule::parse(&schedule.to_text()).expect("what we wrote");
                assert_eq!(again.replay(&Runner::new(shared(RACE))), Ok(result), "{kind} {seed}");
                let other = Runner::new(shared(&RACE.replace("n += 1", "n += 2")));
                assert_eq!(again.replay(&other), Err(Mismatch::Changed("<string>".into())));
            }
        }
    }
}
