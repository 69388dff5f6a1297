//! `gilbert replay --step`: a run under one's fingers. Going back is running again to the step before; an expression is evaluated in
//! the run, which is then run again, so that nothing that it did stays.

use crate::detect::Files;
use gilbert_lab::detect::Sources;
use gilbert_lab::outcome::{Evaluated, RunResult};
use gilbert_lab::runner::Runner;
use gilbert_lab::schedule::Schedule;
use gilbert_lab::steps::{Go, Step, walk as walk_steps};
use gilbert_vm::vm::Vm;
use parking_lot::Mutex;
use std::io::{BufRead, IsTerminal, Write};
use std::sync::Arc;

const HELP: &str = "\
  s [N], Enter    N steps forward (a step: a thread begins a line)
  b [N]           N steps back
  g N             to step N
  r LINE          on until a thread begins this line; also r FILE:LINE
  x               on until another thread runs
  e               to the end
  p EXPR          the value of an expression, here
  v               the variables of this call
  w               the calls that lead here
  t               all threads and where they are
  l               the source around
  q               quit";

/// What an expression came to, for people.
pub fn value(e: &Evaluated) -> String {
    match e {
        Evaluated::Value(v) => v.to_string(),
        Evaluated::Raised(e) | Evaluated::Unknown(e) => e.clone(),
    }
}

/// What is to be done next.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Then {
    /// Stop before this step (0: never).
    Stop(usize),
    Quit,
}

struct Console {
    steps: Vec<Step>,
    files: Files,
    /// Where the next run shall stop.
    then: Then,
    /// The run that goes on is not to be looked at any more.
    over: bool,
}

/// Walks; gives the exit code.
///
/// # Errors
/// The schedule does not fit.
pub fn walk(schedule: &Schedule, runner: &Runner) -> Result<i32, String> {
    let steps = Arc::new(Mutex::new(Vec::new()));
    let seen = steps.clone();
    let whole = walk_steps(schedule, runner, move |_, step| {
        seen.lock().push(step.clone());
        Go::On
    })
    .map_err(|e| e.to_string())?;
    let steps = std::mem::take(&mut *steps.lock());
    let threads = steps.iter().map(|s| s.thread).collect::<std::collections::BTreeSet<_>>().len();
    println!("{} steps of {threads} threads; h for help", steps.len());
    let console = Arc::new(Mutex::new(Console { steps, files: Files::default(), then: Then::Stop(1), over: false }));
    loop {
        let next = console.lock().then;
        match next {
            Then::Quit => return Ok(0),
            Then::Stop(n) if n == 0 || n > console.lock().steps.len() => {
                tell_end(&whole);
                console.lock().at_end();
            }
            Then::Stop(_) => {
                console.lock().over = false;
                let shared = console.clone();
                walk_steps(schedule, runner, move |vm, step| shared.lock().visit(vm, step)).map_err(|e| e.to_string())?;
            }
        }
    }
}

fn tell_end(result: &RunResult) {
    println!("the end");
    for (name, bytes) in [("output", &result.stdout), ("errors", &result.stderr)] {
        let text = String::from_utf8_lossy(bytes);
        if !text.is_empty() {
            println!("  {name}:");
            text.lines().for_each(|l| println!("    {l}"));
        }
    }
    match &result.failure {
        Some(failure) => println!("  {failure}"),
        None => println!("  exit code {}", result.exit),
    }
}

/// A command's line; `None` at the end of input.
fn read() -> Option<String> {
    let stdin = std::io::stdin();
    print!("> ");
    let _ = std::io::stdout().flush();
    let mut line = String::new();
    let n = stdin.lock().read_line(&mut line).unwrap_or(0);
    if !stdin.is_terminal() {
        println!("{}", line.trim_end());
    }
    (n > 0).then(|| line.trim().to_owned())
}

impl Console {
    fn visit(&mut self, vm: &mut Vm, step: &Step) -> Go {
        if self.over {
            return Go::End;
        }
        if self.then != Then::Stop(step.number) {
            return Go::On;
        }
        self.show(step);
        loop {
            let Some(line) = read() else {
                self.then = Then::Quit;
                return self.end();
            };
            let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match word {
                "p" | "print" => {
                    match vm.evaluate_here(rest) {
                        Ok(text) => println!("  {text}"),
                        Err(e) if e.is_killed() => println!("  the run ended in the middle of it"),
                        Err(e) => println!("  {}: {}", vm.type_name(&e.0), vm.str_text(&e.0).unwrap_or_default()),
                    }
                    // to the same place again, in a run that has not evaluated it
                    self.then = Then::Stop(step.number);
                    return self.end();
                }
                "v" | "vars" => vm.locals_now().iter().for_each(|l| println!("  {} = {}", l.name, l.value)),
                "w" | "where" => self.calls(vm),
                "t" | "threads" => self.threads(vm, step.number),
                _ => match self.command(word, rest, step.number) {
                    None => {}
                    Some(then) => {
                        self.then = then;
                        return match then {
                            Then::Stop(n) if n > step.number => Go::On,
                            _ => self.end(),
                        };
                    }
                },
            }
        }
    }

