//! `object`, the base of all classes (`Objects/typeobject.c`, `object_*`).

use crate::error::PyResult;
use crate::heap::IN_REPR;
use crate::image::TypeDef;
use crate::object::{Bare, Instance, layout_of};
use crate::special::Special;
use crate::types::T;
use crate::types::dict::Dict;
use crate::types::native::{Kwargs, class_method, getset, method, static_method};
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::{TypeObj, flags};
use crate::value::Value;
use crate::vm::Vm;

// --- what other types use ----------------------------------------------------------------------------------------

/// Marks a container as being printed while it lives; see [`enter_repr`].
pub struct ReprGuard(Value);

impl Drop for ReprGuard {
    fn drop(&mut self) {
        if let Some(h) = self.0.header() {
            h.unset(IN_REPR);
        }
    }
}

/// Begins to print an object; `None` where it is being printed already (a cycle).
pub fn enter_repr(v: &Value) -> Option<ReprGuard> {
    let h = v.header()?;
    if h.has(IN_REPR) {
        return None;
    }
    if !h.is_immortal() {
        h.set(IN_REPR);
        return Some(ReprGuard(v.clone()));
    }
    Some(ReprGuard(Value::NULL))
}

/// Calls `f` with arguments that arrived as a tuple and a dict.
pub fn call_packed(vm: &mut Vm, f: &Value, args: &Value, kw: &Value) -> PyResult {
    let args = args.get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default();
    let items = vm.dict_items(kw);
    let (names, values): (Vec<Value>, Vec<Value>) = items.into_iter().unzip();
    vm.call_kw(f, &args, Kwargs { names: &names, values: &values })
}

/// The getter of `__dict__`.
pub fn get_dict(vm: &mut Vm, v: &Value) -> PyResult {
    match vm.instance_dict(v) {
        Some(d) => Ok(d),
        None => {
            let name = vm.intern("__dict__");
            Err(vm.no_attr(v, &name))
        }
    }
}

/// The setter of `__dict__`.
pub fn set_dict(vm: &mut Vm, v: &Value, dict: Value) -> PyResult<()> {
    // deleting it leaves a new, empty one
    let dict = if dict.is_null() { vm.new_dict() } else { dict };
    if !dict.is_a::<Dict>() {
        let name = vm.type_name(&dict);
        return Err(vm.type_error(format!("__dict__ must be set to a dictionary, not a '{name}'")));
    }
    vm.instance_dict(v);
    vm.touch_write(v, crate::probe::Part::Whole);
    let old = v.attrs_mut(vm).and_then(|a| a.values_mut().first_mut().map(|slot| std::mem::replace(slot, dict)));
    drop(old);
    Ok(())
}

/// `<mod.Class object at 0x..>`
pub fn default_repr(vm: &mut Vm, v: &Value) -> String {
    let ty = v.type_of(vm).clone();
    format!("<{} object at {:#x}>", type_path(vm, &ty), vm.address_of(v))
}

/// `mod.Qual.name` of a type, without the module where it is builtins.
pub fn type_path(vm: &mut Vm, ty: &Value) -> String {
    let Some(t) = ty.borrow::<TypeObj>(vm) else { return "?".into() };
    let (qualname, module) = (t.qualname.clone(), super::type_::module_of(vm, ty));
    let q = vm.text(&qualname);
    match module {
        Some(m) if m.is_a::<Str>() => {
            let m = vm.text(&m);
            if m == "builtins" { q } else { format!("{m}.{q}") }
        }
        _ => q,
    }
}

/// A new instance of a class whose `__new__` is object's; TypeError where it is abstract.
pub fn instantiate(vm: &mut Vm, cls: &Value) -> PyResult {
    let t = cls.borrow::<TypeObj>(vm).expect("checked by the caller");
    if t.has(flags::ABSTRACT) {
        return Err(abstract_error(vm, cls)?);
    }
    if t.layout().same(layout_of::<Bare>()) {
        return Ok(vm.new_of(cls, Bare));
    }
    if !t.layout().same(layout_of::<Instance>()) {
        let name = t.short_name();
        return Err(vm.type_error(format!("object.__new__({name}) is not safe, use {name}.__new__()")));
    }
    Ok(vm.new_of(cls, Instance::default()))
}

