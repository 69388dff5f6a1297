//! `ModuleSpec` and the loaders: what `__spec__` and `__loader__` are (PEP 451).

use crate::compile::Mode;
use crate::error::{Exc, PyResult};
use crate::image::TypeDef;
use crate::isolate::Builtin;
use crate::object::{Instance, layout_of};
use crate::types::native::{getset, getter, method, static_method};
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;

/// What a spec is made of.
#[derive(Default)]
pub(crate) struct SpecParts<'a> {
    pub name: &'a str,
    /// `builtin`, `source` or `namespace`
    pub loader: &'static str,
    pub origin: Option<&'a str>,
    pub folders: Option<&'a [String]>,
    /// Whether `origin` is a file.
    pub file: bool,
}

impl Vm {
    /// A `ModuleSpec`.
    pub(crate) fn new_spec(&mut self, parts: SpecParts) -> PyResult {
        let name = self.new_str(parts.name);
        let origin = match parts.origin {
            Some(o) => self.new_str(o),
            None => Value::NONE,
        };
        let loader = match parts.loader {
            "builtin" => self.native_type(&BUILTIN_IMPORTER),
            kind => {
                let def = if kind == "namespace" { &NAMESPACE_LOADER } else { &SOURCE_LOADER };
                let l = self.new_native(def, Instance::default());
                let path = if parts.file { origin.clone() } else { Value::NONE };
                self.put_text(&l, "name", name.clone());
                self.put_text(&l, "path", path);
                l
            }
        };
        let folders = match parts.folders {
            Some(f) => {
                let items = f.iter().map(|f| self.new_str(f.clone())).collect();
                self.new_list(items)
            }
            None => Value::NONE,
        };
        let spec = self.new_native(&MODULE_SPEC, Instance::default());
        self.fill_spec(&spec, name, loader, origin, folders, parts.file);
        Ok(spec)
    }
    fn put_text(&mut self, obj: &Value, key: &str, value: Value) {
        let key = self.intern(key);
        self.put_attr(obj, &key, value);
    }
    fn fill_spec(&mut self, spec: &Value, name: Value, loader: Value, origin: Value, folders: Value, file: bool) {
        for (k, v) in [
            ("name", name),
            ("loader", loader),
            ("origin", origin),
            ("loader_state", Value::NONE),
            ("submodule_search_locations", folders),
            ("_uninitialized_submodules", Value::NONE),
            ("_set_fileattr", Value::bool(file)),
            ("_cached", Value::NONE),
            ("_initializing", Value::FALSE),
        ] {
            self.put_text(spec, k, v);
        }
        let empty = self.new_list(Vec::new());
        self.put_text(spec, "_uninitialized_submodules", empty);
    }
}

fn spec_init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let [spec, name, loader, origin, state, package] = args else { unreachable!("bound") };
    let folders = if vm.truthy(package)? { vm.new_list(vec![]) } else { Value::NONE };
    vm.fill_spec(spec, name.clone(), loader.clone(), origin.clone(), folders, false);
    vm.put_text(spec, "loader_state", state.clone());
    Ok(Value::NONE)
}

fn spec_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let spec = &args[0];
    let mut parts = Vec::new();
    for (key, always) in [("name", true), ("loader", true), ("origin", false), ("submodule_search_locations", false)] {
        let v = vm.attr(spec, key)?;
        if always || !v.is_none() {
            parts.push(format!("{key}={}", vm.repr_text(&v)?));
        }
    }
    let class = vm.type_name(spec);
    Ok(vm.new_str(format!("{class}({})", parts.join(", "))))
}

fn spec_parent(vm: &mut Vm, spec: &Value) -> PyResult {
    let folders = vm.attr(spec, "submodule_search_locations")?;
    let name = vm.attr(spec, "name")?;
    if !folders.is_none() {
        return Ok(name);
    }
    let text = vm.text(&name);
    Ok(vm.new_str(text.rsplit_once('.').map_or("", |(before, _)| before)))
}

