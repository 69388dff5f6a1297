//! CPython's library, packed by the build script, unpacked module by module when imported.

use gilbert_vm::isolate::{Builtin, Source};

struct Entry {
    name: &'static str,
    package: bool,
    file: &'static str,
    start: usize,
    len: usize,
    size: usize,
}

static TABLE: &[Entry] = include!(concat!(env!("OUT_DIR"), "/library.rs"));
static BLOB: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/library.lz4"));

/// The source of a module.
pub fn find(name: &str) -> Option<Builtin> {
    let entry = &TABLE[TABLE.binary_search_by(|e| e.name.cmp(name)).ok()?];
    let bytes = lz4_flex::block::decompress(&BLOB[entry.start..entry.start + entry.len], entry.size).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    Some(Builtin::Source(Source { text: text.into(), package: entry.package, file: format!("<lib>/{}", entry.file) }))
}

/// The full names of all modules, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|e| e.name)
}