/// TypeError for a class that has abstract methods left: for the `__new__` of natives.
pub fn check_concrete(vm: &mut Vm, cls: &Value) -> PyResult<()> {
    match cls.borrow::<TypeObj>(vm).is_some_and(|t| t.has(flags::ABSTRACT)) {
        true => Err(abstract_error(vm, cls)?),
        false => Ok(()),
    }
}

fn abstract_error(vm: &mut Vm, cls: &Value) -> PyResult<crate::error::Raised> {
    let missing = vm.attr(cls, "__abstractmethods__")?;
    let names = vm.collect(&missing)?;
    let mut texts: Vec<String> = names.iter().map(|n| format!("'{}'", vm.text(n))).collect();
    texts.sort();
    let (name, plural) = (cls.get_type_name(), if texts.len() == 1 { "" } else { "s" });
    let list = texts.join(", ");
    Ok(vm.type_error(format!("Can't instantiate abstract class {name} without an implementation for abstract method{plural} {list}")))
}

fn special_is_objects(vm: &Vm, ty: &Value, s: Special) -> bool {
    let own = crate::object::type_payload(ty.header().expect("a type")).map(|t| t.special(s));
    let objects = vm.ty(T::Object).header().and_then(crate::object::type_payload).map(|t| t.special(s));
    matches!((own, objects), (Some(a), Some(b)) if a.is(b))
}

// --- object's methods ----------------------------------------------------------------------------------------------

fn has_arguments(vm: &Vm, args: &Value, kw: &Value) -> bool {
    args.get::<Tuple>().is_some_and(|t| !t.items().is_empty()) || kw.borrow::<Dict>(vm).is_some_and(|d| !d.is_empty())
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    if has_arguments(vm, &args[1], &args[2]) {
        check_new_arguments(vm, &args[0])?;
    }
    instantiate(vm, &args[0])
}

/// Arguments given to `object.__new__` are an error unless the class's `__init__` takes them.
pub fn check_new_arguments(vm: &mut Vm, cls: &Value) -> PyResult<()> {
    if !special_is_objects(vm, cls, Special::New) {
        return Err(vm.type_error("object.__new__() takes exactly one argument (the type to instantiate)"));
    }
    if special_is_objects(vm, cls, Special::Init) {
        let name = cls.get_type_name();
        return Err(vm.type_error(format!("{name}() takes no arguments")));
    }
    Ok(())
}

fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    if has_arguments(vm, &args[1], &args[2]) {
        check_init_arguments(vm, &args[0])?;
    }
    Ok(Value::NONE)
}

/// Arguments given to `object.__init__` are an error unless the class's `__new__` takes them.
pub fn check_init_arguments(vm: &mut Vm, obj: &Value) -> PyResult<()> {
    let ty = obj.type_of(vm).clone();
    if !special_is_objects(vm, &ty, Special::Init) {
        return Err(vm.type_error("object.__init__() takes exactly one argument (the instance to initialize)"));
    }
    if special_is_objects(vm, &ty, Special::New) {
        let name = ty.get_type_name();
        return Err(vm.type_error(format!("{name}.__init__() takes exactly one argument (the instance to initialize)")));
    }
    Ok(())
}

fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = default_repr(vm, &args[0]);
    Ok(vm.new_str(text))
}
fn str(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.repr(&args[0])
}
fn eq(_: &mut Vm, args: &[Value]) -> PyResult {
    Ok(if args[0].is(&args[1]) { Value::TRUE } else { Value::NOT_IMPLEMENTED })
}
fn ne(vm: &mut Vm, args: &[Value]) -> PyResult {
    let Some(f) = vm.special(&args[0], Special::Eq) else { return Ok(Value::NOT_IMPLEMENTED) };
    let r = vm.call_special(&f, args)?;
    if r.is_not_implemented() {
        return Ok(r);
    }
    Ok(Value::bool(!vm.truthy(&r)?))
}
fn not_implemented(_: &mut Vm, _: &[Value]) -> PyResult {
    Ok(Value::NOT_IMPLEMENTED)
}
fn hash(vm: &mut Vm, args: &[Value]) -> PyResult {
    let h = vm.identity_hash(&args[0]);
    Ok(vm.new_int(h))
}
/// The TypeError for an attribute name that is no str.
pub fn check_name(vm: &mut Vm, name: &Value) -> PyResult<()> {
    if name.is_a::<Str>() {
        return Ok(());
    }
    let t = vm.type_name(name);
    Err(vm.type_error(format!("attribute name must be string, not '{t}'")))
}
fn getattribute(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_name(vm, &args[1])?;
    vm.generic_get_attr(&args[0], &args[1])
}
fn setattr(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_name(vm, &args[1])?;
    hackcheck(vm, &args[0], "__setattr__")?;
    vm.generic_set_attr(&args[0], &args[1], args[2].clone())?;
    Ok(Value::NONE)
}
fn delattr(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_name(vm, &args[1])?;
    hackcheck(vm, &args[0], "__delattr__")?;
    vm.generic_set_attr(&args[0], &args[1], Value::NULL)?;
    Ok(Value::NONE)
}
/// `object.__setattr__(int, 'x', 1)` must not get round type's own check.
fn hackcheck(vm: &mut Vm, obj: &Value, what: &str) -> PyResult<()> {
    if !obj.is_a::<TypeObj>() {
        return Ok(());
    }
    let name = vm.type_name(obj);
    Err(vm.type_error(format!("can't apply this {what} to {name} object")))
}

/// The names that `dir(obj)` shows for a plain object: its own, its class's and its bases'.
pub fn dir_names(vm: &mut Vm, obj: &Value) -> PyResult<Vec<Value>> {
    let mut names: Vec<Value> = Vec::new();
    if let Some(d) = vm.attr_opt(obj, "__dict__")?
        && d.is_a::<Dict>()
    {
        names.extend(vm.dict_items(&d).into_iter().map(|(k, _)| k));
    }
    if let Some(class) = vm.attr_opt(obj, "__class__")? {
        names.extend(class_names(vm, &class));
    }
    unique(vm, names)
}

/// The names in the namespaces of a class and its bases.
pub fn class_names(vm: &mut Vm, class: &Value) -> Vec<Value> {
    let Some(t) = class.borrow::<TypeObj>(vm) else { return Vec::new() };
    t.mro.iter().filter_map(|c| c.borrow::<TypeObj>(vm)).flat_map(|t| t.dict.iter().map(|(k, _)| k.value.clone())).collect()
}

/// The same names, each once.
pub fn unique(vm: &mut Vm, names: Vec<Value>) -> PyResult<Vec<Value>> {
    let mut seen = Dict::new();
    for n in names {
        let h = vm.hash(&n)?;
        let _ = seen.set_plain(h, &n, Value::NONE);
    }
    Ok(seen.iter().map(|(k, _)| k.value.clone()).collect())
}

fn dir(vm: &mut Vm, args: &[Value]) -> PyResult {
    let names = dir_names(vm, &args[0])?;
    Ok(vm.new_list(names))
}
fn format(vm: &mut Vm, args: &[Value]) -> PyResult {
    let Some(spec) = args[1].get::<Str>() else {
        let t = vm.type_name(&args[1]);
        return Err(vm.type_error(format!("__format__() argument must be str, not {t}")));
    };
    if spec.char_len() > 0 {
        let name = vm.type_name(&args[0]);
        return Err(vm.type_error(format!("unsupported format string passed to {name}.__format__")));
    }
    vm.str(&args[0])
}
fn sizeof(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = args[0].class(vm).layout().size as i64;
    Ok(vm.new_int(n))
}
fn init_subclass(_: &mut Vm, _: &[Value]) -> PyResult {
    Ok(Value::NONE)
}
fn get_class(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(v.type_of(vm).clone())
}
fn set_class(vm: &mut Vm, v: &Value, class: Value) -> PyResult<()> {
    super::class_build::set_class(vm, v, &class)
}

