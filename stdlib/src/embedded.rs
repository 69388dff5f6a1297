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
    match name {
        "_frozen_importlib" => importlib("importlib._bootstrap", include_str!("../python/bootstrap_tail.py")),
        "_frozen_importlib_external" => importlib("importlib._bootstrap_external", include_str!("../python/external_tail.py")),
        "asyncio._without_subprocess" => Some(ours("asyncio/_without_subprocess.py", include_str!("../python/without_subprocess.py"))),
        "_sysconfigdata__linux_" => Some(ours("_sysconfigdata__linux_.py", include_str!("../python/sysconfigdata.py"))),
        "pdb" => patched(name, &[("backend='monitoring'", "backend='settrace'")]),
        _ if name.starts_with("asyncio.") => patched(name, &[("\nimport subprocess\n", "\nfrom asyncio import _without_subprocess as subprocess\n")]),
        "traceback" => extended(name, include_str!("../python/traceback_tail.py")),
        "dis" => Some(ours("dis.py", include_str!("../python/dis.py"))),
        _ => packed(name),
    }
}

/// A module that stands in for CPython's.
fn ours(file: &str, text: &str) -> Builtin {
    Builtin::Source(Source { text: text.into(), package: false, file: format!("<lib>/{file}") })
}

/// A half of `importlib` with what ties it to the machine's own imports behind it.
fn importlib(name: &str, tail: &str) -> Option<Builtin> {
    let Some(Builtin::Source(s)) = packed(name) else { return None };
    let text = s.text.replace("\nimport _warnings\n", "\n") + tail;
    Some(Builtin::Source(Source { text: text.into(), ..s }))
}

/// A module of CPython's with ours behind it.
fn extended(name: &str, tail: &str) -> Option<Builtin> {
    let Some(Builtin::Source(s)) = packed(name) else { return None };
    let text = s.text.to_string() + tail;
    Some(Builtin::Source(Source { text: text.into(), ..s }))
}

/// A module of CPython's in which a few words stand for others.
fn patched(name: &str, changes: &[(&str, &str)]) -> Option<Builtin> {
    let Some(Builtin::Source(mut s)) = packed(name) else { return None };
    for (from, to) in changes {
        s.text = s.text.replace(from, to).into();
    }
    Some(Builtin::Source(s))
}

/// Why a module is missing that scripts may expect, and what to do instead.
pub fn why_missing(name: &str) -> Option<&'static str> {
    Some(match name {
        "subprocess" | "_posixsubprocess" => "Gilbert starts no other programs; multiprocessing makes processes of your own",
        "ctypes" | "_ctypes" => "Gilbert calls no C libraries; struct and array handle binary data",
        "ssl" | "_ssl" => "Gilbert has no TLS; plain sockets work",
        "sqlite3" | "_sqlite3" => "Gilbert has no SQLite; json, csv or pickle can store data",
        "tkinter" | "_tkinter" | "turtle" | "curses" | "_curses" => "Gilbert has no windows; print to the terminal instead",
        "symtable" | "_symtable" => "Gilbert does not show its symbol tables; the ast module shows what a source binds",
        _ => return None,
    })
}

fn packed(name: &str) -> Option<Builtin> {
    let entry = &TABLE[TABLE.binary_search_by(|e| e.name.cmp(name)).ok()?];
    let bytes = lz4_flex::block::decompress(&BLOB[entry.start..entry.start + entry.len], entry.size).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    Some(Builtin::Source(Source { text: text.into(), package: entry.package, file: format!("<lib>/{}", entry.file) }))
}

/// The full names of all modules, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|e| e.name)
}
