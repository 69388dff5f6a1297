//! Making the modules that natives are.

use crate::image::{TypeDef, new_native};
use crate::isolate::Isolate;
use crate::types::T;
use crate::types::module::Module;
use crate::types::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// A module of natives: `__name__`, `__doc__` and the functions. The caller adds types and constants.
    pub fn new_module(&mut self, name: &str, doc: &str, functions: &'static [NativeDef]) -> Value {
        let dict = self.new_dict();
        let module = self.new_object(T::Module, Module::new(dict.clone()));
        let name_value = self.intern(name);
        self.dict_set_text(&dict, "__name__", name_value);
        let doc = if doc.is_empty() { Value::NONE } else { self.new_str(doc) };
        self.dict_set_text(&dict, "__doc__", doc);
        for key in ["__package__", "__loader__", "__spec__"] {
            let value = if key == "__package__" { self.new_str("") } else { Value::NONE };
            self.dict_set_text(&dict, key, value);
        }
        self.add_functions(&dict, name, functions);
        module
    }
    /// Adds native functions of a module to its namespace.
    pub fn add_functions(&mut self, dict: &Value, module: &str, functions: &'static [NativeDef]) {
        for def in functions {
            let f = self.new_function(def, module);
            self.dict_set_text(dict, def.name(), f);
        }
    }
    /// Adds native functions to a module.
    pub fn module_add_functions(&mut self, module: &Value, name: &str, functions: &'static [NativeDef]) {
        if let Some(dict) = module.get::<Module>().map(|m| m.dict.clone()) {
            self.add_functions(&dict, name, functions);
        }
    }
    /// A native function of the module of this name.
    pub fn new_function(&mut self, def: &'static NativeDef, module: &str) -> Value {
        let module = self.intern(module);
        let iso: &mut Isolate = self.iso_mut();
        new_native(iso, def, Value::NULL, module)
    }
    /// Sets a module's attribute.
    pub fn module_set(&mut self, module: &Value, name: &str, value: Value) {
        if let Some(dict) = module.get::<Module>().map(|m| m.dict.clone()) {
            self.dict_set_text(&dict, name, value);
        }
    }
    /// Adds a member to a native type of this isolate's, before scripts see it.
    pub fn native_type_set(&mut self, ty: &Value, name: &str, value: Value) {
        let name = self.intern(name);
        let hash = name.get::<crate::types::str::Str>().map_or(0, |s| s.cached_hash());
        let t = self.iso_mut().heap.type_mut(ty);
        if t.dict.find_str(&name).is_none() {
            t.dict.insert_new(hash, name, value);
        }
    }
    /// Adds a native type to a module under its own name.
    pub fn module_add_type(&mut self, module: &Value, def: &'static TypeDef) -> Value {
        let ty = self.native_type(def);
        let short = def.name.rsplit('.').next().unwrap_or(def.name);
        self.module_set(module, short, ty.clone());
        ty
    }
}
