//! `_ast`: the classes of syntax trees, trees made from source (`ast.parse`) and code made from trees (`compile`).

mod from_python;
mod table;
mod to_python;

use gilbert_vm::compile::{Mode, Options};
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Instance, layout_of};
use gilbert_vm::types::T;
use gilbert_vm::types::native::{NativeDef, function, getter, method, static_method};
use gilbert_vm::types::object_;
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use table::{ABSTRACT, ALL, CLASSES, Fill, PLACE, PLACED};

/// Where the isolate keeps the classes, in the order of the table.
const CLASSES_KEY: &str = "ast.classes";
/// The instances of the classes without fields (`Load()`, `Add()`), which all trees share; None for the others.
const SHARED_KEY: &str = "ast.shared";

static FUNCTIONS: &[NativeDef] = &[
    function("_parse(source, filename, mode, /)", parse),
    function("_compile(tree, filename, mode, flags, optimize, /)", compile),
    function("_is_tree(object, /)", |vm, a| {
        let ast = vm.native_type(&AST);
        Ok(Value::bool(vm.isinstance_plain(&a[0], &ast)?))
    }),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_ast", "", FUNCTIONS);
    for (name, value) in [("PyCF_ONLY_AST", 0x400), ("PyCF_OPTIMIZED_AST", 0x8400), ("PyCF_TYPE_COMMENTS", 0x1000), ("PyCF_ALLOW_TOP_LEVEL_AWAIT", 0x2000)] {
        vm.module_set(&m, name, Value::i32(value));
    }
    let ast = vm.module_add_type(&m, &AST);
    let empty = vm.new_tuple(vec![]);
    for key in ["_fields", "_attributes", "__match_args__"] {
        vm.native_type_set(&ast, key, empty.clone());
    }
    let types = vm.new_dict();
    vm.native_type_set(&ast, "_field_types", types);
    let place = names(vm, &PLACE);
    for (name, placed) in ABSTRACT {
        let class = make_class(vm, name, &ast, empty.clone(), if *placed { Some(place.clone()) } else { Some(empty.clone()) })?;
        if *placed {
            optional_end(vm, &class)?;
        }
        vm.module_set(&m, name, class);
    }
    let (mut classes, mut shared) = (Vec::new(), Vec::new());
    for class in CLASSES {
        let base = if class.base == "AST" { ast.clone() } else { vm.attr(&m, class.base)? };
        let fields: Vec<&str> = class.fields().map(|(n, _)| n).collect();
        let fields = names(vm, &fields);
        let place = PLACED.contains(&class.name).then(|| place.clone());
        let own_place = place.is_some();
        let made = make_class(vm, class.name, &base, fields, place)?;
        if own_place {
            optional_end(vm, &made)?;
        }
        for (field, _) in class.fields().filter(|f| f.1 == Fill::Optional) {
            let field = vm.intern(field);
            vm.set_attr(&made, &field, Value::NONE)?;
        }
        shared.push(if class.fields.is_empty() && class.base != "stmt" { vm.call(&made, &[])? } else { Value::NONE });
        vm.module_set(&m, class.name, made.clone());
        classes.push(made);
    }
    let (classes, shared) = (vm.new_tuple(classes), vm.new_tuple(shared));
    vm.iso_mut().state.insert(CLASSES_KEY, classes);
    vm.iso_mut().state.insert(SHARED_KEY, shared);
    Ok(m)
}

