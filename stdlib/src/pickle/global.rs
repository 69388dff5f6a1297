//! Classes and functions are pickled by their names.

use super::save::Saver;
use super::{PICKLING_ERROR, op};
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// `obj.a.b` by a dotted path; `None` where some step is missing.
fn deep(vm: &mut Vm, obj: &Value, path: &str) -> PyResult<Option<Value>> {
    let mut at = obj.clone();
    for step in path.split('.') {
        match vm.attr_opt(&at, step)? {
            Some(v) => at = v,
            None => return Ok(None),
        }
    }
    Ok(Some(at))
}

/// The module that an object belongs to: `__module__`, or the first one loaded that has it.
fn module_of(vm: &mut Vm, obj: &Value, name: &str) -> PyResult {
    if let Some(m) = vm.attr_opt(obj, "__module__")?
        && !m.is_none()
    {
        return Ok(m);
    }
    let modules = vm.iso().modules.clone();
    for (key, module) in vm.dict_items(&modules) {
        if module.is_none() || matches!(vm.text(&key).as_str(), "__main__" | "__mp_main__") {
            continue;
        }
        if let Ok(Some(found)) = deep(vm, &module, name)
            && found.is(obj)
        {
            return Ok(key);
        }
    }
    Ok(vm.intern("__main__"))
}

impl Saver {
    /// Writes a global by module and name.
    pub fn global(&mut self, vm: &mut Vm, obj: &Value, name: Option<&Value>) -> PyResult<()> {
        let name = match name {
            Some(n) => n.clone(),
            None => match vm.attr_opt(obj, "__qualname__")? {
                Some(n) => n,
                None => vm.attr(obj, "__name__")?,
            },
        };
        let path = vm.text(&name);
        if path.split('.').any(|step| step == "<locals>") {
            return Err(vm.err(Exc::AttributeError, format!("Can't pickle local object '{path}'")));
        }
        let module = module_of(vm, obj, &path)?;
        let module_text = vm.text(&module);
        let holder = self.find(vm, obj, &path, &module_text)?;
        if self.proto >= 2 && self.extension(vm, &module, &name)? {
            return Ok(());
        }
        if self.proto >= 4 {
            self.save(vm, &module)?;
            self.save(vm, &name)?;
            self.put(&[op::STACK_GLOBAL]);
        } else if let Some((_, last)) = path.rsplit_once('.').filter(|_| !holder.is_a::<gilbert_vm::types::module::Module>()) {
            let getattr = vm.builtin("getattr")?;
            let last = vm.new_str(last);
            let args = vm.new_tuple(vec![holder, last]);
            return self.reduce_value(vm, &[getattr, args], Some(obj));
        } else {
            // a path that leads back to a module ends with a plain name of that
            let path = path.rsplit_once('.').map_or(path.clone(), |(_, last)| last.to_string());
            let (module_text, path) = self.old_names(vm, module_text, path)?;
            if self.proto < 3 && !(module_text.is_ascii() && path.is_ascii()) {
                let text = format!("can't pickle global identifier '{module_text}.{path}' using pickle protocol {}", self.proto);
                return Err(PICKLING_ERROR.raise(vm, text));
            }
            self.put(format!("c{module_text}\n{path}\n").as_bytes());
        }
        self.memoize(obj);
        Ok(())
    }
    /// Checks that the name leads to the object; who holds it.
    fn find(&mut self, vm: &mut Vm, obj: &Value, path: &str, module: &str) -> PyResult {
        let shown = vm.repr_text(obj)?;
        let holder = match vm.import(module) {
            Ok(m) => m,
            Err(e) if vm.is_exc(&e, Exc::Exception) => {
                let module = vm.new_str(module);
                let module = vm.repr_text(&module)?;
                return Err(PICKLING_ERROR.raise(vm, format!("Can't pickle {shown}: import of module {module} failed")));
            }
            Err(e) => return Err(e),
        };
        match deep(vm, &holder, path)? {
            Some(found) if found.is(obj) => {}
            Some(_) => return Err(PICKLING_ERROR.raise(vm, format!("Can't pickle {shown}: it's not the same object as {module}.{path}"))),
            None => return Err(PICKLING_ERROR.raise(vm, format!("Can't pickle {shown}: attribute lookup {path} on {module} failed"))),
        }
        match path.rsplit_once('.') {
            Some((outer, _)) => Ok(deep(vm, &holder, outer)?.unwrap_or(holder)),
            None => Ok(holder),
        }
    }
    /// Writes a global that `copyreg.add_extension` gave a code.
    fn extension(&mut self, vm: &mut Vm, module: &Value, name: &Value) -> PyResult<bool> {
        let copyreg = vm.import("copyreg")?;
        let registry = vm.attr(&copyreg, "_extension_registry")?;
        let key = vm.new_tuple(vec![module.clone(), name.clone()]);
        let Some(code) = vm.dict_get(&registry, &key)? else { return Ok(false) };
        let code = vm.to_i64(&code)?;
        match code {
            1..=0xff => self.put(&[op::EXT1, code as u8]),
            0x100..=0xffff => self.put(&[op::EXT2, code as u8, (code >> 8) as u8]),
            _ => {
                self.put(&[op::EXT4]);
                self.put(&(code as i32).to_le_bytes());
            }
        }
        Ok(true)
    }
    /// Python 2's names of what moved, up to protocol 2.
    fn old_names(&self, vm: &mut Vm, module: String, name: String) -> PyResult<(String, String)> {
        if !self.fix_imports || self.proto >= 3 {
            return Ok((module, name));
        }
        mapped(vm, module, name, "REVERSE_NAME_MAPPING", "REVERSE_IMPORT_MAPPING")
    }
}

