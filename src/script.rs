//! What the lab's subcommands have in common: which script, on which machine.

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

use crate::limits::Limits;
use clap::ValueEnum;
use gilbert_lab::strategy::Kind;
use gilbert_lab::target::{DEFAULT_MAX_TICKS, Machine, Target};
use gilbert_vm::gil::{Handoff, Policy};
use std::path::Path;

/// The machine of simulated runs.
#[derive(clap::Args, Clone)]
pub struct MachineArgs {
    /// tick-fair: release the GIL every N instructions
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub ticks: u32,
    /// tick-fair: what makes threads switch
    #[arg(long, value_name = "POLICY", default_value = "ticks")]
    gil: GilName,
    /// tick-fair: who gets a released GIL
    #[arg(long, value_name = "H", default_value = "fair")]
    handoff: HandoffName,
    /// Nanoseconds that one instruction takes
    #[arg(long, value_name = "N", default_value_t = 50)]
    tick_ns: u64,
    /// Nanoseconds that a switch of threads takes
    #[arg(long, value_name = "N", default_value_t = 5000)]
    switch_ns: u64,
    #[command(flatten)]
    limits: Limits,
}

#[derive(Clone, Copy, ValueEnum)]
enum GilName {
    Ticks,
    Interval,
    Off,
}

#[derive(Clone, Copy, ValueEnum)]
enum HandoffName {
    Fair,
    Fifo,
    Contend,
}

impl MachineArgs {
    /// The machine, started in the current folder.
    pub fn machine(&self) -> Machine {
        let policy = match self.gil {
            GilName::Ticks => Policy::Ticks(self.ticks),
            GilName::Interval => Policy::Interval(5_000_000),
            GilName::Off => Policy::Off(self.ticks),
        };
        Machine {
            policy,
            handoff: match self.handoff {
                HandoffName::Fair => Handoff::Fair,
                HandoffName::Fifo => Handoff::Fifo,
                HandoffName::Contend => Handoff::Contend,
            },
            restricted_switches: matches!(policy, Policy::Interval(_)),
            tick_ns: self.tick_ns,
            switch_ns: self.switch_ns,
            max_ticks: self.limits.max_ticks.unwrap_or(DEFAULT_MAX_TICKS),
            max_memory: self.limits.max_memory,
            allowed: self.limits.allowed(),
            start_dir: std::env::current_dir().unwrap_or_else(|_| "/".into()),
            ..Machine::default()
        }
    }

    /// Whether `gilbert run --sim` can be told all of it.
    pub fn as_run_has_it(&self) -> bool {
        self.limits.max_ticks.is_none_or(|n| n == DEFAULT_MAX_TICKS)
    }

    /// The options that differ from what `race` would do without them, as they would be typed.
    pub fn typed(&self) -> String {
        let mut out = String::new();
        let mut add = |name: &str, value: String, default: &str| {
            if value != default {
                out.push_str(&format!(" --{name} {value}"));
            }
        };
        add("ticks", self.ticks.to_string(), "100");
        add("gil", name_of(self.gil), "ticks");
        add("handoff", name_of(self.handoff), "fair");
        add("tick-ns", self.tick_ns.to_string(), "50");
        add("switch-ns", self.switch_ns.to_string(), "5000");
        for word in self.limits.typed() {
            out.push(' ');
            out.push_str(&word);
        }
        out
    }
}

fn name_of(value: impl ValueEnum) -> String {
    value.to_possible_value().map(|v| v.get_name().to_owned()).unwrap_or_default()
}

/// The strategy of these options.
///
/// # Errors
/// A name that is none; `--depth` where there is no depth.
pub fn strategy(name: &str, depth: Option<u32>) -> Result<Kind, String> {
    match (name.parse()?, depth) {
        (Kind::Pct { depth: usual }, depth) => Ok(Kind::Pct { depth: depth.unwrap_or(usual) }),
        (_, Some(_)) => Err(format!("--depth is for pct, not for {name}")),
        (kind, None) => Ok(kind),
    }
}

/// A script with its arguments, as `gilbert run` would find it.
///
/// # Errors
/// The file cannot be read.
pub fn target(file: &str, rest: &[String]) -> Result<Target, String> {
    let path = Path::new(file);
    let source = crate::source::read(file)?;
    let inner = if path.is_dir() { path.join("__main__.py") } else { path.to_path_buf() };
    let name = std::path::absolute(inner).map_or_else(|_| file.to_owned(), |p| p.to_string_lossy().into_owned());
    let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let dir = if real.is_dir() { Some(real.as_path()) } else { real.parent() };
    let mut search: Vec<String> = dir.map(|d| d.to_string_lossy().into_owned()).into_iter().collect();
    search.extend(std::env::var("PYTHONPATH").unwrap_or_default().split(':').filter(|p| !p.is_empty()).map(String::from));
    Ok(Target { source, name, file: true, argv: std::iter::once(file.to_owned()).chain(rest.iter().cloned()).collect(), path: search })
}

/// A usage error on standard error; its exit code.
pub fn usage(message: &str) -> i32 {
    let message = message.strip_prefix("gilbert: ").unwrap_or(message);
    eprintln!("gilbert: {message}");
    crate::cli::USAGE
}
