//! Relative names: `from ..a import b` seen from a module (`importlib._bootstrap._calc___package__`, `_resolve_name`).

use crate::error::{Exc, PyResult, Raised};
use crate::special::Name;
use crate::types::dict::Dict;
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// The absolute name of `name` with `level` dots before it, in a module with these globals.
    pub(super) fn resolve_relative(&mut self, name: &str, globals: &Value, level: i64) -> PyResult {
        let package = self.package_of(globals)?;
        let mut base = package.as_str();
        for _ in 1..level {
            match base.rsplit_once('.') {
                Some((before, _)) => base = before,
                None => return Err(self.import_failed("attempted relative import beyond top-level package")),
            }
        }
        let whole = if name.is_empty() { base.to_string() } else { format!("{base}.{name}") };
        Ok(self.intern(&whole))
    }
    fn import_failed(&mut self, text: &str) -> Raised {
        self.import_error(Exc::ImportError, text.into(), Value::NULL, Value::NULL, Value::NULL)
    }
    /// The package that relative names start from.
    fn package_of(&mut self, globals: &Value) -> PyResult<String> {
        if !globals.is_a::<Dict>() {
            return Err(self.err(Exc::KeyError, "'__name__' not in globals"));
        }
        let (package, spec) = (self.name(Name::DunderPackage), self.name(Name::DunderSpec));
        let package = self.dict_get_str(globals, &package).filter(|p| !p.is_none());
        let spec = self.dict_get_str(globals, &spec).filter(|s| !s.is_none());
        let text = if let Some(p) = package {
            if !p.is_a::<Str>() {
                return Err(self.type_error("package must be a string"));
            }
            self.text(&p)
        } else if let Some(s) = spec {
            let parent = self.attr(&s, "parent")?;
            self.text(&parent)
        } else {
            let (name, path) = (self.name(Name::DunderName), self.name(Name::DunderPath));
            let Some(name) = self.dict_get_str(globals, &name) else {
                return Err(self.err(Exc::KeyError, "'__name__' not in globals"));
            };
            let text = self.text(&name);
            match self.dict_get_str(globals, &path) {
                Some(_) => text,
                None => text.rsplit_once('.').map(|(before, _)| before.to_string()).unwrap_or_default(),
            }
        };
        if text.is_empty() {
            return Err(self.import_failed("attempted relative import with no known parent package"));
        }
        Ok(text)
    }
}
