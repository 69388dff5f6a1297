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
    if name == "_io" {
        return io_in_python();
    }
    let entry = &TABLE[TABLE.binary_search_by(|e| e.name.cmp(name)).ok()?];
    let bytes = lz4_flex::block::decompress(&BLOB[entry.start..entry.start + entry.len], entry.size).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    Some(Builtin::Source(Source { text: text.into(), package: entry.package, file: format!("<lib>/{}", entry.file) }))
}

/// `_io`: the library's own Python version of it, which stands upon `posix`, made to load before `io` instead of after it. To be
/// replaced by a native one.
fn io_in_python() -> Option<Builtin> {
    let Some(Builtin::Source(s)) = find("_pyio") else { return None };
    let text = s
        .text
        .replace("\nimport io\n", "\nSEEK_SET, SEEK_CUR, SEEK_END = 0, 1, 2\n")
        .replace("from io import (__all__, SEEK_SET, SEEK_CUR, SEEK_END, Reader, Writer)", "")
        .replace("    open_code = io.open_code\n", "    raise AttributeError\n")
        .replace("    open_code = _open_code_with_warning", "    def open_code(path):\n        return open(path, 'rb')")
        .replace("    UnsupportedOperation = io.UnsupportedOperation\n", "    raise AttributeError\n")
        .replace("io.IOBase.register(IOBase)", "_IOBase = IOBase")
        .replace("io.RawIOBase.register(RawIOBase)", "_RawIOBase = RawIOBase")
        .replace("io.BufferedIOBase.register(BufferedIOBase)", "_BufferedIOBase = BufferedIOBase")
        .replace("io.TextIOBase.register(TextIOBase)", "_TextIOBase = TextIOBase");
    Some(Builtin::Source(Source { text: text.into(), ..s }))
}

/// The full names of all modules, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|e| e.name)
}