fn spec_eq(vm: &mut Vm, args: &[Value]) -> PyResult {
    for key in ["name", "loader", "origin", "submodule_search_locations", "cached", "has_location"] {
        let (Some(a), Some(b)) = (vm.attr_opt(&args[0], key)?, vm.attr_opt(&args[1], key)?) else { return Ok(Value::NOT_IMPLEMENTED) };
        if !vm.eq(&a, &b)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}

/// `importlib.machinery.ModuleSpec`
pub static MODULE_SPEC: TypeDef = TypeDef::new("importlib.machinery.ModuleSpec", layout_of::<Instance>())
    .flags(flags::BASE | flags::HAS_DICT)
    .doc("The specification for a module, used for loading.")
    .methods(&[
        static_method("__new__(cls, *args, **kwargs)", |vm, args| Ok(vm.new_of(&args[0], Instance::default()))),
        method("__init__(self, name, loader, *, origin=None, loader_state=None, is_package=None)", spec_init),
        method("__repr__(self, /)", spec_repr),
        method("__eq__(self, other, /)", spec_eq),
    ])
    .getset(&[
        getter("__dict__", crate::types::object_::get_dict),
        getter("parent", spec_parent),
        getset(
            "cached",
            |vm, s| vm.attr(s, "_cached"),
            |vm, s, v| {
                vm.put_text(s, "_cached", v);
                Ok(())
            },
        ),
        getset(
            "has_location",
            |vm, s| vm.attr(s, "_set_fileattr"),
            |vm, s, v| {
                let v = Value::bool(vm.truthy(&v)?);
                vm.put_text(s, "_set_fileattr", v);
                Ok(())
            },
        ),
    ]);

fn loader_path(vm: &mut Vm, loader: &Value) -> PyResult<String> {
    let path = vm.attr(loader, "path")?;
    Ok(vm.text(&path))
}

/// The text of a source by the file name that tracebacks show: a file, or a module of the library (`<lib>/json/decoder.py`).
pub fn source_text(vm: &mut Vm, file: &str) -> PyResult<String> {
    if let Some(rest) = file.strip_prefix("<lib>/") {
        let name = rest.trim_end_matches(".py").replace('/', ".");
        let name = name.strip_suffix(".__init__").unwrap_or(&name).to_string();
        if let Some(Builtin::Source(s)) = vm.iso().library.clone().find(&name) {
            return Ok(s.text().to_string());
        }
    }
    let bytes = vm.read_file(file)?;
    gilbert_parser::decode_file(&bytes, file).map_err(|e| vm.syntax_error(&e, "", file))
}

fn get_source(vm: &mut Vm, args: &[Value]) -> PyResult {
    let path = loader_path(vm, &args[0])?;
    match source_text(vm, &path) {
        Ok(text) => Ok(vm.new_str(text)),
        Err(e) if vm.is_exc(&e, Exc::OSError) => {
            let name = args[1].clone();
            Err(vm.import_error(Exc::ImportError, "source not available through get_data()".into(), name, Value::NULL, Value::NULL))
        }
        Err(e) => Err(e),
    }
}

/// By way of `get_data` and `source_to_code`, as a subclass may say otherwise there.
fn get_code(vm: &mut Vm, args: &[Value]) -> PyResult {
    let path = loader_path(vm, &args[0])?;
    let plain = vm.native_type(&SOURCE_LOADER);
    if args[0].type_of(vm).is(&plain) {
        let text = source_text(vm, &path)?;
        let options = vm.compile_options();
        return vm.compile(&text, &path, Mode::Exec, &options);
    }
    let path = vm.new_str(path);
    let data = vm.call_method(&args[0], "get_data", &[path.clone()])?;
    vm.call_method(&args[0], "source_to_code", &[data, path])
}

fn source_to_code(vm: &mut Vm, args: &[Value]) -> PyResult {
    let compile = vm.builtin("compile")?;
    let mode = vm.new_str("exec");
    vm.call(&compile, &[args[1].clone(), args[2].clone(), mode, Value::i32(0), Value::TRUE])
}

/// The old protocol, by the new one.
fn load_module(vm: &mut Vm, args: &[Value]) -> PyResult {
    let bootstrap = vm.import("_frozen_importlib")?;
    let name = if args[1].is_none() { vm.attr(&args[0], "name")? } else { args[1].clone() };
    vm.call_method(&bootstrap, "_load_module_shim", &[args[0].clone(), name])
}

fn get_data(vm: &mut Vm, args: &[Value]) -> PyResult {
    let path = vm.expect_str(&args[1], "path")?;
    let bytes = if path.starts_with("<lib>/") { source_text(vm, &path)?.into_bytes() } else { vm.read_file(&path)? };
    Ok(vm.new_bytes(bytes))
}

fn exec_module(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.attr(&args[1], "__name__")?;
    let code = vm.call_method(&args[0], "get_code", &[name])?;
    let dict = vm.attr(&args[1], "__dict__")?;
    vm.run_code(&code, &dict, None)
}

fn is_package(vm: &mut Vm, args: &[Value]) -> PyResult {
    let path = loader_path(vm, &args[0])?;
    Ok(Value::bool(path.ends_with("/__init__.py")))
}

fn loader_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let id = vm.address_of(&args[0]);
    let name = vm.type_name(&args[0]);
    Ok(vm.new_str(format!("<_frozen_importlib_external.{name} object at {id:#x}>")))
}

