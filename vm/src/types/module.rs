//! `module`.

use crate::attrs::Attrs;
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Immutable, Kind, Payload, layout_of};
use crate::types::type_::flags;
use crate::value::Value;

/// The payload of `module`.
pub struct Module {
    /// `__dict__`
    pub dict: Value,
    /// Only for the slots of subclasses, so that modules and their subclasses are laid out alike (`module.__class__ = ..`).
    attrs: Attrs,
}

impl Module {
    /// A module with this namespace.
    pub fn new(dict: Value) -> Module {
        Module { dict, attrs: Attrs::default() }
    }
}

impl Payload for Module {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const KIND: Kind = Kind::Module;
    const ATTRS: Option<usize> = Some(std::mem::offset_of!(Module, attrs));
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.dict);
        self.attrs.traverse(visit);
    }
    fn clone_in(&self, c: &mut Cloner) -> Module {
        Module { dict: c.value(&self.dict), attrs: self.attrs.clone_in(c) }
    }
}
impl Immutable for Module {}

use crate::error::{Exc, PyResult};
use crate::types::dict::Dict;
use crate::types::native::{GetSet, NativeDef, getset, member, method, static_method};
use crate::types::str::Str;
use crate::vm::Vm;

fn dict_of(v: &Value) -> Value {
    v.get::<Module>().map(|m| m.dict.clone()).unwrap_or_default()
}
fn entry(vm: &mut Vm, v: &Value, name: &str) -> Option<Value> {
    let (dict, name) = (dict_of(v), vm.intern(name));
    vm.dict_get_str(&dict, &name)
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let dict = vm.new_dict();
    Ok(vm.new_of(&args[0], Module::new(dict)))
}
fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[1].is_a::<Str>() {
        let got = vm.type_name(&args[1]);
        return Err(vm.type_error(format!("module() argument 'name' must be str, not {got}")));
    }
    let dict = dict_of(&args[0]);
    for (key, value) in
        [("__name__", args[1].clone()), ("__doc__", args[2].clone()), ("__package__", Value::NONE), ("__loader__", Value::NONE), ("__spec__", Value::NONE)]
    {
        vm.dict_set_text(&dict, key, value);
    }
    Ok(Value::NONE)
}
fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = match entry(vm, &args[0], "__name__") {
        Some(n) if n.is_a::<Str>() => vm.repr_text(&n)?,
        _ => "'?'".to_string(),
    };
    let spec = entry(vm, &args[0], "__spec__").filter(|s| !s.is_none());
    let from_spec = match &spec {
        Some(s) => match (vm.attr_opt(s, "origin")?, vm.attr_opt(s, "has_location")?) {
            (Some(o), Some(has)) if !o.is_none() => Some((vm.truthy(&has)?, o)),
            _ => None,
        },
        None => None,
    };
    let place = match (from_spec, entry(vm, &args[0], "__file__")) {
        (Some((true, origin)), _) => format!(" from {}", vm.repr_text(&origin)?),
        (Some((false, origin)), _) => format!(" ({})", vm.str_text(&origin)?),
        (None, Some(file)) if !file.is_none() => format!(" from {}", vm.repr_text(&file)?),
        _ => match entry(vm, &args[0], "__loader__").filter(|l| !l.is_none()) {
            Some(loader) => format!(" ({})", vm.repr_text(&loader)?),
            None if vm.is_library_module(&name) => " (built-in)".to_string(),
            None => String::new(),
        },
    };
    Ok(vm.new_str(format!("<module {name}{place}>")))
}
impl Vm {
    /// Whether a quoted name is that of a module of the library or of the machine itself.
    fn is_library_module(&self, quoted: &str) -> bool {
        let name = quoted.trim_matches('\'');
        name == "builtins" || name == "sys" || self.iso().library.find(name).is_some()
    }
}
/// What the generic lookup misses, the module's own `__getattr__` may give (PEP 562).
pub(crate) fn fallback(vm: &mut Vm, module: &Value, name: &Value) -> PyResult<Option<Value>> {
    match entry(vm, module, "__getattr__") {
        Some(f) => vm.call(&f, &[name.clone()]).map(Some),
        None => Ok(None),
    }
}
/// The AttributeError for a missing attribute; a module that is still being imported says so.
pub(crate) fn missing(vm: &mut Vm, module: &Value, name: &Value) -> crate::error::Raised {
    let n = vm.text(name);
    let Some(own) = entry(vm, module, "__name__") else {
        return vm.attribute_error(module, name, format!("module has no attribute '{n}'"));
    };
    let m = vm.text(&own);
    let initializing = match entry(vm, module, "__spec__") {
        Some(spec) if !spec.is_none() => match vm.attr_opt(&spec, "_initializing") {
            Ok(Some(v)) => v.is_true(),
            _ => false,
        },
        _ => false,
    };
    let text = if initializing {
        format!("partially initialized module '{m}' has no attribute '{n}' (most likely due to a circular import)")
    } else {
        format!("module '{m}' has no attribute '{n}'")
    };
    vm.attribute_error(module, name, text)
}
fn dir(vm: &mut Vm, args: &[Value]) -> PyResult {
    if let Some(f) = entry(vm, &args[0], "__dir__") {
        return vm.call(&f, &[]);
    }
    let dict = dict_of(&args[0]);
    let names = vm.dict_items(&dict).into_iter().map(|(k, _)| k).collect();
    Ok(vm.new_list(names))
}
fn get_dict(_: &mut Vm, v: &Value) -> PyResult {
    Ok(dict_of(v))
}
fn get_annotations(vm: &mut Vm, v: &Value) -> PyResult {
    if let Some(a) = entry(vm, v, "__annotations__") {
        return Ok(a);
    }
    let made = match entry(vm, v, "__annotate__").filter(|f| !f.is_none()) {
        Some(f) => {
            let d = vm.call(&f, &[Value::i32(1)])?;
            if !d.is_a::<Dict>() {
                let got = vm.type_name(&d);
                return Err(vm.type_error(format!("__annotate__ returned non-dict of type '{got}'")));
            }
            d
        }
        None => vm.new_dict(),
    };
    let dict = dict_of(v);
    vm.dict_set_text(&dict, "__annotations__", made.clone());
    Ok(made)
}
fn set_annotations(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    set_entry(vm, v, "__annotations__", value)
}
fn get_annotate(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(entry(vm, v, "__annotate__").unwrap_or(Value::NONE))
}
fn set_annotate(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    set_entry(vm, v, "__annotate__", value)
}
fn set_entry(vm: &mut Vm, v: &Value, name: &str, value: Value) -> PyResult<()> {
    let (dict, key) = (dict_of(v), vm.intern(name));
    if !value.is_null() {
        vm.dict_set_str(&dict, &key, value);
        return Ok(());
    }
    match vm.dict_remove_str(&dict, &key) {
        Some(_) => Ok(()),
        None => Err(vm.err(Exc::AttributeError, name)),
    }
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, *args, **kwargs)", new),
    method("__init__(self, name, doc=None)", init),
    method("__repr__(self, /)", repr),
    method("__dir__(self, /)", dir),
];
const GETSET: &[GetSet] =
    &[member("__dict__", get_dict), getset("__annotations__", get_annotations, set_annotations), getset("__annotate__", get_annotate, set_annotate)];

/// `module`
pub static DEF: TypeDef = TypeDef::new("module", layout_of::<Module>())
    .flags(flags::BASE | flags::HAS_DICT)
    .doc("Create a module object.\n\nThe name must be a string; the optional docstring can have any type.")
    .methods(METHODS)
    .getset(GETSET);
