//! `_imp`: what `importlib` asks of the machine. The imports themselves are the machine's own (`gilbert_vm::import`).

use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::import::spec;
use gilbert_vm::isolate::Builtin;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    function("acquire_lock()", |_, _| Ok(Value::NONE)).doc("Acquires the interpreter's import lock for the current thread."),
    function("release_lock()", |_, _| Ok(Value::NONE)).doc("Release the interpreter's import lock."),
    function("lock_held()", |vm, _| Ok(Value::bool(!vm.iso().import_locks.idle()))),
    function("is_builtin(name, /)", is_builtin),
    function("is_frozen(name, /)", |_, _| Ok(Value::FALSE)),
    function("is_frozen_package(name, /)", |_, _| Ok(Value::FALSE)),
    function("find_frozen(name, /, *, withdata=False)", |_, _| Ok(Value::NONE)),
    function("get_frozen_object(name, data=None, /)", |vm, a| {
        let name = vm.repr_text(&a[0])?;
        Err(vm.err(Exc::ImportError, format!("No such frozen object named {}", name.trim_matches('\''))))
    }),
    function("extension_suffixes()", |vm, _| Ok(vm.new_list(vec![]))),
    function("create_dynamic(spec, file=None, /)", |vm, _| Err(vm.err(Exc::ImportError, "Gilbert loads no extension modules"))),
    function("create_builtin(spec, /)", create_builtin),
    function("exec_builtin(module, /)", |_, _| Ok(Value::i32(0))),
    function("source_hash(key, source)", source_hash),
    function("_fix_co_filename(code, path, /)", |_, _| Ok(Value::NONE)),
    function("find_spec(name, path=None, /)", find_spec),
    function("import_module(name, /)", |vm, a| {
        let name = vm.expect_str(&a[0], "module name")?;
        vm.import(&name)
    }),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_imp", "(Extremely) low-level import machinery bits as used by importlib.", FUNCTIONS);
    vm.module_set(&m, "pyc_magic_number_token", Value::i32(3531 | 0x0a0d << 16));
    let policy = vm.new_str("default");
    vm.module_set(&m, "check_hash_based_pycs", policy);
    for def in [&spec::MODULE_SPEC, &spec::SOURCE_LOADER, &spec::NAMESPACE_LOADER, &spec::BUILTIN_IMPORTER] {
        vm.module_add_type(&m, def);
    }
    Ok(m)
}

fn is_builtin(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.expect_str(&args[0], "name")?;
    let native = matches!(vm.iso().library.clone().find(&name), Some(Builtin::Native(_))) || matches!(name.as_str(), "builtins" | "sys");
    Ok(Value::i32(native as i32))
}
fn create_builtin(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.attr(&args[0], "name")?;
    let name = vm.expect_str(&name, "name")?;
    vm.import(&name)
}
fn source_hash(vm: &mut Vm, args: &[Value]) -> PyResult {
    let bytes = vm.buffer_bytes(&args[1])?;
    let hash = gilbert_vm::hash::bytes(&bytes);
    Ok(vm.new_bytes(hash.to_le_bytes().to_vec()))
}
/// The spec of a module that need not be loaded, or None. The parent must have been imported by then: `path` is its `__path__`.
fn find_spec(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.expect_str(&args[0], "name")?;
    let search = (!args[1].is_none()).then_some(&args[1]);
    match vm.find_module(&name, search)? {
        Some(found) => vm.spec_of(&name, &found),
        None => Ok(Value::NONE),
    }
}
