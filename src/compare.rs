//! `gilbert compare`: Python 2's GIL, Python 3's, and none, side by side on one virtual machine.

use crate::sweep;
use gilbert_lab::tune::Setting;
use gilbert_vm::gil::{Handoff, Policy};

/// The options of `gilbert compare`.
#[derive(clap::Args)]
pub struct Args {
    /// The tick interval of the first column's Python
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    ticks: u32,
    #[command(flatten)]
    sweep: sweep::SweepArgs,
}

/// Measures; gives the exit code.
pub fn main(args: &Args) -> i32 {
    let setting = |name: String, policy, restricted| Setting { name, policy, handoff: Handoff::Fair, restricted };
    let settings = [
        setting(format!("Python 2 ({} ticks)", args.ticks), Policy::Ticks(args.ticks), false),
        setting("Python 3 (interval 5 ms)".into(), Policy::Interval(5_000_000), true),
        setting("no GIL".into(), Policy::Off(args.ticks), false),
    ];
    sweep::main(&args.sweep, true, &settings)
}
