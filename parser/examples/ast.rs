//! Prints the syntax tree of a file, as Python's `ast.dump` would; `-a` with positions, `-e` only errors, `-t` times the parse;
//! `-z` reads snippets, separated by NUL, and prints what is wrong with each (`-x`: expressions).

#![allow(clippy::disallowed_methods)] // runs outside any isolate

use std::io::{Read, Write};

use gilbert_parser::{LineIndex, decode_source, dump, dump_with_positions, parse_expression, parse_module};

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let mut flag = |name: &str| {
        let before = args.len();
        args.retain(|arg| arg != name);
        before != args.len()
    };
    let (positions, only_errors, time) = (flag("-a"), flag("-e"), flag("-t"));
    let eval = flag("-x");
    if flag("-z") {
        return snippets(eval);
    }
    let mut bytes = 0;
    let mut spent = std::time::Duration::ZERO;
    for path in &args {
        let data = read(path);
        let begun = std::time::Instant::now();
        let result = decode_source(&data).map(|src| (parse_module(&src), src));
        spent += begun.elapsed();
        bytes += data.len();
        let text = match result {
            _ if time => continue,
            Ok((Ok(_), _)) if only_errors => continue,
            Ok((Ok(module), src)) if positions => dump_with_positions(&module, &LineIndex::new(&src)),
            Ok((Ok(module), _)) => dump(&module),
            Ok((Err(error), src)) => {
                let d = error.details(&LineIndex::new(&src), &src);
                let place = format!("({}, {}, {}, {})", d.lineno, d.offset, d.end_lineno, d.end_offset);
                format!("{} | {} {} {place}", path, error.kind.class_name(), error.msg)
            }
            Err(error) => format!("{path} | {error}"),
        };
        if writeln!(std::io::stdout(), "{text}").is_err() {
            return;
        }
    }
    if time {
        let rate = bytes as f64 / spent.as_secs_f64() / 1e6;
        println!("{} files, {bytes} bytes, {spent:?}, {rate:.1} MB/s", args.len());
    }
}

fn snippets(eval: bool) {
    let data = read("-");
    for snippet in data.split(|&b| b == 0) {
        let src = String::from_utf8_lossy(snippet);
        let result = match eval {
            true => parse_expression(&src).map(drop),
            false => parse_module(&src).map(drop),
        };
        let line = match result {
            Ok(_) => "OK".to_owned(),
            Err(error) => {
                let d = error.details(&LineIndex::new(&src), &src);
                let place = format!("({}, {}, {}, {})", d.lineno, d.offset, d.end_lineno, d.end_offset);
                format!("{} {} {place}", error.kind.class_name(), error.msg.replace('\n', "\\n"))
            }
        };
        println!("{line}");
    }
}

fn read(path: &str) -> Vec<u8> {
    if path == "-" {
        let mut data = Vec::new();
        let _ = std::io::stdin().read_to_end(&mut data);
        return data;
    }
    std::fs::read(path).unwrap_or_default()
}
