//! Imports: `sys.modules`, the library, files along `sys.path`.

use crate::error::PyResult;
use crate::special::Name;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// IMPORT_NAME: `__import__(name, globals, locals, fromlist, level)`, as the builtins at hand define it.
    pub(crate) fn import_name(&mut self, name: &Value, fromlist: &Value, level: &Value) -> PyResult {
        let at = self.stack.frames.len() - 1;
        let (globals, builtins) = self.dicts_of_frame(at);
        let key = self.name(Name::DunderImport);
        let custom = self.dict_get_str(&builtins, &key);
        if let Some(f) = custom
            && !f.is_a::<crate::types::native::Native>()
        {
            let locals = self.current_locals()?;
            return self.call(&f, &[name.clone(), globals, locals, fromlist.clone(), level.clone()]);
        }
        let level = level.as_small().unwrap_or(0);
        self.import_level(name, &globals, fromlist, level)
    }
    /// Whether a fromlist names anything.
    pub(crate) fn has_fromlist(&self, fromlist: &Value) -> bool {
        !fromlist.is_none() && fromlist.get::<Tuple>().is_none_or(|t| !t.items().is_empty())
    }
}
