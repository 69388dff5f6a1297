//! Imports: `sys.modules`, natives and the embedded library, files along `sys.path`, packages, and a lock for each module that
//! is being imported (`Lib/importlib/_bootstrap.py` says what must be so).

mod find;
mod load;
mod locks;
mod resolve;
pub mod spec;

pub use find::Found;
pub use load::LIBRARY;
pub use locks::ImportLocks;

use crate::error::{Exc, PyResult, Raised};
use crate::special::Name;
use crate::types::module::Module;
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// Imports a module by its absolute name and gives that module (of `a.b` the module `b`).
    pub fn import(&mut self, name: &str) -> PyResult {
        let name = self.intern(name);
        self.import_absolute(&name)
    }
    /// As [`Vm::import`], by an interned name.
    pub(crate) fn import_absolute(&mut self, name: &Value) -> PyResult {
        let modules = self.iso().modules.clone();
        if let Some(m) = self.dict_get_str(&modules, name) {
            if self.iso().import_locks.idle() {
                return self.checked_module(m, name);
            }
            self.wait_for_import(name)?;
            if let Some(m) = self.dict_get_str(&modules, name) {
                return self.checked_module(m, name);
            }
        }
        self.lock_import(name)?;
        let result = match self.dict_get_str(&modules, name) {
            Some(m) => self.checked_module(m, name),
            None => self.find_and_load(name),
        };
        self.unlock_import(name);
        result
    }
    /// `sys.modules[x] = None` forbids an import.
    fn checked_module(&mut self, module: Value, name: &Value) -> PyResult {
        if !module.is_none() {
            return Ok(module);
        }
        let text = format!("import of {} halted; None in sys.modules", self.text(name));
        Err(self.module_not_found(text, name))
    }
    /// ModuleNotFoundError with `name` set.
    pub(crate) fn module_not_found(&mut self, text: String, name: &Value) -> Raised {
        self.import_error(Exc::ModuleNotFoundError, text, name.clone(), Value::NULL, Value::NULL)
    }
    /// Finds a module, its parents first, loads it, and binds it in its parent.
    fn find_and_load(&mut self, name: &Value) -> PyResult {
        let text = self.text(name);
        let modules = self.iso().modules.clone();
        let mut parent = None;
        let mut search = None;
        if let Some((before, _)) = text.rsplit_once('.') {
            let before = self.intern(before);
            self.import_absolute(&before)?;
            if let Some(m) = self.dict_get_str(&modules, name) {
                return Ok(m);
            }
            let p = self.dict_get_str(&modules, &before).unwrap_or(Value::NONE);
            let key = self.name(Name::DunderPath);
            match self.get_attr_opt(&p, &key)? {
                Some(path) => search = Some(path),
                None => {
                    let (n, b) = (self.repr_text(name)?, self.repr_text(&before)?);
                    return Err(self.module_not_found(format!("No module named {n}; {b} is not a package"), name));
                }
            }
            parent = Some(p);
        }
        let Some(found) = self.find_module(&text, search.as_ref())? else {
            let n = self.repr_text(name)?;
            let why = self.iso().library.why_missing(&text).map_or(String::new(), |w| format!(": {w}"));
            return Err(self.module_not_found(format!("No module named {n}{why}"), name));
        };
        let module = self.load_module(name, found)?;
        if let (Some(parent), Some((_, child))) = (parent, text.rsplit_once('.')) {
            let child = self.intern(child);
            self.set_attr(&parent, &child, module.clone())?;
        }
        Ok(module)
    }
    /// `__import__(name, globals, locals, fromlist, level)`
    pub fn import_level(&mut self, name: &Value, globals: &Value, fromlist: &Value, level: i64) -> PyResult {
        let Some(text) = name.get::<Str>().map(|s| s.lossy().into_owned()) else {
            return Err(self.type_error("module name must be a string"));
        };
        if level < 0 {
            return Err(self.value_error("level must be >= 0"));
        }
        if level == 0 && text.is_empty() {
            return Err(self.value_error("Empty module name"));
        }
        let absolute = if level == 0 { self.iso_mut().intern_value(name) } else { self.resolve_relative(&text, globals, level)? };
        let module = self.import_absolute(&absolute)?;
        if self.has_fromlist(fromlist) {
            let path = self.name(Name::DunderPath);
            if self.get_attr_opt(&module, &path)?.is_some() {
                self.handle_fromlist(&module, fromlist, false)?;
            }
            return Ok(module);
        }
        let Some((first, _)) = text.split_once('.') else { return Ok(module) };
        if level == 0 {
            let first = self.intern(first);
            return self.import_absolute(&first);
        }
        // `from . import` has a fromlist; this is `__import__('a.b', globals(), level=1)`: the package that `a` names
        let whole = self.text(&absolute);
        let cut = whole.len() - (text.len() - first.len());
        let top = self.intern(&whole[..cut]);
        self.import_absolute(&top)
    }
    /// Imports the submodules that a fromlist names and the package does not have as attributes.
    fn handle_fromlist(&mut self, module: &Value, fromlist: &Value, nested: bool) -> PyResult<()> {
        for item in self.collect(fromlist)? {
            if !item.is_a::<Str>() {
                let (what, got) = (if nested { "``__all__``".to_string() } else { "``from list''".to_string() }, self.type_name(&item));
                let owner = if nested { format!("Item in {}.__all__", self.module_name(module)) } else { format!("Item in {what}") };
                return Err(self.type_error(format!("{owner} must be str, not {got}")));
            }
            let text = self.text(&item);
            if text == "*" {
                let key = self.name(Name::DunderAll);
                if !nested && let Some(all) = self.get_attr_opt(module, &key)? {
                    self.handle_fromlist(module, &all, true)?;
                }
                continue;
            }
            if self.get_attr_opt(module, &item)?.is_some() {
                continue;
            }
            let full = format!("{}.{text}", self.module_name(module));
            let full = self.intern(&full);
            if let Err(e) = self.import_absolute(&full) {
                let missing = self.is_exc(&e, Exc::ModuleNotFoundError) && {
                    let n = self.attr(&e.0, "name")?;
                    self.eq(&n, &full)?
                };
                let modules = self.iso().modules.clone();
                // an entry None forbids the import, and that error is shown
                if missing && self.dict_get_str(&modules, &full).is_none() {
                    continue;
                }
                return Err(e);
            }
        }
        Ok(())
    }
    /// A module's `__name__`, as text.
    pub(crate) fn module_name(&mut self, module: &Value) -> String {
        let key = self.name(Name::DunderName);
        match self.get_attr_opt(module, &key) {
            Ok(Some(n)) => self.text(&n),
            _ => String::new(),
        }
    }
    /// A module's namespace.
    pub fn module_dict(&self, module: &Value) -> Option<Value> {
        module.get::<Module>().map(|m| m.dict.clone())
    }
    /// Whether a module's body is still running (`__spec__._initializing`).
    pub(crate) fn is_initializing(&mut self, module: &Value) -> bool {
        let Some(dict) = self.module_dict(module) else { return false };
        let key = self.name(Name::DunderSpec);
        let Some(spec) = self.dict_get_str(&dict, &key) else { return false };
        match self.attr_opt(&spec, "_initializing") {
            Ok(Some(v)) => v.is(&Value::TRUE),
            _ => false,
        }
    }
}
