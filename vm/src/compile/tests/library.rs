//! The whole of Python's library in Python compiles.

#![allow(clippy::disallowed_methods)] // runs outside any isolate

use crate::compile::{Mode, Options, compile_source, dis, verify};
use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "py") {
            found.push(path);
        }
    }
}

#[test]
fn the_library_compiles() {
    let mut paths = Vec::new();
    sources(Path::new(rustpython_pylib::LIB_PATH), &mut paths);
    assert!(paths.len() > 500);
    for path in paths {
        let bytes = std::fs::read(&path).expect("a source");
        let src = gilbert_parser::decode_source(&bytes).expect("text");
        for optimize in [0, 2] {
            let options = Options { optimize, ..Options::default() };
            let done = compile_source(&src, "lib.py", Mode::Exec, &options);
            let done = done.unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            assert_eq!(verify::verify(&done.code), Ok(()), "{}", path.display());
            if optimize == 0 {
                assert!(!dis::dis(&done.code, &src).is_empty());
            }
        }
    }
}
