//! CPython's library, packed by the build script, unpacked module by module when imported.

use gilbert_vm::isolate::{Builtin, Source};
use std::sync::Arc;

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

/// Modules of our own that stand in for CPython's, or that CPython's build would have made: name, nominal file, text.
const OURS: &[(&str, &str, &str)] = &[
    ("_sysconfigdata__linux_", "_sysconfigdata__linux_.py", include_str!("../python/sysconfigdata.py")),
    ("asyncio._without_subprocess", "asyncio/_without_subprocess.py", include_str!("../python/without_subprocess.py")),
    ("_gil_explore", "_gil_explore.py", include_str!("../python/gil_explore.py")),
    ("dis", "dis.py", include_str!("../python/dis.py")),
];

/// The source of a module.
pub fn find(name: &str) -> Option<Builtin> {
    let (package, file) = match OURS.iter().find(|(n, ..)| *n == name) {
        Some((_, file, _)) => (false, *file),
        None => {
            let entry = entry(packed_name(name))?;
            (entry.package, entry.file)
        }
    };
    Some(Builtin::Source(Source { name: name.into(), load: text, package, file: format!("<lib>/{file}") }))
}

/// The text of a module that [`find`] knows.
fn text(name: &str) -> Arc<str> {
    if let Some((.., text)) = OURS.iter().find(|(n, ..)| *n == name) {
        return (*text).into();
    }
    let text = entry(packed_name(name)).and_then(unpack).unwrap_or_default();
    // a few modules have words exchanged, or a part of ours behind them
    match name {
        "_frozen_importlib" => text.replace("\nimport _warnings\n", "\n") + include_str!("../python/bootstrap_tail.py"),
        "_frozen_importlib_external" => text.replace("\nimport _warnings\n", "\n") + include_str!("../python/external_tail.py"),
        // where nobody waits, putting and getting are one native call each
        "queue" => {
            let put = text.replace(
                "        with self.not_full:\n            if self.is",
                "        if _quick_put(self, item) is True:\n            return\n        with self.not_full:\n            if self.is",
            );
            let get = "        with self.not_empty:\n            if self.is";
            let quick = "        if timeout is None and (item := _quick_get(self)) is not NotImplemented:\n            return item\n";
            put.replace(get, &format!("{quick}{get}")).replace("\nclass Queue:\n", "\nfrom _queue import _quick_get, _quick_put, _quicken\n\nclass Queue:\n")
                + "\n_quicken(Queue)\n"
        }
        "traceback" => text + include_str!("../python/traceback_tail.py"),
        "codeop" => text.replace(
            "except _IncompleteInputError as e:\n                return None\n            except SyntaxError as e:\n                pass\n",
            "except SyntaxError as e:\n                if e.msg == 'unexpected EOF while parsing':\n                    return None\n",
        ),
        "pdb" => text.replace("backend='monitoring'", "backend='settrace'"),
        "multiprocessing.connection" => {
            let lazy = text.replace("\nimport socket\n", "\nfrom . import _lazy as socket\n");
            lazy.replace("    import selectors\n", "    from . import _lazy as selectors\n") + include_str!("../python/connection_tail.py")
        }
        // what CPython 3.12 starts processes by
        "multiprocessing.context" => text.replace("DefaultContext(_concrete_contexts['forkserver'])", "DefaultContext(_concrete_contexts['fork'])"),
        "multiprocessing.pool" => text + include_str!("../python/pool_tail.py"),
        // a thread's native id is always the world's
        "multiprocessing.process" => text.replace("if threading._HAVE_THREAD_NATIVE_ID:\n                threading.main_thread()._set_native_id()\n", "pass\n"),
        "multiprocessing.shared_memory" => {
            text.replace("\nimport mmap\n", "\nimport _multiprocessing\n").replace("    import _posixshmem\n", "")
                + include_str!("../python/shared_memory_tail.py")
        }
        "multiprocessing.spawn" => text + include_str!("../python/spawn_tail.py"),
        "multiprocessing.synchronize" => text + include_str!("../python/synchronize_tail.py"),
        "multiprocessing.util" => text.replace("from subprocess import _args_from_interpreter_flags  # noqa: F401\n", ""),
        // `threading` upon greenlets, for gevent's patches
        "gevent._python_threading" => text
            .replace("\nimport _thread\n", "\nfrom gevent import thread as _thread\n")
            .replace("from _thread import _local as local", "from gevent.local import local"),
        // what CPython's own Future in C says
        "asyncio.futures" => text
            .replace("exceptions.InvalidStateError(f'{self._state}: {self!r}')", "exceptions.InvalidStateError('invalid state')")
            .replace("'Result is not ready.'", "'Result is not set.'"),
        _ if name.starts_with("asyncio.") => text.replace("\nimport subprocess\n", "\nfrom asyncio import _without_subprocess as subprocess\n"),
        _ => text,
    }
    .into()
}

/// Under which name the library has a module's text.
fn packed_name(name: &str) -> &str {
    match name {
        "_frozen_importlib" => "importlib._bootstrap",
        "_frozen_importlib_external" => "importlib._bootstrap_external",
        "gevent._python_threading" => "threading",
        _ => name,
    }
}
fn entry(name: &str) -> Option<&'static Entry> {
    Some(&TABLE[TABLE.binary_search_by(|e| e.name.cmp(name)).ok()?])
}
fn unpack(entry: &Entry) -> Option<String> {
    let bytes = lz4_flex::block::decompress(&BLOB[entry.start..entry.start + entry.len], entry.size).ok()?;
    String::from_utf8(bytes).ok()
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

/// The full names of all modules, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|e| e.name)
}
