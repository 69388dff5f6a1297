//! The command `gilbert`: one file for each subcommand.

mod cli;
mod code_store;
mod dis;
mod prompt;
mod report;
mod run;
mod source;

fn main() {
    std::process::exit(cli::main(std::env::args_os().skip(1).collect()));
}
