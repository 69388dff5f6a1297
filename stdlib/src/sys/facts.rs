//! The facts that `sys` tells: versions, limits, paths, flags.

use crate::struct_seq::{self, Fields};
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::types::T;
use gilbert_vm::types::native::{getter, method, static_method};
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// The Python that we claim: the one whose library is embedded.
const VERSION: (i32, i32, i32) = (3, 14, 0);
const HEXVERSION: i64 = 0x030E_00F0;

/// Declares a struct sequence of `sys`: fields and their getters.
macro_rules! facts {
    ($fields:ident, $def:ident, $name:literal, $doc:literal, [$($i:literal $field:literal,)*]) => {
        static $fields: Fields = Fields { names: &[$($field,)*], visible: [$($field,)*].len() };
        static $def: TypeDef = TypeDef::new($name, struct_seq::layout())
            .base(Some(T::Tuple))
            .flags(flags::SEQUENCE | flags::NO_NEW)
            .doc($doc)
            .methods(&[
                static_method("__new__(cls, *args, **kwargs)", |vm, _| Err(vm.type_error(concat!("cannot create '", $name, "' instances")))),
                method("__repr__(self, /)", |vm, a| struct_seq::repr(vm, &a[0], $name, &$fields)),
                method("__reduce__(self, /)", |vm, a| struct_seq::reduce(vm, &a[0])),
            ])
            .getset(&[$(getter($field, struct_seq::item::<$i>),)*]);
    };
}

facts!(VERSION_FIELDS, VERSION_INFO, "sys.version_info", "Version information as a named tuple.", [
    0 "major", 1 "minor", 2 "micro", 3 "releaselevel", 4 "serial",
]);
facts!(FLOAT_FIELDS, FLOAT_INFO, "sys.float_info", "A named tuple holding information about the float type.", [
    0 "max", 1 "max_exp", 2 "max_10_exp", 3 "min", 4 "min_exp", 5 "min_10_exp", 6 "dig", 7 "mant_dig", 8 "epsilon", 9 "radix", 10 "rounds",
]);
facts!(INT_FIELDS, INT_INFO, "sys.int_info", "A named tuple that holds information about Python's internal representation of integers.", [
    0 "bits_per_digit", 1 "sizeof_digit", 2 "default_max_str_digits", 3 "str_digits_check_threshold",
]);
facts!(HASH_FIELDS, HASH_INFO, "sys.hash_info", "Hash information as a named tuple.", [
    0 "width", 1 "modulus", 2 "inf", 3 "nan", 4 "imag", 5 "algorithm", 6 "hash_bits", 7 "seed_bits", 8 "cutoff",
]);
facts!(THREAD_FIELDS, THREAD_INFO, "sys.thread_info", "A named tuple holding information about the thread implementation.", [
    0 "name", 1 "lock", 2 "version",
]);
facts!(FLAG_FIELDS, FLAGS, "sys.flags", "Flags provided through command line arguments or environment vars.", [
    0 "debug", 1 "inspect", 2 "interactive", 3 "optimize", 4 "dont_write_bytecode", 5 "no_user_site", 6 "no_site", 7 "ignore_environment", 8 "verbose",
    9 "bytes_warning", 10 "quiet", 11 "hash_randomization", 12 "isolated", 13 "dev_mode", 14 "utf8_mode", 15 "warn_default_encoding", 16 "safe_path",
    17 "int_max_str_digits", 18 "gil", 19 "thread_inherit_context", 20 "context_aware_warnings",
]);

/// Fills the namespace.
pub fn add(vm: &mut Vm, dict: &Value) -> PyResult<()> {
    let small = |i: i64| Value::small_wrap(i);
    let text = |vm: &mut Vm, s: &str| vm.new_str(s);
    let set = |vm: &mut Vm, k: &str, v: Value| vm.dict_set_text(dict, k, v);

    let final_ = text(vm, "final");
    let version = vec![small(VERSION.0 as i64), small(VERSION.1 as i64), small(VERSION.2 as i64), final_, small(0)];
    let version = fact(vm, &VERSION_INFO, &VERSION_FIELDS, version);
    set(vm, "version_info", version.clone());
    let v = text(vm, &format!("{}.{}.{} (gilbert {})", VERSION.0, VERSION.1, VERSION.2, env!("CARGO_PKG_VERSION")));
    set(vm, "version", v);
    set(vm, "hexversion", small(HEXVERSION));
    set(vm, "api_version", small(1013));
    let v = text(vm, "Copyright (c) the authors of Gilbert. The library: Copyright (c) 2001 Python Software Foundation.");
    set(vm, "copyright", v);
    let max = vm.new_int(i64::MAX);
    set(vm, "maxsize", max.clone());
    set(vm, "maxunicode", small(0x10FFFF));
    let order = if cfg!(target_endian = "little") { "little" } else { "big" };
    for (k, s) in [("platform", "linux"), ("byteorder", order), ("float_repr_style", "short"), ("abiflags", ""), ("platlibdir", "lib")] {
        let v = text(vm, s);
        set(vm, k, v);
    }
    implementation(vm, dict, &version)?;
    numbers(vm, dict, &max);
    let pthread = text(vm, "pthread");
    let futex = text(vm, "futex");
    let v = fact(vm, &THREAD_INFO, &THREAD_FIELDS, vec![pthread, futex, Value::NONE]);
    set(vm, "thread_info", v);
    flags_and_paths(vm, dict);
    module_names(vm, dict);
    Ok(())
}