// --- pickling and copying -------------------------------------------------------------------------------------------

/// `import name` from a native: the module of this full name.
pub fn import(vm: &mut Vm, name: &str) -> PyResult {
    vm.import(name)
}

/// `object.__getstate__`
pub fn getstate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let obj = &args[0];
    let class = obj.class(vm);
    let has_dict = class.has(flags::HAS_DICT);
    let mut state = Value::NONE;
    if has_dict && let Some(d) = vm.attr_opt(obj, "__dict__")? {
        state = d;
    }
    let mut slots = Vec::new();
    for name in vm.slot_names(obj) {
        if let Some(v) = vm.get_attr_opt(obj, &name)? {
            slots.push((name, v));
        }
    }
    let no_attrs = state.is_none() || state.borrow::<Dict>(vm).is_some_and(Dict::is_empty);
    if slots.is_empty() {
        return Ok(if no_attrs { Value::NONE } else { state });
    }
    let d = vm.new_dict();
    for (k, v) in slots {
        vm.dict_set(&d, &k, v)?;
    }
    Ok(vm.new_tuple(vec![if no_attrs { Value::NONE } else { state }, d]))
}

fn reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    common_reduce(vm, &args[0], 0)
}
fn reduce_ex(vm: &mut Vm, args: &[Value]) -> PyResult {
    let own = vm.attr(&args[0], "__reduce__")?;
    let ty = args[0].type_of(vm).clone();
    let name = vm.intern("__reduce__");
    let (found, objects) = (vm.type_lookup(&ty, &name), {
        let o = vm.ty(T::Object).clone();
        vm.type_lookup(&o, &name)
    });
    if let (Some(a), Some(b)) = (found, objects)
        && !a.is(&b)
    {
        return vm.call(&own, &[]);
    }
    let proto = args[1].as_small().unwrap_or(2);
    common_reduce(vm, &args[0], proto)
}

fn common_reduce(vm: &mut Vm, obj: &Value, proto: i64) -> PyResult {
    let copyreg = import(vm, "copyreg")?;
    if proto < 2 {
        let proto = vm.new_int(proto);
        return vm.call_method(&copyreg, "_reduce_ex", &[obj.clone(), proto]);
    }
    let class = vm.attr(obj, "__class__")?;
    let (new_args, new_kw) = new_arguments(vm, obj)?;
    let state = vm.call_method(obj, "__getstate__", &[])?;
    let list_items = if obj.class(vm).is_subtype_of(vm.ty(T::List)) { vm.iter(obj)? } else { Value::NONE };
    let dict_items = if obj.class(vm).is_subtype_of(vm.ty(T::Dict)) {
        let items = vm.call_method(obj, "items", &[])?;
        vm.iter(&items)?
    } else {
        Value::NONE
    };
    let has_args = new_args.is_some();
    let mut args = vec![class];
    let (maker, args) = match new_kw {
        Some(kw) => {
            let positional = vm.new_tuple(new_args.unwrap_or_default());
            args.extend([positional, kw]);
            (vm.attr(&copyreg, "__newobj_ex__")?, args)
        }
        None => {
            args.extend(new_args.unwrap_or_default());
            (vm.attr(&copyreg, "__newobj__")?, args)
        }
    };
    let no_state = state.is_none() || obj.is_a::<crate::types::module::Module>() || has_default_state(vm, obj);
    if !has_args && no_state && list_items.is_none() && dict_items.is_none() {
        check_copyable(vm, obj)?;
    }
    let args = vm.new_tuple(args);
    Ok(vm.new_tuple(vec![maker, args, state, list_items, dict_items]))
}

/// Whether `__getstate__` is object's own, which tells the attributes only.
fn has_default_state(vm: &mut Vm, obj: &Value) -> bool {
    let (name, class, object) = (vm.intern("__getstate__"), obj.type_of(vm).clone(), vm.ty(T::Object).clone());
    let (own, default) = (vm.type_lookup(&class, &name), vm.type_lookup(&object, &name));
    matches!((own, default), (Some(a), Some(b)) if a.is(&b))
}

