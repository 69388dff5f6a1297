//! Reading the script that the command line names, with CPython's words where it cannot be.

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

use gilbert_vm::world::OsError;
use std::path::Path;

/// The bytes of a script; the message where it cannot be read.
pub fn read(file: &str) -> Result<Vec<u8>, String> {
    let shown = match Path::new(file).is_absolute() {
        true => file.to_string(),
        false => std::env::current_dir().unwrap_or_default().join(file).to_string_lossy().into_owned(),
    };
    if Path::new(file).is_dir() {
        let main = format!("{}/__main__.py", file.trim_end_matches('/'));
        return match std::fs::read(&main) {
            Ok(b) => Ok(b),
            Err(_) => Err(format!("gilbert: can't find '__main__' module in '{shown}'")),
        };
    }
    std::fs::read(file).map_err(|e| {
        let e = OsError::from(e);
        format!("gilbert: can't open file '{shown}': [Errno {}] {}", e.errno, gilbert_vm::proto::errors::strerror(e.errno))
    })
}
