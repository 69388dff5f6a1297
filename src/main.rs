//! The command `gilbert`: one file for each subcommand.

mod cli;
mod code_store;
mod dis;
mod explore;
mod interrupt;
mod merge;
mod prompt;
mod race;
mod replay;
mod report;
mod run;
mod script;
mod source;
mod test;
mod trace;

fn main() {
    std::process::exit(cli::main(std::env::args_os().skip(1).collect()));
}