/// Module and name by the tables of `_compat_pickle`.
fn mapped(vm: &mut Vm, module: String, name: String, names: &str, imports: &str) -> PyResult<(String, String)> {
    let compat = vm.import("_compat_pickle")?;
    let (names, imports) = (vm.attr(&compat, names)?, vm.attr(&compat, imports)?);
    let (m, n) = (vm.new_str(module.as_str()), vm.new_str(name.as_str()));
    let key = vm.new_tuple(vec![m.clone(), n]);
    if let Some(pair) = vm.dict_get(&names, &key)?
        && let Some([m, n]) = pair.get::<Tuple>().map(Tuple::items)
    {
        return Ok((vm.text(m), vm.text(n)));
    }
    match vm.dict_get(&imports, &m)? {
        Some(m) => Ok((vm.text(&m), name)),
        None => Ok((module, name)),
    }
}

/// The class or function of a name in a pickle of this protocol.
pub fn find_class(vm: &mut Vm, module: &Value, name: &Value, proto: u8, fix_imports: bool) -> PyResult {
    if !module.is_a::<Str>() || !name.is_a::<Str>() {
        return Err(vm.type_error("find_class() arguments must be str"));
    }
    let (mut module, mut name) = (vm.text(module), vm.text(name));
    if proto < 3 && fix_imports {
        (module, name) = mapped(vm, module, name, "NAME_MAPPING", "IMPORT_MAPPING")?;
    }
    let holder = vm.import(&module)?;
    let path = if proto >= 4 { name.clone() } else { name.replace('.', "\0") };
    if path.split('.').any(|step| step == "<locals>") {
        let shown = vm.repr_text(&holder)?;
        return Err(vm.err(Exc::AttributeError, format!("Can't get local attribute '{name}' on {shown}")));
    }
    match deep(vm, &holder, &path)? {
        Some(v) => Ok(v),
        None => {
            let shown = vm.repr_text(&holder)?;
            Err(vm.err(Exc::AttributeError, format!("Can't get attribute '{name}' on {shown}")))
        }
    }
}