fn fact(vm: &mut Vm, def: &'static TypeDef, fields: &Fields, values: Vec<Value>) -> Value {
    let ty = vm.native_type(def);
    struct_seq::describe(vm, &ty, fields);
    struct_seq::new(vm, &ty, fields, values)
}

fn implementation(vm: &mut Vm, dict: &Value, version: &Value) -> PyResult<()> {
    let ty = vm.ty(T::SimpleNamespace).clone();
    let ns = vm.call(&ty, &[])?;
    let (name, tag) = (vm.new_str("gilbert"), vm.new_str("gilbert-314"));
    for (k, v) in [
        ("name", name),
        ("cache_tag", tag),
        ("version", version.clone()),
        ("hexversion", Value::small_wrap(HEXVERSION)),
        ("supports_isolated_interpreters", Value::FALSE),
    ] {
        let k = vm.intern(k);
        vm.set_attr(&ns, &k, v)?;
    }
    vm.dict_set_text(dict, "implementation", ns);
    Ok(())
}

fn numbers(vm: &mut Vm, dict: &Value, max: &Value) {
    let small = Value::small_wrap;
    let float = vec![
        Value::float(f64::MAX),
        small(1024),
        small(308),
        Value::float(f64::MIN_POSITIVE),
        small(-1021),
        small(-307),
        small(15),
        small(53),
        Value::float(f64::EPSILON),
        small(2),
        small(1),
    ];
    let v = fact(vm, &FLOAT_INFO, &FLOAT_FIELDS, float);
    vm.dict_set_text(dict, "float_info", v);
    let v = fact(vm, &INT_INFO, &INT_FIELDS, vec![small(30), small(4), small(4300), small(640)]);
    vm.dict_set_text(dict, "int_info", v);
    let algorithm = vm.new_str("siphash13");
    let modulus = vm.new_int((1 << 61) - 1);
    let hash = vec![small(64), modulus, small(314159), small(0), small(1000003), algorithm, small(64), small(128), small(0)];
    let v = fact(vm, &HASH_INFO, &HASH_FIELDS, hash);
    vm.dict_set_text(dict, "hash_info", v);
    let _ = max;
}

fn flags_and_paths(vm: &mut Vm, dict: &Value) {
    let settings = vm.iso().settings.clone();
    let small = Value::small_wrap;
    let mut flags = vec![small(0); FLAG_FIELDS.names.len()];
    flags[3] = small(settings.optimize as i64);
    flags[4] = small(1);
    flags[11] = small(1);
    flags[13] = Value::FALSE;
    flags[14] = small(1);
    flags[16] = Value::FALSE;
    flags[17] = small(4300);
    flags[18] = small(1);
    flags[19] = small(0);
    flags[20] = small(0);
    let v = fact(vm, &FLAGS, &FLAG_FIELDS, flags);
    vm.dict_set_text(dict, "flags", v);
    let argv = texts(vm, if settings.argv.is_empty() { vec![String::new()] } else { settings.argv });
    let mut path = settings.path;
    path.push(gilbert_vm::import::LIBRARY.into());
    let path = texts(vm, path);
    let (orig, modules) = (argv.clone(), vm.iso().modules.clone());
    let program = vm.new_str(settings.program);
    let prefix = vm.new_str("<lib>");
    for (k, v) in [("argv", argv), ("orig_argv", orig), ("path", path), ("modules", modules), ("executable", program.clone()), ("_base_executable", program)] {
        vm.dict_set_text(dict, k, v);
    }
    for k in ["prefix", "base_prefix", "exec_prefix", "base_exec_prefix", "_stdlib_dir"] {
        vm.dict_set_text(dict, k, prefix.clone());
    }
    for (k, items) in [("meta_path", vec![]), ("path_hooks", vec![]), ("warnoptions", settings.warn_options)] {
        let v = texts(vm, items);
        vm.dict_set_text(dict, k, v);
    }
    let (cache, xoptions) = (vm.new_dict(), vm.new_dict());
    let git = ["gilbert", "", ""].iter().map(|s| vm.new_str(*s)).collect();
    let git = vm.new_tuple(git);
    for (k, v) in
        [("path_importer_cache", cache), ("_xoptions", xoptions), ("dont_write_bytecode", Value::TRUE), ("pycache_prefix", Value::NONE), ("_git", git)]
    {
        vm.dict_set_text(dict, k, v);
    }
}

fn texts(vm: &mut Vm, items: Vec<String>) -> Value {
    let items = items.into_iter().map(|s| vm.new_str(s)).collect();
    vm.new_list(items)
}

fn module_names(vm: &mut Vm, dict: &Value) {
    let library = vm.iso().library.clone();
    let mut natives = library.names();
    natives.push("builtins");
    natives.sort_unstable();
    natives.dedup();
    let mut all: Vec<&str> = library.source_names().into_iter().filter(|n| !n.contains('.')).chain(natives.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    let natives = natives.into_iter().map(|n| vm.intern(n)).collect();
    let natives = vm.new_tuple(natives);
    let all: Vec<Value> = all.into_iter().map(|n| vm.intern(n)).collect();
    let all = vm.new_frozenset(&all).unwrap_or(Value::NONE);
    vm.dict_set_text(dict, "builtin_module_names", natives);
    vm.dict_set_text(dict, "stdlib_module_names", all);
}
