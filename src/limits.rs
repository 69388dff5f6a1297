//! What a run may use at most: one group of options for every command.

use gilbert_vm::limits::{Allowed, Limits as Shared};
use gilbert_vm::world::World;

/// Limits; over them a Python exception, or a clean stop that says which.
#[derive(clap::Args, Clone, Copy, Debug, Default, PartialEq)]
#[command(next_help_heading = "Limits")]
pub struct Limits {
    /// MemoryError beyond so many bytes
    #[arg(long, value_name = "BYTES", default_value_t = 0)]
    pub max_memory: usize,
    /// End a run after so many instructions of all its threads (race and its kin: a livelock; 0: never)
    #[arg(long, value_name = "N")]
    pub max_ticks: Option<u64>,
    /// RuntimeError where more than so many threads would run at once, main threads included
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub max_threads: usize,
    /// End a run when it has written so many bytes to standard output and standard error
    #[arg(long, value_name = "BYTES", default_value_t = 0)]
    pub max_output: u64,
    /// PermissionError for every path that the script opens, makes, removes or looks at; imports go on
    #[arg(long)]
    pub no_files: bool,
    /// PermissionError for every socket and every name of a host
    #[arg(long)]
    pub no_network: bool,
}

/// Options of this group that take a value.
pub const WITH_VALUE: [&str; 4] = ["--max-memory", "--max-ticks", "--max-threads", "--max-output"];
/// Exit code of a run that a limit has ended.
pub const ENDED: i32 = 4;

impl Limits {
    /// Threads, output, files and network.
    pub fn allowed(&self) -> Allowed {
        Allowed { threads: self.max_threads, output: self.max_output, no_files: self.no_files, no_network: self.no_network }
    }
    /// Sets them in a world; before the run.
    pub fn set(&self, world: &dyn World) {
        Shared::of(world).allow(self.allowed());
    }
    /// The options that are set, as they would be typed.
    pub fn typed(&self) -> Vec<String> {
        let mut out = Vec::new();
        let mut add = |name: &str, value: u64| out.extend([name.to_owned(), value.to_string()]);
        for (name, value) in [("--max-memory", self.max_memory as u64), ("--max-threads", self.max_threads as u64), ("--max-output", self.max_output)] {
            if value != 0 {
                add(name, value);
            }
        }
        if let Some(ticks) = self.max_ticks {
            add("--max-ticks", ticks);
        }
        out.extend([("--no-files", self.no_files), ("--no-network", self.no_network)].into_iter().filter(|(_, on)| *on).map(|(name, _)| name.to_owned()));
        out
    }
}
