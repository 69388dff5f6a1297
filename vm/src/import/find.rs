//! Where a module comes from: a native, a file along the path, a folder without `__init__.py`, the embedded library.

use super::load::LIBRARY;
use crate::error::PyResult;
use crate::isolate::{Builtin, ModuleInit, Source};
use crate::special::Name;
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;
use std::path::{Path, PathBuf};

/// A module that has been found and not loaded yet.
pub enum Found {
    /// Written in Rust.
    Native(ModuleInit),
    /// A source of the embedded library.
    Library(Source),
    /// A file: its path as shown, and for a package the folder.
    File {
        /// `/x/a.py`, `/x/a/__init__.py`
        file: String,
        /// The package's folder.
        package: Option<String>,
    },
    /// A package without `__init__.py`: its folders.
    Namespace(Vec<String>),
    /// What a finder of the script's (`sys.meta_path`) gave: a spec.
    Spec(Value),
}

/// Modules that CPython itself has built in: no file of the user's can stand before them.
const ALWAYS_FIRST: &[&str] = &[
    "_abc",
    "_ast",
    "_codecs",
    "_collections",
    "_functools",
    "_imp",
    "_io",
    "_locale",
    "_operator",
    "_signal",
    "_sre",
    "_stat",
    "_string",
    "_symtable",
    "_thread",
    "_tokenize",
    "_tracemalloc",
    "_typing",
    "_warnings",
    "_weakref",
    "atexit",
    "builtins",
    "errno",
    "faulthandler",
    "gc",
    "itertools",
    "marshal",
    "posix",
    "pwd",
    "sys",
    "time",
    "_frozen_importlib",
    "_frozen_importlib_external",
];

impl Vm {
    /// Finds a module by its full name; `search` is the parent's `__path__`.
    pub fn find_module(&mut self, name: &str, search: Option<&Value>) -> PyResult<Option<Found>> {
        if let Some(spec) = self.ask_finders(name, search)? {
            return Ok(Some(Found::Spec(spec)));
        }
        let library = self.iso().library.clone();
        if search.is_none()
            && ALWAYS_FIRST.contains(&name)
            && let Some(Builtin::Native(init)) = library.find(name)
        {
            return Ok(Some(Found::Native(init)));
        }
        let tail = name.rsplit('.').next().unwrap_or(name);
        let path = match search {
            Some(p) => p.clone(),
            None => {
                let (sys, key) = (self.iso().sys.clone(), self.name(Name::Path));
                self.dict_get_str(&sys, &key).unwrap_or(Value::NONE)
            }
        };
        let entries = if path.is_none() { Vec::new() } else { self.collect(&path)? };
        let mut portions = Vec::new();
        let mut saw_library = false;
        for entry in entries {
            let Some(entry) = entry.get::<Str>().map(|s| s.lossy().into_owned()) else { continue };
            if entry == LIBRARY || entry.starts_with("<lib>/") {
                saw_library = true;
                if let Some(found) = self.find_in_library(name) {
                    return Ok(Some(found));
                }
                continue;
            }
            match self.find_in_folder(&entry, tail) {
                Some(Found::Namespace(mut one)) => portions.append(&mut one),
                Some(found) => return Ok(Some(found)),
                None => {}
            }
        }
        if !portions.is_empty() {
            return Ok(Some(Found::Namespace(portions)));
        }
        // without a library nothing runs, so it cannot be taken off the path
        Ok(if saw_library || search.is_some() { None } else { self.find_in_library(name) })
    }
    fn find_in_library(&self, name: &str) -> Option<Found> {
        Some(match self.iso().library.find(name)? {
            Builtin::Native(init) => Found::Native(init),
            Builtin::Source(s) => Found::Library(s),
        })
    }
    fn find_in_folder(&self, entry: &str, tail: &str) -> Option<Found> {
        let process = &self.iso().process;
        let folder = process.absolute(Path::new(entry));
        let shown: PathBuf = if entry.is_empty() { folder.clone() } else { PathBuf::from(entry) };
        // a relative entry is made absolute, as `site` does it
        let shown = if shown.is_absolute() { shown } else { folder.clone() };
        let world = &self.iso().world;
        let is_file = |p: &Path| world.stat(p, true).is_ok_and(|s| s.is_file());
        let package = folder.join(tail);
        let is_dir = world.stat(&package, true).is_ok_and(|s| s.is_dir());
        let text = |p: PathBuf| p.to_string_lossy().into_owned();
        if is_dir && is_file(&package.join("__init__.py")) {
            let shown = shown.join(tail);
            return Some(Found::File { file: text(shown.join("__init__.py")), package: Some(text(shown)) });
        }
        let file = format!("{tail}.py");
        if is_file(&folder.join(&file)) {
            return Some(Found::File { file: text(shown.join(file)), package: None });
        }
        is_dir.then(|| Found::Namespace(vec![text(shown.join(tail))]))
    }
    /// Finders that the script has put into `sys.meta_path`.
    fn ask_finders(&mut self, name: &str, search: Option<&Value>) -> PyResult<Option<Value>> {
        let (sys, key) = (self.iso().sys.clone(), self.name(Name::MetaPath));
        let Some(finders) = self.dict_get_str(&sys, &key) else { return Ok(None) };
        let finders = self.collect(&finders)?;
        if finders.is_empty() {
            return Ok(None);
        }
        let name = self.new_str(name);
        let path = search.cloned().unwrap_or(Value::NONE);
        for finder in finders {
            if let Some(find) = self.attr_opt(&finder, "find_spec")? {
                let spec = self.call(&find, &[name.clone(), path.clone(), Value::NONE])?;
                if !spec.is_none() {
                    return Ok(Some(spec));
                }
            }
        }
        Ok(None)
    }
}