fn loader_eq(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[1].type_of(vm).is(args[0].type_of(vm)) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (a, b) = (vm.attr(&args[0], "__dict__")?, vm.attr(&args[1], "__dict__")?);
    Ok(Value::bool(vm.eq(&a, &b)?))
}

fn loader_hash(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (name, path) = (vm.attr(&args[0], "name")?, vm.attr(&args[0], "path")?);
    let h = vm.hash(&name)? ^ vm.hash(&path)?;
    Ok(vm.new_int(h))
}

fn loader_init(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.put_text(&args[0], "name", args[1].clone());
    vm.put_text(&args[0], "path", args[2].clone());
    Ok(Value::NONE)
}

/// The loader of modules that are sources.
pub static SOURCE_LOADER: TypeDef = TypeDef::new("_frozen_importlib_external.SourceFileLoader", layout_of::<Instance>())
    .flags(flags::BASE | flags::HAS_DICT)
    .methods(&[
        static_method("__new__(cls, *args, **kwargs)", |vm, args| Ok(vm.new_of(&args[0], Instance::default()))),
        method("__init__(self, fullname, path)", loader_init),
        method("__repr__(self, /)", loader_repr),
        method("__eq__(self, other, /)", loader_eq),
        method("__hash__(self, /)", loader_hash),
        method("get_source(self, fullname=None)", get_source),
        method("get_code(self, fullname=None)", get_code),
        method("get_data(self, path)", get_data),
        method("source_to_code(self, data, path, *, _optimize=-1)", source_to_code),
        method("load_module(self, fullname=None)", load_module),
        method("get_filename(self, name=None)", |vm, args| vm.attr(&args[0], "path")),
        method("is_package(self, fullname=None)", is_package),
        method("create_module(self, spec)", |_, _| Ok(Value::NONE)),
        method("exec_module(self, module)", exec_module),
    ])
    .getset(&[getter("__dict__", crate::types::object_::get_dict)]);

/// The loader of packages without `__init__.py`.
pub static NAMESPACE_LOADER: TypeDef = TypeDef::new("_frozen_importlib_external.NamespaceLoader", layout_of::<Instance>())
    .flags(flags::BASE | flags::HAS_DICT)
    .methods(&[
        method("__repr__(self, /)", loader_repr),
        method("get_source(self, fullname=None)", |vm, _| Ok(vm.new_str(""))),
        method("is_package(self, fullname=None)", |_, _| Ok(Value::TRUE)),
        method("create_module(self, spec)", |_, _| Ok(Value::NONE)),
        method("exec_module(self, module)", |_, _| Ok(Value::NONE)),
    ])
    .getset(&[getter("__dict__", crate::types::object_::get_dict)]);

/// Natives only.
fn find_native(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.expect_str(&args[1], "fullname")?;
    match vm.iso().library.clone().find(&name) {
        Some(Builtin::Native(init)) => vm.spec_of(&name, &super::Found::Native(init)),
        _ => Ok(Value::NONE),
    }
}

/// The loader of natives.
pub static BUILTIN_IMPORTER: TypeDef =
    TypeDef::new("_frozen_importlib.BuiltinImporter", layout_of::<Instance>()).flags(flags::BASE | flags::HAS_DICT).methods(&[
        crate::types::native::class_method("find_spec(cls, fullname, path=None, target=None)", find_native),
        static_method("create_module(spec)", |vm, args| {
            let name = vm.attr(&args[0], "name")?;
            let name = vm.text(&name);
            vm.import(&name)
        }),
        static_method("exec_module(module)", |_, _| Ok(Value::NONE)),
        crate::types::native::class_method("get_source(cls, fullname=None)", |_, _| Ok(Value::NONE)),
        crate::types::native::class_method("get_code(cls, fullname=None)", |_, _| Ok(Value::NONE)),
        crate::types::native::class_method("is_package(cls, fullname=None)", |_, _| Ok(Value::FALSE)),
    ]);