    /// This run is over; another one follows, or none.
    fn end(&mut self) -> Go {
        self.over = true;
        Go::End
    }

    /// Commands that need no machine.
    fn command(&mut self, word: &str, rest: &str, here: usize) -> Option<Then> {
        let count = |rest: &str| rest.trim().parse::<usize>().ok().filter(|n| *n > 0);
        let stop = |n: usize| Some(Then::Stop(n));
        match word {
            "" | "s" | "n" | "step" | "next" | "forward" | "f" => stop(here.saturating_add(count(rest).unwrap_or(1))),
            "b" | "back" => stop(here.saturating_sub(count(rest).unwrap_or(1)).max(1)),
            "g" | "go" => match count(rest) {
                Some(n) if n <= self.steps.len() => stop(n),
                _ => say(&format!("steps go from 1 to {}", self.steps.len())),
            },
            "r" | "run" | "until" => self.to_line(rest, here).or_else(|| say(&format!("no thread begins line {rest} after this"))),
            "x" => {
                let me = self.steps.get(here.saturating_sub(1)).map(|s| s.thread);
                let next = self.steps.iter().skip(here).find(|s| Some(s.thread) != me).map(|s| s.number);
                stop(next.unwrap_or(self.steps.len() + 1))
            }
            "e" | "end" | "c" => stop(self.steps.len() + 1),
            "l" | "list" => {
                self.list(here);
                None
            }
            "q" | "quit" => Some(Then::Quit),
            "h" | "help" | "?" => {
                println!("{HELP}");
                None
            }
            _ => say(&format!("there is no command `{word}`; h for help")),
        }
    }

    fn to_line(&self, rest: &str, here: usize) -> Option<Then> {
        let (file, line) = match rest.trim().rsplit_once(':') {
            Some((file, line)) => (Some(file), line),
            None => (None, rest.trim()),
        };
        let line: u32 = line.parse().ok()?;
        let found = self.steps.iter().skip(here).find(|s| s.at.line == line && !s.goes_on && file.is_none_or(|f| s.at.file.ends_with(f)));
        found.map(|s| Then::Stop(s.number))
    }

    fn at_end(&mut self) {
        let here = self.steps.len() + 1;
        loop {
            let Some(line) = read() else {
                self.then = Then::Quit;
                return;
            };
            let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match word {
                "p" | "print" | "v" | "w" | "t" => println!("  the run is over; b for one step back"),
                _ => match self.command(word, rest, here) {
                    Some(Then::Stop(n)) if n >= here => println!("  the run is over; b for one step back"),
                    Some(then) => {
                        self.then = then;
                        return;
                    }
                    None => {}
                },
            }
        }
    }

    fn show(&mut self, step: &Step) {
        let text = self.files.line(&step.at.file, step.at.line).unwrap_or_default();
        let goes_on = if step.goes_on { " (goes on)" } else { "" };
        println!("{}/{}  {}{goes_on}  {}    {}", step.number, self.steps.len(), step.thread, step.at, text.trim());
    }

    fn calls(&mut self, vm: &Vm) {
        let stack: Vec<_> = vm.calls().map(|(code, at)| (code.filename.clone(), code.line_at(at as usize), code.qualname.clone())).collect();
        for (file, line, function) in stack {
            let text = self.files.line(&file, line).unwrap_or_default();
            println!("  {}:{line} in {function}    {}", file.rsplit('/').next().unwrap_or(&file), text.trim());
        }
    }

    /// The threads that have begun, each with the step it makes or has made last.
    fn threads(&mut self, vm: &Vm, here: usize) {
        let blocked = vm.iso().world.blocked_threads();
        let alive: Vec<_> = vm.iso().threads.iter().map(|t| t.tid).collect();
        for tid in alive {
            let place = match self.steps[..here.min(self.steps.len())].iter().rev().find(|s| s.thread == tid) {
                Some(last) => {
                    let text = self.files.line(&last.at.file, last.at.line).unwrap_or_default();
                    format!("{}    {}", last.at, text.trim())
                }
                None => "has not begun a line".to_owned(),
            };
            let waits = match blocked.iter().any(|b| b.tid == tid) {
                true => "  (waits)",
                false => "",
            };
            let mark = if tid == vm.tid() { '*' } else { ' ' };
            println!("{mark} {tid}  {place}{waits}");
        }
    }

    fn list(&mut self, here: usize) {
        let Some(step) = self.steps.get(here.saturating_sub(1)).cloned() else { return };
        let around = step.at.line.saturating_sub(4).max(1)..=step.at.line + 4;
        for line in around {
            let Some(text) = self.files.line(&step.at.file, line) else { continue };
            println!("{} {line:>5}  {text}", if line == step.at.line { '>' } else { ' ' });
        }
    }
}

fn say(text: &str) -> Option<Then> {
    println!("  {text}");
    None
}
