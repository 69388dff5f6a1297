//! `gilbert dis FILE`: bytecode with ticks.

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

use crate::cli::USAGE;
use gilbert_vm::compile::{self, Mode, Options};
use std::io::Write;

/// The options of `gilbert dis`.
#[derive(clap::Args)]
pub struct Args {
    /// The script
    file: String,
}

/// Prints the listing; gives the exit code.
pub fn main(args: &Args) -> i32 {
    let bytes = match crate::source::read(&args.file) {
        Ok(b) => b,
        Err(message) => {
            eprintln!("{message}");
            return USAGE;
        }
    };
    let listing = gilbert_vm::deep::on_big_stack(|| {
        let text = gilbert_parser::decode_file(&bytes, &args.file).map_err(|e| (e, String::new()))?;
        match compile::compile_source(&text, &args.file, Mode::Exec, &Options::default()) {
            Ok(c) => Ok(compile::dis::dis(&c.code, &text)),
            Err(e) => Err((e, text)),
        }
    });
    match listing {
        Ok(text) => {
            // a reader that has gone away is no error of ours
            let _ = std::io::stdout().write_all(text.as_bytes());
            0
        }
        Err((e, text)) => {
            let line = gilbert_parser::LineIndex::new(&text).line(e.span.start);
            eprintln!("  File \"{}\", line {line}\n{}: {}", args.file, e.kind.class_name(), e.msg);
            1
        }
    }
}
