//! Exception classes that native modules define.

use gilbert_vm::error::{PyResult, Raised};
use gilbert_vm::types::T;
use gilbert_vm::types::exception::Exception;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// An exception class of a native module: one for each isolate, found by its full name (`struct.error`).
pub struct ExcDef {
    /// Module and name.
    pub full_name: &'static str,
    /// The base's name among the built-in exceptions.
    pub base: gilbert_vm::error::Exc,
}

impl ExcDef {
    /// The class, made when it is first asked for.
    pub fn class(&self, vm: &mut Vm) -> PyResult {
        if let Some(ty) = vm.iso().state.get(self.full_name) {
            return Ok(ty.clone());
        }
        let (module, name) = self.full_name.rsplit_once('.').unwrap_or(("builtins", self.full_name));
        let (bases, dict) = (vec![vm.exc_type(self.base).clone()], vm.new_dict());
        let (bases, name, module) = (vm.new_tuple(bases), vm.intern(name), vm.intern(module));
        vm.dict_set_text(&dict, "__module__", module);
        let meta = vm.ty(T::Type).clone();
        let ty = vm.call(&meta, &[name, bases, dict])?;
        vm.iso_mut().state.insert(self.full_name, ty.clone());
        Ok(ty)
    }
    /// An exception of the class with a message.
    #[cold]
    pub fn raise(&self, vm: &mut Vm, text: impl Into<String>) -> Raised {
        let text = vm.new_str(text.into());
        self.raise_args(vm, vec![text])
    }
    /// An exception of the class with these `args`.
    #[cold]
    pub fn raise_args(&self, vm: &mut Vm, args: Vec<Value>) -> Raised {
        let args = vm.new_tuple(args);
        match self.class(vm) {
            Ok(ty) => Raised(vm.new_of(&ty, Exception { args, ..Default::default() })),
            Err(e) => e,
        }
    }
}