/// A method of the object's class, bound to it; a `__getattr__` is not asked.
fn class_method_of(vm: &mut Vm, obj: &Value, name: &str) -> PyResult<Option<Value>> {
    let (name, class) = (vm.intern(name), obj.type_of(vm).clone());
    match vm.type_lookup(&class, &name) {
        Some(f) => vm.descriptor_get(&f, obj, &class).map(Some),
        None => Ok(None),
    }
}

/// Natives whose payload is not told by `__getnewargs__` cannot be rebuilt.
fn check_copyable(vm: &mut Vm, obj: &Value) -> PyResult<()> {
    let class = obj.class(vm);
    let layout = class.layout();
    let plain = layout.same(layout_of::<Bare>()) || layout.same(layout_of::<Instance>()) || class.has(flags::EXCEPTION);
    let builtin = obj.is_a::<crate::types::list::List>() || obj.is_a::<Dict>() || !obj.is_object();
    if plain || builtin {
        return Ok(());
    }
    let name = vm.type_name(obj);
    Err(vm.type_error(format!("cannot pickle '{name}' object")))
}

/// What `__getnewargs_ex__` or `__getnewargs__` gives: positional arguments, keywords.
fn new_arguments(vm: &mut Vm, obj: &Value) -> PyResult<(Option<Vec<Value>>, Option<Value>)> {
    if let Some(f) = class_method_of(vm, obj, "__getnewargs_ex__")? {
        let r = vm.call(&f, &[])?;
        let Some(t) = r.get::<Tuple>() else {
            let name = vm.type_name(&r);
            return Err(vm.type_error(format!("__getnewargs_ex__ should return a tuple, not '{name}'")));
        };
        let [args, kw] = t.items() else {
            let n = t.items().len();
            return Err(vm.value_error(format!("__getnewargs_ex__ should return a tuple of length 2, not {n}")));
        };
        let positional = vm.collect(args)?;
        let empty = kw.borrow::<Dict>(vm).is_some_and(Dict::is_empty);
        return Ok((Some(positional), if empty { None } else { Some(kw.clone()) }));
    }
    match class_method_of(vm, obj, "__getnewargs__")? {
        Some(f) => {
            let r = vm.call(&f, &[])?;
            if !r.is_a::<Tuple>() {
                let name = vm.type_name(&r);
                return Err(vm.type_error(format!("__getnewargs__ should return a tuple, not '{name}'")));
            }
            Ok((Some(vm.collect(&r)?), None))
        }
        None => Ok((None, None)),
    }
}

/// `object`
pub static OBJECT: TypeDef = TypeDef::new("object", layout_of::<Bare>())
    .base(None)
    .flags(flags::BASE)
    .doc("The base class of the class hierarchy.\n\nWhen called, it accepts no arguments and returns a new featureless\ninstance that has no instance attributes and cannot be given any.\n")
    .methods(&[
        static_method("__new__(cls, *args, **kwargs)", new),
        method("__init__(self, *args, **kwargs)", init),
        method("__repr__(self, /)", repr),
        method("__str__(self, /)", str),
        method("__eq__(self, value, /)", eq),
        method("__ne__(self, value, /)", ne),
        method("__lt__(self, value, /)", not_implemented),
        method("__le__(self, value, /)", not_implemented),
        method("__gt__(self, value, /)", not_implemented),
        method("__ge__(self, value, /)", not_implemented),
        method("__hash__(self, /)", hash),
        method("__getattribute__(self, name, /)", getattribute),
        method("__setattr__(self, name, value, /)", setattr),
        method("__delattr__(self, name, /)", delattr),
        method("__dir__(self, /)", dir),
        method("__format__(self, format_spec, /)", format),
        method("__reduce__(self, /)", reduce),
        method("__reduce_ex__(self, protocol, /)", reduce_ex),
        method("__getstate__(self, /)", getstate),
        method("__sizeof__(self, /)", sizeof),
        class_method("__init_subclass__(cls, /)", init_subclass),
        class_method("__subclasshook__(cls, object, /)", not_implemented),
    ])
    .getset(&[getset("__class__", get_class, set_class)]);
