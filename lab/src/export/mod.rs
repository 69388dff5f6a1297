//! One interleaving for CPython: a script that brings real threads through the same steps in the same order.
//!
//! CPython calls a trace function before each opcode (`frame.f_trace_opcodes`, since 3.7). In it each thread waits at its *gates* until it
//! is its turn: at every instruction that touched what another thread touches too, and at every operation that orders threads. What
//! lies between gates does not matter to the outcome. An instruction is found again by what it does (load, store, call ..), the name it
//! uses, its line, and how often the thread has come by; so the script fits CPython 3.8 and later, whose bytecodes differ.

mod record;

use crate::outcome::{Failure, RunResult};
use crate::runner::Runner;
use crate::schedule::Schedule;
use record::{Gate, Recorder};
use std::fmt::Write;

/// Gates that an exported script may have.
const MOST: usize = 50_000;

const TEMPLATE: &str = include_str!("template.py");

/// What was made.
pub struct Exported {
    /// The Python text.
    pub script: String,
    /// How many gates.
    pub steps: usize,
    /// How many threads pass them.
    pub threads: usize,
    /// What its reader should know.
    pub notes: Vec<String>,
}

/// The script that forces this schedule on CPython. `expect` is evaluated at its end.
///
/// # Errors
/// Why it cannot be forced there.
pub fn export(schedule: &Schedule, runner: &Runner, expect: Option<&str>) -> Result<Exported, String> {
    let recorder = Recorder::default();
    let listening = recorder.clone();
    let result = schedule.replay_with(runner, move |vm| listening.listen(vm)).map_err(|e| e.to_string())?;
    let recorded = recorder.take();
    refuse(&result, &recorded)?;
    let gates = recorded.gates(&result)?;
    if gates.len() > MOST {
        return Err(format!("it takes {} steps; at most {MOST} can be forced. Minimise the schedule, or make the script smaller", gates.len()));
    }
    let notes = notes(&recorded, &gates);
    let target = runner.shared().target();
    let source = gilbert_parser::decode_file(&target.source, &target.name).map_err(|e| e.msg.clone())?;
    let what = result.failure.as_ref().map_or_else(|| "the run does not fail".to_owned(), ToString::to_string);
    let values = [
        ("@WHAT@", what.replace('\\', "\\\\").replace("\"\"\"", "'''")),
        ("@NOTES@", notes.iter().map(|n| format!("\n- {n}")).collect()),
        ("@FILE@", literal(&target.name)),
        ("@ARGV@", format!("[{}]", target.argv.iter().map(|a| literal(a)).collect::<Vec<_>>().join(", "))),
        ("@PATH@", format!("[{}]", target.path.iter().map(|a| literal(a)).collect::<Vec<_>>().join(", "))),
        ("@EXPECT@", expect.map_or("None".into(), literal)),
        ("@DEADLOCK@", if matches!(result.failure, Some(Failure::Deadlock(_))) { "True".into() } else { "False".into() }),
        ("@CHILDREN@", children(&recorded)),
        ("@GATES@", gates_text(&gates)),
        ("@SOURCE@", literal(&source)),
    ];
    let mut script = String::new();
    for line in TEMPLATE.lines() {
        let mut line = line.to_owned();
        // the source last, since it may contain anything
        for (name, value) in &values {
            if line.contains(name) {
                line = line.replace(name, value);
                if *name == "@SOURCE@" {
                    break;
                }
            }
        }
        script.push_str(&line);
        script.push('\n');
    }
    let threads = gates.iter().map(|g| g.thread).collect::<std::collections::BTreeSet<_>>().len();
    Ok(Exported { script, steps: gates.len(), threads, notes })
}

/// What a trace function cannot force.
fn refuse(result: &RunResult, recorded: &record::Recorded) -> Result<(), String> {
    if let Some(module) = &recorded.processes {
        return Err(format!("the run starts processes (`{module}`), and a trace function reaches only the threads of one"));
    }
    if recorded.greenlets {
        return Err("the run switches greenlets, which CPython has only as an extension".into());
    }
    match &result.failure {
        Some(Failure::Livelock { .. }) => Err("the failure is that the run does not end, which no number of steps can show".into()),
        Some(Failure::Panic { .. }) => Err("the failure is a bug of gilbert's own".into()),
        _ => Ok(()),
    }
}

fn notes(recorded: &record::Recorded, gates: &[Gate]) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(place) = recorded.unreachable_alone(gates) {
        notes.push(format!(
            "CPython since 3.10 does not switch threads at {place} by itself (only at calls, backward jumps and function entry). It is the tracing \
             that makes the switch there possible; CPython before 3.10 and builds without a GIL need no tracing for it."
        ));
    }
    if recorded.timed_out {
        notes.push("Some wait ended by its time limit in the recorded run. Limits are real time here: if one ends otherwise, the steps do not fit.".into());
    }
    notes
}

fn children(recorded: &record::Recorded) -> String {
    let mut out = String::from("{");
    for (parent, children) in &recorded.children {
        let _ = write!(out, "{parent}: {children:?}, ");
    }
    out.push('}');
    out
}

fn gates_text(gates: &[Gate]) -> String {
    let mut out = String::from("[\n");
    for g in gates {
        let mode = g.mode.text();
        let _ = writeln!(
            out,
            "    ({}, {}, {}, {}, {}, {}, {mode:?}),",
            g.thread,
            literal(&g.key.function),
            g.key.line,
            literal(g.key.class),
            literal(&g.key.name),
            g.count
        );
    }
    out.push(']');
    out
}

/// A Python string literal.
fn literal(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c if (c as u32) < 32 || c as u32 == 127 => {
                let _ = write!(out, "\\x{:02x}", c as u32);
            }
            c if c.is_ascii() => out.push(c),
            c => {
                let _ = write!(out, "\\U{:08x}", c as u32);
            }
        }
    }
    out.push('"');
    out
}
