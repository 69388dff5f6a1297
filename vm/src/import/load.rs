//! Making a module of what was found: its attributes, its code, its body run.

use super::Found;
use super::spec::SpecParts;
use crate::compile::Mode;
use crate::error::{Exc, PyResult};
use crate::gil::Cause;
use crate::isolate::Source;
use crate::special::Name;
use crate::types::function::Code;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::OsResult;
use std::path::Path;

/// The entry of `sys.path` that stands for the embedded library.
pub const LIBRARY: &str = "<lib>";

impl Vm {
    /// Loads what was found under this name, and gives what `sys.modules` then holds.
    pub(super) fn load_module(&mut self, name: &Value, found: Found) -> PyResult {
        let text = self.text(name);
        let modules = self.iso().modules.clone();
        match found {
            Found::Native(init) => {
                let module = init(self)?;
                let spec = self.spec_of(&text, &Found::Native(init))?;
                self.set_module_spec(&module, &spec, None)?;
                if self.dict_get_str(&modules, name).is_none() {
                    self.dict_set_str(&modules, name, module.clone());
                }
                Ok(module)
            }
            Found::Library(ref source) => {
                let spec = self.spec_of(&text, &found)?;
                let code = self.library_code(&text, source)?;
                self.run_module_code(name, &spec, code, &source.file)
            }
            Found::File { file, package } => {
                let found = Found::File { file: file.clone(), package };
                let spec = self.spec_of(&text, &found)?;
                let bytes = self.read_file(&file)?;
                let source = match gilbert_parser::decode_file(&bytes, &file) {
                    Ok(s) => s,
                    Err(e) => return Err(self.syntax_error(&e, "", &file)),
                };
                self.run_module(name, &spec, &source, &file)
            }
            Found::Namespace(_) => {
                let spec = self.spec_of(&text, &found)?;
                let module = self.new_module(&text, "", &[]);
                self.set_module_spec(&module, &spec, None)?;
                self.dict_set_str(&modules, name, module.clone());
                Ok(module)
            }
            Found::Spec(spec) => {
                let bootstrap = self.import("_frozen_importlib")?;
                let load = self.attr(&bootstrap, "_load_unlocked")?;
                self.call(&load, &[spec])
            }
        }
    }
    /// The spec of a module that has been found.
    pub fn spec_of(&mut self, name: &str, found: &Found) -> PyResult {
        let parts = |loader| SpecParts { name, loader, ..SpecParts::default() };
        match found {
            Found::Native(_) => self.new_spec(SpecParts { origin: Some("built-in"), ..parts("builtin") }),
            Found::Library(source) => {
                let folder = source.package.then(|| vec![source.file.trim_end_matches("/__init__.py").to_string()]);
                self.new_spec(SpecParts { origin: Some(&source.file), folders: folder.as_deref(), file: true, ..parts("source") })
            }
            Found::File { file, package } => {
                let folders = package.clone().map(|p| vec![p]);
                self.new_spec(SpecParts { origin: Some(file), folders: folders.as_deref(), file: true, ..parts("source") })
            }
            Found::Namespace(folders) => self.new_spec(SpecParts { folders: Some(folders), ..parts("namespace") }),
            Found::Spec(spec) => Ok(spec.clone()),
        }
    }
    /// The code of a module of the embedded library, compiled once for all isolates.
    pub(crate) fn library_code(&mut self, name: &str, source: &Source) -> PyResult {
        let (library, options) = (self.iso().library.clone(), self.compile_options());
        if let Some(proto) = library.code(name, options.optimize) {
            return Ok(self.new_code(&proto));
        }
        let code = self.compile(&source.text(), &source.file, Mode::Exec, &options)?;
        if let Some(code) = code.get::<Code>() {
            library.keep_code(name, options.optimize, &code.proto);
        }
        Ok(code)
    }
    fn run_module(&mut self, name: &Value, spec: &Value, source: &str, file: &str) -> PyResult {
        let code = self.file_code(source, file)?;
        self.run_module_code(name, spec, code, file)
    }
    /// The code of a file of the user's: compiled, unless whoever runs many isolates has kept it.
    fn file_code(&mut self, source: &str, file: &str) -> PyResult {
        let (library, options) = (self.iso().library.clone(), self.compile_options());
        if let Some(proto) = library.file_code(file, source, options.optimize) {
            return Ok(self.new_code(&proto));
        }
        let compiled = crate::deep::on_big_stack(|| crate::compile::compile_source(source, file, Mode::Exec, &options));
        if let Ok(c) = &compiled
            && c.warnings.is_empty()
        {
            library.keep_file_code(file, source, options.optimize, &c.code);
        }
        self.compiled(compiled, source, file)
    }
    /// Makes the module, enters it, runs its body; takes it out again where that fails.
    fn run_module_code(&mut self, name: &Value, spec: &Value, code: Value, file: &str) -> PyResult {
        let modules = self.iso().modules.clone();
        let text = self.text(name);
        let module = self.new_module(&text, "", &[]);
        self.set_module_spec(&module, spec, Some(file))?;
        self.set_initializing(spec, true);
        self.dict_set_str(&modules, name, module.clone());
        let dict = self.module_dict(&module).expect("just made");
        let result = self.run_code(&code, &dict, None);
        self.set_initializing(spec, false);
        if let Err(e) = result {
            if !e.is_killed() {
                self.dict_remove_str(&modules, name);
            }
            return Err(e);
        }
        // a module may put something else in its place
        match self.dict_get_str(&modules, name) {
            Some(m) => Ok(m),
            None => {
                let n = self.repr_text(name)?;
                Err(self.err(Exc::KeyError, format!("{n} not in sys.modules as expected")))
            }
        }
    }
    fn set_initializing(&mut self, spec: &Value, on: bool) {
        let key = self.intern("_initializing");
        self.put_attr(spec, &key, Value::bool(on));
    }
    /// The import attributes of a module.
    fn set_module_spec(&mut self, module: &Value, spec: &Value, file: Option<&str>) -> PyResult<()> {
        let Some(dict) = self.module_dict(module) else { return Ok(()) };
        let parent = self.attr(spec, "parent")?;
        let loader = self.attr(spec, "loader")?;
        for (key, value) in [(Name::DunderPackage, parent), (Name::DunderLoader, loader), (Name::DunderSpec, spec.clone())] {
            let key = self.name(key);
            self.dict_set_str(&dict, &key, value);
        }
        let folders = self.attr(spec, "submodule_search_locations")?;
        if !folders.is_none() {
            let key = self.name(Name::DunderPath);
            self.dict_set_str(&dict, &key, folders);
        }
        if let Some(file) = file {
            let file = self.new_str(file);
            self.dict_set_text(&dict, "__file__", file);
            self.dict_set_text(&dict, "__cached__", Value::NONE);
            let builtins = self.import("builtins")?;
            self.dict_set_text(&dict, "__builtins__", builtins);
        }
        Ok(())
    }
    /// A file's bytes, read without the GIL. OSError with the file's name.
    pub fn read_file(&mut self, file: &str) -> PyResult<Vec<u8>> {
        let path = self.iso().process.absolute(Path::new(file));
        let bytes: OsResult<Vec<u8>> = self.without_gil(Cause::Io, |world, me| {
            let handle = world.open(me, &path, libc::O_RDONLY | libc::O_CLOEXEC, 0)?;
            let mut all = Vec::new();
            let mut block = vec![0; 65536];
            loop {
                match handle.read(me, &mut block)? {
                    0 => return Ok(all),
                    n => all.extend_from_slice(&block[..n]),
                }
            }
        })?;
        match bytes {
            Ok(b) => Ok(b),
            Err(e) => {
                let name = self.new_str(file);
                Err(self.os_error(e, Some(&name)))
            }
        }
    }
}
