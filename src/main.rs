//! The command `gilbert`: one file for each subcommand.

mod cli;
mod code_store;
mod compare;
mod detect;
mod determinism;
mod dis;
mod explore;
mod explore_call;
mod interrupt;
mod limits;
mod measure;
mod merge;
mod prompt;
mod race;
mod replay;
mod report;
mod run;
mod script;
mod source;
mod sweep;
mod test;
mod trace;
mod tune;

fn main() {
    std::process::exit(cli::main(std::env::args_os().skip(1).collect()));
}
