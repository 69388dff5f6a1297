//! The embedded library parses: every file of it.

#![allow(clippy::disallowed_methods)] // runs outside any isolate

use std::path::{Path, PathBuf};

use gilbert_parser::{LineIndex, decode_source, dump_with_positions, parse_module};

fn python_files(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            python_files(&path, out);
        } else if path.extension().is_some_and(|ext| ext == "py") {
            out.push(path);
        }
    }
}

#[test]
fn every_file_of_the_library_parses() {
    let mut files = Vec::new();
    python_files(Path::new(rustpython_pylib::LIB_PATH), &mut files);
    assert!(files.len() > 500, "{} files", files.len());
    for path in files {
        let bytes = std::fs::read(&path).expect("readable");
        let src = decode_source(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let index = LineIndex::new(&src);
        match parse_module(&src) {
            Ok(module) => assert!(dump_with_positions(&module, &index).starts_with("Module(")),
            Err(error) => panic!("{}: {error} {:?}", path.display(), error.details(&index, &src)),
        }
    }
}