fn names(vm: &mut Vm, all: &[&str]) -> Value {
    let items = all.iter().map(|n| vm.intern(n)).collect();
    vm.new_tuple(items)
}
/// A node class is an ordinary class, so that scripts can derive from it and hang attributes on it.
fn make_class(vm: &mut Vm, name: &str, base: &Value, fields: Value, attributes: Option<Value>) -> PyResult {
    let namespace = vm.new_dict();
    let module = vm.intern("ast");
    for (key, value) in [("__module__", Some(module)), ("_fields", Some(fields.clone())), ("__match_args__", Some(fields)), ("_attributes", attributes)] {
        if let Some(value) = value {
            vm.dict_set_text(&namespace, key, value);
        }
    }
    let (ty, name) = (vm.ty(T::Type).clone(), vm.intern(name));
    let bases = vm.new_tuple(vec![base.clone()]);
    vm.call(&ty, &[name, bases, namespace])
}
fn optional_end(vm: &mut Vm, class: &Value) -> PyResult<()> {
    for key in &PLACE[2..] {
        let key = vm.intern(key);
        vm.set_attr(class, &key, Value::NONE)?;
    }
    Ok(())
}
fn state_tuple(vm: &mut Vm, key: &'static str) -> PyResult<Vec<Value>> {
    if !vm.iso().state.contains_key(key) {
        vm.import("_ast")?;
    }
    let v = vm.iso().state.get(key).cloned().unwrap_or_default();
    Ok(v.get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default())
}
/// The number of a node's class, or of the nearest class above it that the table has.
fn number_of(vm: &mut Vm, classes: &[Value], node: &Value) -> Option<table::N> {
    let mro: Vec<Value> = node.class(vm).mro.to_vec();
    mro.iter().find_map(|c| classes.iter().position(|k| k.is(c))).map(|i| ALL[i])
}

// --- AST --------------------------------------------------------------------------------------------------------------

fn fields_of(vm: &mut Vm, node: &Value) -> PyResult<Vec<Value>> {
    match vm.attr_opt(node, "_fields")? {
        Some(f) => vm.collect(&f),
        None => Ok(Vec::new()),
    }
}
/// `Name("x", ctx=Load())`: fields by position or name; lists that are left out are empty, contexts `Load()`.
fn node_init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let fields = fields_of(vm, &args[0])?;
    let given = args[1].get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default();
    if given.len() > fields.len() {
        let (name, n) = (vm.short_type_name(&args[0]), fields.len());
        return Err(vm.type_error(format!("{name} constructor takes at most {n} positional argument{}", if n == 1 { "" } else { "s" })));
    }
    for (field, value) in fields.iter().zip(&given) {
        vm.set_attr(&args[0], field, value.clone())?;
    }
    for (key, value) in vm.dict_items(&args[2]) {
        if fields.iter().take(given.len()).any(|f| vm.text(f) == vm.text(&key)) {
            let (name, key) = (vm.short_type_name(&args[0]), vm.text(&key));
            return Err(vm.type_error(format!("{name} got multiple values for argument '{key}'")));
        }
        vm.set_attr(&args[0], &key, value)?;
    }
    fill_missing(vm, &args[0], given.len(), &args[2])?;
    Ok(Value::NONE)
}
fn fill_missing(vm: &mut Vm, node: &Value, given: usize, named: &Value) -> PyResult<()> {
    if !vm.iso().state.contains_key(CLASSES_KEY) {
        return Ok(());
    }
    let classes = state_tuple(vm, CLASSES_KEY)?;
    let Some(n) = number_of(vm, &classes, node) else { return Ok(()) };
    for (field, fill) in CLASSES[n as usize].fields().skip(given) {
        let key = vm.intern(field);
        if !matches!(fill, Fill::Many | Fill::Context) || vm.dict_get_str(named, &key).is_some() {
            continue;
        }
        let value = match fill {
            Fill::Many => vm.new_list(vec![]),
            _ => state_tuple(vm, SHARED_KEY)?[table::N::Load as usize].clone(),
        };
        vm.set_attr(node, &key, value)?;
    }
    Ok(())
}
fn node_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let ty = args[0].type_of(vm).clone();
    let state = vm.instance_dict(&args[0]).unwrap_or(Value::NONE);
    let copy = vm.new_dict();
    if !state.is_none() {
        vm.dict_update(&copy, &state)?;
    }
    let empty = vm.new_tuple(vec![]);
    Ok(vm.new_tuple(vec![ty, empty, copy]))
}
/// `copy.replace(node, field=value)`
fn node_replace(vm: &mut Vm, args: &[Value]) -> PyResult {
    let ty = args[0].type_of(vm).clone();
    let made = vm.new_of(&ty, Instance::default());
    for (key, value) in vm.own_attrs(&args[0]) {
        vm.set_attr(&made, &key, value)?;
    }
    let mut known = fields_of(vm, &args[0])?;
    let attributes = vm.attr(&args[0], "_attributes")?;
    known.extend(vm.collect(&attributes)?);
    for (key, value) in vm.dict_items(&args[1]) {
        if !known.iter().any(|k| vm.text(k) == vm.text(&key)) {
            let (name, key) = (vm.short_type_name(&args[0]), vm.text(&key));
            return Err(vm.type_error(format!("{name}.__replace__ got an unexpected keyword argument '{key}'.")));
        }
        vm.set_attr(&made, &key, value)?;
    }
    Ok(made)
}

