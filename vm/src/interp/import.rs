//! The import instructions.

use crate::error::{Exc, PyResult, Raised};
use crate::special::Name;
use crate::types::module::Module;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// IMPORT_NAME: `__import__(name, globals, locals, fromlist, level)`, as the builtins at hand define it.
    pub(crate) fn import_name(&mut self, name: &Value, fromlist: &Value, level: &Value) -> PyResult {
        let at = self.stack.frames.len() - 1;
        let (globals, builtins) = self.dicts_of_frame(at);
        let key = self.name(Name::DunderImport);
        match self.dict_get_str(&builtins, &key) {
            Some(f) if f.is_a::<crate::types::native::Native>() => {}
            Some(f) => {
                let locals = self.current_locals()?;
                return self.call(&f, &[name.clone(), globals, locals, fromlist.clone(), level.clone()]);
            }
            None => return Err(self.import_error(Exc::ImportError, "__import__ not found".into(), Value::NULL, Value::NULL, Value::NULL)),
        }
        let level = level.as_small().unwrap_or(0);
        self.import_level(name, &globals, fromlist, level)
    }
    /// Whether a fromlist names anything.
    pub(crate) fn has_fromlist(&self, fromlist: &Value) -> bool {
        !fromlist.is_none() && fromlist.get::<Tuple>().is_none_or(|t| !t.items().is_empty())
    }
    /// IMPORT_FROM: an attribute, or a submodule that is not bound yet (circular imports).
    pub(crate) fn import_from(&mut self, module: &Value, name: &Value) -> PyResult {
        if let Some(v) = self.get_attr_opt(module, name)? {
            return Ok(v);
        }
        let key = self.name(Name::DunderName);
        let package = self.get_attr_opt(module, &key)?.filter(|n| n.is_a::<Str>());
        let Some(package) = package else { return Err(self.cannot_import(module, name, Value::NULL)) };
        let full = format!("{}.{}", self.text(&package), self.text(name));
        let full = self.intern(&full);
        let modules = self.iso().modules.clone();
        match self.dict_get_str(&modules, &full) {
            Some(m) => Ok(m),
            None => Err(self.cannot_import(module, name, package)),
        }
    }
    #[cold]
    fn cannot_import(&mut self, module: &Value, name: &Value, package: Value) -> Raised {
        let n = crate::text::repr::repr_str(&self.text(name));
        let shown = if package.is_null() { "<unknown module name>".to_string() } else { self.text(&package) };
        let p = crate::text::repr::repr_str(&shown);
        let key = self.name(Name::DunderFile);
        let file = self.get_attr_opt(module, &key).ok().flatten().filter(|f| f.is_a::<Str>());
        let text = match &file {
            None => format!("cannot import name {n} from {p} (unknown location)"),
            Some(f) => {
                let f = self.text(f);
                if self.is_initializing(module) {
                    format!("cannot import name {n} from partially initialized module {p} (most likely due to a circular import) ({f})")
                } else {
                    format!("cannot import name {n} from {p} ({f})")
                }
            }
        };
        self.import_error(Exc::ImportError, text, package, file.unwrap_or_default(), name.clone())
    }
    /// `from module import *`
    pub(crate) fn import_star(&mut self, module: &Value) -> PyResult<()> {
        let locals = self.current_locals()?;
        let all = self.name(Name::DunderAll);
        let (names, public_only) = match self.get_attr_opt(module, &all)? {
            Some(all) => (self.collect(&all)?, false),
            None => {
                let dict = match module.get::<Module>() {
                    Some(m) => m.dict.clone(),
                    None => match self.attr_opt(module, "__dict__")? {
                        Some(d) => d,
                        None => {
                            let text = "from-import-* object has no __dict__ and no __all__";
                            return Err(self.import_error(Exc::ImportError, text.into(), Value::NULL, Value::NULL, Value::NULL));
                        }
                    },
                };
                let keys = self.call_method(&dict, "keys", &[])?;
                (self.collect(&keys)?, true)
            }
        };
        for name in names {
            if !name.is_a::<Str>() {
                let (m, got) = (self.module_name(module), self.type_name(&name));
                let what = if public_only { "Key in" } else { "Item in" };
                let place = if public_only { "__dict__" } else { "__all__" };
                return Err(self.type_error(format!("{what} {m}.{place} must be str, not {got}")));
            }
            if public_only && self.text(&name).starts_with('_') {
                continue;
            }
            let value = self.get_attr(module, &name)?;
            let name = self.iso_mut().intern_value(&name);
            if locals.is_a::<crate::types::dict::Dict>() {
                self.dict_set(&locals, &name, value)?;
            } else {
                self.set_item(&locals, &name, value)?;
            }
        }
        Ok(())
    }
}
