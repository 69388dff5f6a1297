//! The modules that come with Gilbert: natives, one folder each, and CPython's own sources for the rest.
//!
//! A native module is a function `init(vm) -> PyResult` that makes the module object (`Vm::new_module`), listed below.

mod array;
mod ast_;
mod atexit_;
mod binascii;
mod bisect;
mod cmath;
mod codecs;
mod collections;
mod contextvars_;
mod csv;
mod embedded;
mod errno_;
mod exceptions;
mod functools;
mod gc_;
mod gil;
mod hashes;
mod heapq;
mod imp_;
mod io;
mod itertools;
mod json;
mod marshal_;
mod math;
mod opcode_;
mod operator;
mod payload;
mod pickle;
mod posix;
#[path = "_queue/mod.rs"]
mod queue;
mod random_;
mod signals;
mod sre;
mod string_;
mod struct_;
pub mod struct_seq;
mod sys;
mod template_;
mod threading;
mod time;
mod tokenize_;
mod traceback_;
mod tracemalloc_;
mod typing_;
mod unicodedata;
mod weakref_;
mod zlib;

use gilbert_vm::isolate::{Builtin, Library, ModuleInit};

/// Lists the native modules: the Rust module (its folder) and the Python name.
macro_rules! modules {
    ($($folder:ident => $name:literal,)*) => {
        static NATIVES: &[(&str, ModuleInit)] = &[
            ("_thread", threading::low::init),
            ("posix", posix::init),
            ("_md5", hashes::init_md5),
            ("_sha1", hashes::init_sha1),
            ("_sha2", hashes::init_sha2),
            ("_sha3", hashes::init_sha3),
            ("_blake2", hashes::init_blake2),
            ("_hashlib", hashes::init_hashlib),
            $(($name, $folder::init),)*
        ];
    };
}

modules! {
    ast_ => "_ast",
    array => "array",
    atexit_ => "atexit",
    binascii => "binascii",
    bisect => "_bisect",
    codecs => "_codecs",
    string_ => "_string",
    cmath => "cmath",
    collections => "_collections",
    contextvars_ => "_contextvars",
    csv => "_csv",
    errno_ => "errno",
    functools => "_functools",
    gc_ => "gc",
    gil => "gil",
    heapq => "_heapq",
    imp_ => "_imp",
    io => "_io",
    itertools => "itertools",
    marshal_ => "marshal",
    json => "_json",
    math => "math",
    opcode_ => "_opcode",
    operator => "_operator",
    pickle => "_pickle",
    queue => "_queue",
    posix => "posix",
    random_ => "_random",
    signals => "_signal",
    struct_ => "_struct",
    sys => "sys",
    sre => "_sre",
    threading => "threading",
    time => "time",
    template_ => "_template",
    tokenize_ => "_tokenize",
    traceback_ => "_traceback",
    tracemalloc_ => "_tracemalloc",
    typing_ => "_typing",
    unicodedata => "unicodedata",
    weakref_ => "_weakref",
    zlib => "zlib",
}

/// What `import` finds that is no file of the user's.
pub struct StdLibrary;

impl Library for StdLibrary {
    fn find(&self, name: &str) -> Option<Builtin> {
        match NATIVES.iter().find(|(n, _)| *n == name) {
            Some((_, init)) => Some(Builtin::Native(*init)),
            None => embedded::find(name),
        }
    }
    fn names(&self) -> Vec<&'static str> {
        NATIVES.iter().map(|(n, _)| *n).collect()
    }
    fn why_missing(&self, name: &str) -> Option<&'static str> {
        embedded::why_missing(name)
    }
    fn source_names(&self) -> Vec<&'static str> {
        embedded::names().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_modules_are_found_whole() {
        let Some(Builtin::Source(s)) = StdLibrary.find("textwrap") else { panic!("textwrap is not there") };
        assert!(s.text.contains("class TextWrapper") && !s.package && s.file == "<lib>/textwrap.py");
        let Some(Builtin::Source(s)) = StdLibrary.find("collections") else { panic!("collections is not there") };
        assert!(s.package && s.file == "<lib>/collections/__init__.py");
        assert!(StdLibrary.find("importlib.abc").is_some() && StdLibrary.find("tkinter").is_none());
        for name in embedded::names() {
            assert!(StdLibrary.find(name).is_some(), "{name}");
        }
    }
}