/// `ast.AST`
static AST: TypeDef = TypeDef::new("ast.AST", layout_of::<Instance>())
    .flags(flags::BASE | flags::HAS_DICT)
    .methods(&[
        static_method("__new__(cls, *args, **kwargs)", |vm, a| Ok(vm.new_of(&a[0], Instance::default()))),
        method("__init__(self, *args, **kwargs)", node_init),
        method("__reduce__(self, /)", node_reduce),
        method("__replace__(self, /, **fields)", node_replace),
    ])
    .getset(&[getter("__dict__", object_::get_dict)]);

// --- from and to source -------------------------------------------------------------------------------------------------

fn source_text(vm: &mut Vm, source: &Value) -> PyResult<String> {
    if let Some(s) = source.get::<Str>() {
        return Ok(s.lossy().into_owned());
    }
    if !vm.is_buffer(source) {
        return Err(vm.type_error("compile() arg 1 must be a string, bytes or AST object"));
    }
    let bytes = vm.buffer_bytes(source)?;
    gilbert_parser::decode_source(&bytes).map_err(|e| vm.syntax_error(&e, "", "<string>"))
}

/// `compile(source, filename, mode, PyCF_ONLY_AST)`
fn parse(vm: &mut Vm, args: &[Value]) -> PyResult {
    let ast = vm.native_type(&AST);
    if vm.isinstance_plain(&args[0], &ast)? {
        return Ok(args[0].clone());
    }
    let text = source_text(vm, &args[0])?;
    let filename = vm.str_text(&args[1])?;
    let mode = vm.expect_str(&args[2], "compile() argument 'mode'")?;
    let mut warnings = Vec::new();
    let tree = match mode.as_str() {
        "exec" => gilbert_vm::deep::on_big_stack(|| gilbert_parser::parse_module(&text)).map(|m| {
            warnings = m.warnings;
            to_python::Root::Module(m.body)
        }),
        "single" => gilbert_parser::parse_single(&text).map(|m| to_python::Root::Interactive(m.body)),
        "eval" => gilbert_vm::deep::on_big_stack(|| gilbert_parser::parse_expression(&text)).map(|e| to_python::Root::Expression(e.body)),
        "func_type" => return Err(vm.err(gilbert_vm::error::Exc::NotImplementedError, "ast.parse: mode 'func_type' is not supported by Gilbert")),
        _ => return Err(vm.value_error("compile() mode must be 'exec', 'eval', 'single' or 'func_type'")),
    };
    let tree = tree.map_err(|e| vm.syntax_error(&e, &text, &filename))?;
    let made = to_python::convert(vm, &tree, &text)?;
    for w in &warnings {
        vm.syntax_warning(w, &text, &filename)?;
    }
    Ok(made)
}

/// `compile(tree, filename, mode)`
fn compile(vm: &mut Vm, args: &[Value]) -> PyResult {
    let filename = vm.str_text(&args[1])?;
    let mode_text = vm.expect_str(&args[2], "compile() argument 'mode'")?;
    let (flags, optimize) = (vm.to_i64(&args[3])?, vm.to_i64(&args[4])?);
    let options = Options {
        optimize: if optimize < 0 { vm.iso().settings.optimize } else { optimize as u8 },
        future_annotations: flags & 0x100_0000 != 0,
        ..Options::default()
    };
    let mode = match mode_text.as_str() {
        "exec" => Mode::Exec,
        "eval" => Mode::Eval,
        "single" => Mode::Single,
        _ => return Err(vm.value_error("compile() mode must be 'exec', 'eval' or 'single'")),
    };
    let tree = from_python::convert(vm, &args[0], mode)?;
    vm.compile_tree(tree, &filename, &options)
}
