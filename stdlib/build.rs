//! Packs CPython's own library (the sources that the crate `rustpython-pylib` carries) and the modules of our own in `python/lib`, which
//! win over CPython's, into one file, each module compressed by itself, and writes the table that says where each lies.

#![allow(clippy::disallowed_methods)] // runs outside any isolate

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Packages and modules that are left out: tests, programs with windows, and what cannot work upon this machine.
const LEFT_OUT: &[&str] = &[
    "__phello__",
    "_android_support",
    "_apple_support",
    "_ios_support",
    "_osx_support",
    "antigravity",
    "ctypes",
    "curses",
    "ensurepip",
    "idlelib",
    "lib2to3",
    "msilib",
    "pydoc_data",
    "sqlite3",
    "subprocess",
    "test",
    "tests",
    "tkinter",
    "turtle",
    "turtledemo",
    "venv",
];

struct Module {
    name: String,
    package: bool,
    file: String,
    text: Vec<u8>,
}

fn main() -> io::Result<()> {
    let root = Path::new(rustpython_pylib::LIB_PATH);
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={}", root.display());
    println!("cargo:rerun-if-changed=python/lib");
    let (mut modules, mut ours) = (Vec::new(), Vec::new());
    collect(root, LEFT_OUT, "", "", &mut modules)?;
    collect(Path::new("python/lib"), &[], "", "", &mut ours)?;
    modules.retain(|m: &Module| !ours.iter().any(|o: &Module| o.name == m.name));
    modules.append(&mut ours);
    modules.sort_by(|a, b| a.name.cmp(&b.name));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let (mut blob, mut table) = (Vec::new(), String::from("&[\n"));
    for m in &modules {
        let packed = lz4_flex::block::compress(&m.text);
        let (start, len, size) = (blob.len(), packed.len(), m.text.len());
        writeln!(table, "    Entry {{ name: {:?}, package: {}, file: {:?}, start: {start}, len: {len}, size: {size} }},", m.name, m.package, m.file)
            .expect("writing to a String");
        blob.extend(packed);
    }
    table.push(']');
    fs::write(out.join("library.lz4"), blob)?;
    fs::write(out.join("library.rs"), table)
}

/// Adds the modules in `dir`, whose full names begin with `prefix` and whose nominal files with `path`.
fn collect(dir: &Path, left_out: &[&str], prefix: &str, path: &str, out: &mut Vec<Module>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let file = entry.file_name().to_string_lossy().into_owned();
        let stem = file.strip_suffix(".py").unwrap_or(&file);
        // of asyncio's module of the name the constants are used
        if left_out.contains(&stem) && prefix != "asyncio." {
            continue;
        }
        if entry.file_type()?.is_dir() {
            if file != "__pycache__" {
                collect(&entry.path(), left_out, &format!("{prefix}{file}."), &format!("{path}{file}/"), out)?;
            }
            continue;
        }
        if stem == file {
            continue;
        }
        let package = stem == "__init__";
        let name = if package { prefix.trim_end_matches('.').to_string() } else { format!("{prefix}{stem}") };
        out.push(Module { name, package, file: format!("{path}{file}"), text: fs::read(entry.path())? });
    }
    Ok(())
}
