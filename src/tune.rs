//! `gilbert tune`: throughput, switches, latency, fairness and races over the tick interval and its kin.

use crate::script;
use crate::sweep;
use clap::ValueEnum;
use gilbert_lab::trace::{handoff_name, policy_name};
use gilbert_lab::tune::Setting;
use gilbert_vm::gil::{Handoff, Policy};

/// The options of `gilbert tune`.
#[derive(clap::Args)]
pub struct Args {
    /// Tick intervals to try
    #[arg(long, value_name = "N,N..", value_delimiter = ',', default_values_t = [1, 10, 100, 1000, 10_000], value_parser = clap::value_parser!(u32).range(1..))]
    ticks: Vec<u32>,
    /// Hand-overs to try: fair, fifo, contend
    #[arg(long, value_name = "H,H..", value_delimiter = ',')]
    handoff: Vec<HandoffName>,
    /// Policies to try: ticks, interval, and, simulated, off
    #[arg(long, value_name = "P,P..", value_delimiter = ',')]
    gil: Vec<GilName>,
    /// Intervals in seconds to try; implies the policy `interval`
    #[arg(long, value_name = "S,S..", value_delimiter = ',')]
    switch_interval: Vec<f64>,
    /// Run in the simulated world: the same numbers each time, and failures counted in many runs
    #[arg(long)]
    sim: bool,
    #[command(flatten)]
    sweep: sweep::SweepArgs,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum HandoffName {
    Fair,
    Fifo,
    Contend,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum GilName {
    Ticks,
    Interval,
    Off,
}

/// Measures; gives the exit code.
pub fn main(args: &Args) -> i32 {
    match settings(args) {
        Ok(settings) => sweep::main(&args.sweep, args.sim, &settings),
        Err(message) => script::usage(&message),
    }
}

fn settings(args: &Args) -> Result<Vec<Setting>, String> {
    let mut settings = Vec::new();
    let handoffs = handoffs(args);
    for policy in policies(args)? {
        for handoff in &handoffs {
            let name = match handoffs.len() {
                1 => policy_name(policy),
                _ => format!("{}, {}", policy_name(policy), handoff_name(*handoff)),
            };
            settings.push(Setting { name, policy, handoff: *handoff, restricted: matches!(policy, Policy::Interval(_)) });
            if matches!(policy, Policy::Off(_)) {
                break;
            }
        }
    }
    Ok(settings)
}

fn handoffs(args: &Args) -> Vec<Handoff> {
    if args.handoff.is_empty() {
        return vec![if args.sim { Handoff::Fair } else { Handoff::Contend }];
    }
    let of = |name: &HandoffName| match name {
        HandoffName::Fair => Handoff::Fair,
        HandoffName::Fifo => Handoff::Fifo,
        HandoffName::Contend => Handoff::Contend,
    };
    args.handoff.iter().map(of).collect()
}

fn policies(args: &Args) -> Result<Vec<Policy>, String> {
    let mut names = args.gil.clone();
    if names.is_empty() {
        names.push(GilName::Ticks);
    }
    if !args.switch_interval.is_empty() && !names.contains(&GilName::Interval) {
        names.push(GilName::Interval);
    }
    let mut policies = Vec::new();
    for name in names {
        match name {
            GilName::Ticks => policies.extend(args.ticks.iter().map(|n| Policy::Ticks(*n))),
            GilName::Interval if args.switch_interval.is_empty() => policies.push(Policy::Interval(5_000_000)),
            GilName::Interval => {
                for seconds in &args.switch_interval {
                    if !(*seconds > 0.0 && *seconds < 1e9) {
                        return Err(format!("{seconds} is no span of seconds"));
                    }
                    policies.push(Policy::Interval((seconds * 1e9) as u64));
                }
            }
            GilName::Off if !args.sim => return Err("running without a GIL needs the simulated world: add --sim".into()),
            GilName::Off => policies.push(Policy::Off(100)),
        }
    }
    Ok(policies)
}
