//! Disassembles a Python file, or tells which of many files do not compile.

#![allow(clippy::disallowed_methods)] // runs outside any isolate

use gilbert_vm::code::{CodeProto, Const};
use gilbert_vm::compile::{Mode, Options, compile_source, dis, verify};

fn main() {
    let mut sweep = false;
    let mut raw = false;
    let mut errors = false;
    for arg in std::env::args().skip(1) {
        if arg == "--check" {
            sweep = true;
            continue;
        }
        if arg == "--errors" {
            (sweep, errors) = (true, true);
            continue;
        }
        if arg == "--raw" {
            (sweep, raw) = (true, true);
            continue;
        }
        let Ok(bytes) = std::fs::read(&arg) else {
            println!("{arg}: not readable");
            continue;
        };
        let src = match gilbert_parser::decode_source(&bytes) {
            Ok(src) => src,
            Err(e) => {
                println!("{arg}: {e}");
                continue;
            }
        };
        match compile_source(&src, &arg, Mode::Exec, &Options::default()) {
            Err(e) if errors => {
                let index = gilbert_parser::LineIndex::new(&src);
                let d = e.details(&index, &src);
                println!("[{:?}, {}, {}, {}, {}]", e.msg, d.lineno, d.offset, d.end_lineno, d.end_offset);
            }
            Ok(_) if errors => println!("null"),
            Err(e) => {
                let index = gilbert_parser::LineIndex::new(&src);
                println!("{arg}:{}: {e}", e.details(&index, &src).lineno);
            }
            Ok(done) => {
                if let Err(what) = verify::verify(&done.code) {
                    println!("{arg}: {what}");
                }
                if raw {
                    print_raw(&done.code);
                }
                if !sweep {
                    print!("{}", dis::dis(&done.code, &src));
                }
            }
        }
    }
}

/// Every instruction with its place on a line of its own, for comparison with other compilers.
fn print_raw(code: &CodeProto) {
    println!("CODE {} {}", code.qualname, code.first_line);
    for (i, p) in code.instrs.iter().zip(&code.positions) {
        let name = i.op.name();
        println!("{name} {} {} {} {} {} {}", i.b, i.c, p.line, p.end_line, p.col, p.end_col);
    }
    for value in &code.consts {
        if let Const::Code(inner) = value {
            print_raw(inner);
        }
    }
}
