//! `_csv`: rows of text (`Modules/_csv.c`; PEP 305).

mod dialect;
mod reader;
mod writer;

use crate::exceptions::ExcDef;
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::types::native::{Kwargs, NativeDef, function};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

static ERROR: ExcDef = ExcDef { full_name: "_csv.Error", base: Exc::Exception };

const FUNCTIONS: &[NativeDef] = &[
    function("reader(*args, **fmtparams)", |vm, a| {
        let (first, dialect) = arguments(vm, a)?;
        let dialect = make(vm, dialect, &a[1])?;
        reader::new(vm, &first, dialect)
    })
    .doc("csv_reader = reader(iterable [, dialect='excel'] [optional keyword args])"),
    function("writer(*args, **fmtparams)", |vm, a| {
        let (first, dialect) = arguments(vm, a)?;
        let dialect = make(vm, dialect, &a[1])?;
        writer::new(vm, &first, dialect)
    })
    .doc("csv_writer = csv.writer(fileobj [, dialect='excel'] [optional keyword args])"),
    function("register_dialect(name, dialect=NULL, /, **fmtparams)", register).doc("Create a mapping from a string name to a dialect class."),
    function("unregister_dialect(name)", |vm, a| {
        let all = Registry::dict(vm);
        match vm.dict_remove(&all, &a[0])? {
            Some(_) => Ok(Value::NONE),
            None => Err(dialect::unknown(vm)),
        }
    })
    .doc("Delete the name/dialect mapping associated with a string name."),
    function("get_dialect(name)", |vm, a| Registry::get(vm, &a[0])).doc("Return the dialect instance associated with name."),
    function("list_dialects()", |vm, _| {
        let all = Registry::dict(vm);
        let names = vm.dict_items(&all).into_iter().map(|(name, _)| name).collect();
        Ok(vm.new_list(names))
    })
    .doc("Return a list of all known dialect names."),
    function("field_size_limit(new_limit=NULL)", set_field_limit).doc("Sets an upper limit on parsed fields."),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_csv", "CSV parsing and writing.\n", FUNCTIONS);
    for (name, value) in [
        ("QUOTE_MINIMAL", dialect::QUOTE_MINIMAL),
        ("QUOTE_ALL", dialect::QUOTE_ALL),
        ("QUOTE_NONNUMERIC", dialect::QUOTE_NONNUMERIC),
        ("QUOTE_NONE", dialect::QUOTE_NONE),
        ("QUOTE_STRINGS", dialect::QUOTE_STRINGS),
        ("QUOTE_NOTNULL", dialect::QUOTE_NOTNULL),
    ] {
        vm.module_set(&m, name, Value::i32(value));
    }
    for (name, def) in [("Dialect", &dialect::DIALECT), ("Reader", &reader::READER), ("Writer", &writer::WRITER)] {
        let ty = vm.native_type(def);
        vm.module_set(&m, name, ty);
    }
    let (version, all, error) = (vm.new_str("1.0"), Registry::dict(vm), ERROR.class(vm)?);
    vm.module_set(&m, "__version__", version);
    vm.module_set(&m, "_dialects", all);
    vm.module_set(&m, "Error", error);
    Ok(m)
}

/// The dialects by name, one table for each isolate.
pub struct Registry;

impl Registry {
    /// The table.
    pub fn dict(vm: &mut Vm) -> Value {
        const KEY: &str = "csv dialects";
        if let Some(d) = vm.iso().state.get(KEY) {
            return d.clone();
        }
        let d = vm.new_dict();
        vm.iso_mut().state.insert(KEY, d.clone());
        d
    }
    /// The dialect of a name. `_csv.Error` "unknown dialect".
    pub fn get(vm: &mut Vm, name: &Value) -> PyResult {
        let all = Registry::dict(vm);
        match vm.dict_get(&all, name)? {
            Some(d) => Ok(d),
            None => Err(dialect::unknown(vm)),
        }
    }
}

/// The one or two positional arguments of `reader` and `writer`.
fn arguments(vm: &mut Vm, a: &[Value]) -> PyResult<(Value, Value)> {
    match a[0].get::<Tuple>().map_or(&[][..], Tuple::items) {
        [first] => Ok((first.clone(), Value::NULL)),
        [first, dialect] => Ok((first.clone(), dialect.clone())),
        [] => Err(vm.type_error(" expected at least 1 argument, got 0")),
        more => Err(vm.type_error(format!(" expected at most 2 arguments, got {}", more.len()))),
    }
}
/// `Dialect(dialect, **options)`
fn make(vm: &mut Vm, dialect: Value, options: &Value) -> PyResult {
    let (names, values): (Vec<Value>, Vec<Value>) = vm.dict_items(options).into_iter().unzip();
    const KNOWN: &str = " dialect delimiter doublequote escapechar lineterminator quotechar quoting skipinitialspace strict ";
    for name in &names {
        let name = vm.text(name);
        if !KNOWN.contains(&format!(" {name} ")) {
            return Err(vm.type_error(format!("'{name}' is an invalid keyword argument for this function")));
        }
    }
    let ty = vm.native_type(&dialect::DIALECT);
    let positional: &[Value] = if dialect.is_null() { &[] } else { std::slice::from_ref(&dialect) };
    vm.call_kw(&ty, positional, Kwargs { names: &names, values: &values })
}
fn register(vm: &mut Vm, a: &[Value]) -> PyResult {
    if !a[0].is_a::<Str>() {
        return Err(vm.type_error("dialect name must be a string"));
    }
    let made = make(vm, a[1].clone(), &a[2])?;
    let all = Registry::dict(vm);
    vm.dict_set(&all, &a[0], made)?;
    Ok(Value::NONE)
}

const LIMIT: &str = "csv field limit";
const DEFAULT_LIMIT: i64 = 128 * 1024;

/// The most characters that a field may have.
fn field_limit(vm: &Vm) -> i64 {
    vm.iso().state.get(LIMIT).and_then(Value::as_small).unwrap_or(DEFAULT_LIMIT)
}
fn set_field_limit(vm: &mut Vm, a: &[Value]) -> PyResult {
    let old = field_limit(vm);
    if !a[0].is_null() {
        if vm.int_value(&a[0]).is_none() {
            return Err(vm.type_error("limit must be an integer"));
        }
        let new = vm.to_i64(&a[0])?;
        vm.iso_mut().state.insert(LIMIT, Value::small(new).unwrap_or(Value::small_wrap(gilbert_vm::value::SMALL_MAX)));
    }
    Ok(vm.new_int(old))
}
