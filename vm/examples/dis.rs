//! Disassembles a Python file, or tells which of many files do not compile.

use gilbert_vm::compile::{Mode, Options, compile_source, dis, verify};

fn main() {
    let mut sweep = false;
    for arg in std::env::args().skip(1) {
        if arg == "--check" {
            sweep = true;
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
            Err(e) => {
                let index = gilbert_parser::LineIndex::new(&src);
                println!("{arg}:{}: {e}", e.details(&index, &src).lineno);
            }
            Ok(done) => {
                if let Err(what) = verify::verify(&done.code) {
                    println!("{arg}: {what}");
                }
                if !sweep {
                    print!("{}", dis::dis(&done.code, &src));
                }
            }
        }
    }
}
