//! The modules that come with Gilbert: natives, one folder each, and CPython's own sources for the rest.
//!
//! A native module is a function `init(vm) -> PyResult` that makes the module object (`Vm::new_module`), listed below.

mod abc_;
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
mod fcntl_;
mod functools;
mod gc_;
mod gevent_;
pub mod gil;
mod greenlet_;
mod hashes;
mod heapq;
mod imp_;
mod io;
mod isolate_;
mod itertools;
mod json;
mod marshal_;
mod math;
mod multiprocessing_;
mod opcode_;
mod operator;
mod payload;
mod pickle;
mod posix;
#[path = "_queue/mod.rs"]
mod queue;
mod random_;
mod select_;
mod signals;
mod socket_;
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
mod types_;
mod typing_;
mod unicodedata;
mod weakref_;
mod zlib;

use gilbert_vm::code::CodeProto;
use gilbert_vm::code_bytes;
use gilbert_vm::isolate::{Builtin, Library, ModuleInit};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;

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
    abc_ => "_abc",
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
    fcntl_ => "fcntl",
    functools => "_functools",
    gc_ => "gc",
    gevent_ => "_gevent",
    gil => "gil",
    greenlet_ => "greenlet",
    heapq => "_heapq",
    imp_ => "_imp",
    io => "_io",
    itertools => "itertools",
    marshal_ => "marshal",
    isolate_ => "_isolate",
    json => "_json",
    math => "math",
    multiprocessing_ => "_multiprocessing",
    opcode_ => "_opcode",
    types_ => "_types",
    operator => "_operator",
    pickle => "_pickle",
    queue => "_queue",
    posix => "posix",
    random_ => "_random",
    select_ => "select",
    signals => "_signal",
    socket_ => "_socket",
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

/// Where compiled code is kept between processes. Keys are plain file names; whoever implements it keeps the builds apart.
pub trait CodeStore: Send + Sync {
    /// What was kept under this key.
    fn read(&self, key: &str) -> Option<Vec<u8>>;
    /// Keeps the bytes; a failure is not told, as nothing but time is lost.
    fn write(&self, key: &str, bytes: &[u8]);
}

/// What `import` finds that is no file of the user's.
#[derive(Default)]
pub struct StdLibrary {
    /// Code that some isolate has compiled, by module and level of optimisation.
    compiled: Mutex<HashMap<(String, u8), Arc<CodeProto>>>,
    store: Option<Box<dyn CodeStore>>,
}

impl StdLibrary {
    /// A library that keeps compiled code for later processes.
    pub fn with_store(store: impl CodeStore + 'static) -> StdLibrary {
        StdLibrary { store: Some(Box::new(store)), ..StdLibrary::default() }
    }
}

fn store_key(name: &str, optimize: u8) -> String {
    format!("{name}.{optimize}")
}

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
    fn code(&self, name: &str, optimize: u8) -> Option<Arc<CodeProto>> {
        if let Some(code) = self.compiled.lock().get(&(name.to_string(), optimize)) {
            return Some(code.clone());
        }
        let bytes = self.store.as_ref()?.read(&store_key(name, optimize))?;
        let code = Arc::new(code_bytes::decode(&bytes)?);
        self.compiled.lock().insert((name.to_string(), optimize), code.clone());
        Some(code)
    }
    fn keep_code(&self, name: &str, optimize: u8, code: &Arc<CodeProto>) {
        self.compiled.lock().insert((name.to_string(), optimize), code.clone());
        if let Some(store) = &self.store {
            store.write(&store_key(name, optimize), &code_bytes::encode(code));
        }
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
        let Some(Builtin::Source(s)) = StdLibrary::default().find("textwrap") else { panic!("textwrap is not there") };
        assert!(s.text().contains("class TextWrapper") && !s.package && s.file == "<lib>/textwrap.py");
        let Some(Builtin::Source(s)) = StdLibrary::default().find("collections") else { panic!("collections is not there") };
        assert!(s.package && s.file == "<lib>/collections/__init__.py");
        assert!(StdLibrary::default().find("importlib.abc").is_some() && StdLibrary::default().find("tkinter").is_none());
        for name in embedded::names() {
            assert!(StdLibrary::default().find(name).is_some(), "{name}");
        }
    }
}
