//! `itemgetter`, `attrgetter`, `methodcaller`.

use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Changes, Cloner, Immutable, Payload, layout_of};
use gilbert_vm::types::native::{Kwargs, method, static_method};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// The payload of `itemgetter`: its keys.
struct ItemGetter {
    keys: Vec<Value>,
}
/// The payload of `attrgetter`: the names as given, and each taken apart at its dots.
struct AttrGetter {
    names: Vec<Value>,
    paths: Vec<Vec<Value>>,
}
/// The payload of `methodcaller`.
struct MethodCaller {
    name: Value,
    args: Vec<Value>,
    kw_names: Vec<Value>,
    kw_values: Vec<Value>,
}

impl Payload for ItemGetter {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.keys.iter().for_each(visit);
    }
    fn clone_in(&self, c: &mut Cloner) -> ItemGetter {
        ItemGetter { keys: c.values(&self.keys) }
    }
}
impl Immutable for ItemGetter {}
impl Payload for AttrGetter {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.names.iter().for_each(&mut *visit);
        self.paths.iter().flatten().for_each(visit);
    }
    fn clone_in(&self, c: &mut Cloner) -> AttrGetter {
        AttrGetter { names: c.values(&self.names), paths: self.paths.iter().map(|p| c.values(p)).collect() }
    }
}
impl Immutable for AttrGetter {}
impl Payload for MethodCaller {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.name);
        self.args.iter().for_each(&mut *visit);
        self.kw_names.iter().for_each(&mut *visit);
        self.kw_values.iter().for_each(visit);
    }
    fn clone_in(&self, c: &mut Cloner) -> MethodCaller {
        MethodCaller { name: c.value(&self.name), args: c.values(&self.args), kw_names: c.values(&self.kw_names), kw_values: c.values(&self.kw_values) }
    }
}
impl Immutable for MethodCaller {}

/// `operator.itemgetter`
pub static ITEM_GETTER: TypeDef = TypeDef::new("operator.itemgetter", layout_of::<ItemGetter>())
    .flags(flags::BASE)
    .doc("Return a callable object that fetches the given item(s) from its operand.")
    .methods(&[
        static_method("__new__(cls, /, *items)", item_new),
        method("__call__(self, obj, /)", item_call),
        method("__repr__(self, /)", item_repr),
        method("__reduce__(self, /)", item_reduce),
    ]);
/// `operator.attrgetter`
pub static ATTR_GETTER: TypeDef = TypeDef::new("operator.attrgetter", layout_of::<AttrGetter>())
    .flags(flags::BASE)
    .doc("Return a callable object that fetches the given attribute(s) from its operand.")
    .methods(&[
        static_method("__new__(cls, /, *attrs)", attr_new),
        method("__call__(self, obj, /)", attr_call),
        method("__repr__(self, /)", attr_repr),
        method("__reduce__(self, /)", attr_reduce),
    ]);
/// `operator.methodcaller`
pub static METHOD_CALLER: TypeDef = TypeDef::new("operator.methodcaller", layout_of::<MethodCaller>())
    .flags(flags::BASE)
    .doc("Return a callable object that calls the given method on its operand.")
    .methods(&[
        static_method("__new__(*args, **kwargs)", method_new),
        method("__call__(self, obj, /)", method_call),
        method("__repr__(self, /)", method_repr),
        method("__reduce__(self, /)", method_reduce),
    ]);

fn at_least_one(vm: &mut Vm, args: &[Value], name: &str) -> PyResult<Vec<Value>> {
    let given = args[1].get::<Tuple>().expect("bound").items();
    if given.is_empty() { Err(vm.type_error(format!("{name} expected 1 argument, got 0"))) } else { Ok(given.to_vec()) }
}
/// One result, or a tuple of several.
fn one_or_tuple(vm: &mut Vm, mut all: Vec<Value>) -> Value {
    if all.len() == 1 { all.remove(0) } else { vm.new_tuple(all) }
}
fn reduce(vm: &mut Vm, this: &Value, parts: Vec<Value>) -> PyResult {
    let ty = this.type_of(vm).clone();
    let parts = vm.new_tuple(parts);
    Ok(vm.new_tuple(vec![ty, parts]))
}
fn repr(vm: &mut Vm, name: &str, parts: &[Value]) -> PyResult {
    let texts: PyResult<Vec<String>> = parts.iter().map(|p| vm.repr_text(p)).collect();
    let text = format!("operator.{name}({})", texts?.join(", "));
    Ok(vm.new_str(text))
}

fn item_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let keys = at_least_one(vm, args, "itemgetter")?;
    Ok(vm.new_of(&args[0], ItemGetter { keys }))
}
fn item_call(vm: &mut Vm, args: &[Value]) -> PyResult {
    let g = args[0].get::<ItemGetter>().expect("an itemgetter");
    if let [key] = g.keys.as_slice() {
        return vm.get_item(&args[1], key);
    }
    let all: PyResult<Vec<Value>> = g.keys.iter().map(|k| vm.get_item(&args[1], k)).collect();
    let all = all?;
    Ok(one_or_tuple(vm, all))
}
fn item_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    repr(vm, "itemgetter", &args[0].get::<ItemGetter>().expect("an itemgetter").keys)
}
fn item_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let keys = args[0].get::<ItemGetter>().expect("an itemgetter").keys.clone();
    reduce(vm, &args[0], keys)
}

fn attr_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let names = at_least_one(vm, args, "attrgetter")?;
    let mut paths = Vec::with_capacity(names.len());
    for n in &names {
        let Some(text) = n.get::<Str>().map(|s| s.lossy().into_owned()) else { return Err(vm.type_error("attribute name must be a string")) };
        paths.push(text.split('.').map(|part| vm.intern(part)).collect());
    }
    Ok(vm.new_of(&args[0], AttrGetter { names, paths }))
}
fn attr_call(vm: &mut Vm, args: &[Value]) -> PyResult {
    let g = args[0].get::<AttrGetter>().expect("an attrgetter");
    let mut all = Vec::with_capacity(g.paths.len());
    for path in &g.paths {
        let mut v = args[1].clone();
        for name in path {
            v = vm.get_attr(&v, name)?;
        }
        all.push(v);
    }
    Ok(one_or_tuple(vm, all))
}
fn attr_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    repr(vm, "attrgetter", &args[0].get::<AttrGetter>().expect("an attrgetter").names)
}
fn attr_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let names = args[0].get::<AttrGetter>().expect("an attrgetter").names.clone();
    reduce(vm, &args[0], names)
}

fn method_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let given = args[0].get::<Tuple>().expect("bound").items();
    let [cls, name, rest @ ..] = given else {
        return Err(vm.type_error("methodcaller needs at least one argument, the method name"));
    };
    if !name.is_a::<Str>() {
        return Err(vm.type_error("method name must be a string"));
    }
    let (kw_names, kw_values) = vm.dict_items(&args[1]).into_iter().unzip();
    let caller = MethodCaller { name: name.clone(), args: rest.to_vec(), kw_names, kw_values };
    Ok(vm.new_of(cls, caller))
}
fn method_call(vm: &mut Vm, args: &[Value]) -> PyResult {
    let m = args[0].get::<MethodCaller>().expect("a methodcaller");
    let f = vm.get_attr(&args[1], &m.name)?;
    vm.call_kw(&f, &m.args, Kwargs { names: &m.kw_names, values: &m.kw_values })
}
fn method_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let m = args[0].get::<MethodCaller>().expect("a methodcaller");
    let mut parts = vec![vm.repr_text(&m.name)?];
    for a in &m.args {
        parts.push(vm.repr_text(a)?);
    }
    for (n, v) in m.kw_names.iter().zip(&m.kw_values) {
        let value = vm.repr_text(v)?;
        parts.push(format!("{}={value}", vm.text(n)));
    }
    Ok(vm.new_str(format!("operator.methodcaller({})", parts.join(", "))))
}
fn method_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let m = args[0].get::<MethodCaller>().expect("a methodcaller");
    let parts: Vec<Value> = std::iter::once(&m.name).chain(&m.args).cloned().collect();
    if m.kw_names.is_empty() {
        return reduce(vm, &args[0], parts);
    }
    // keywords cannot stand in a reduction's arguments: partial(methodcaller, name, **kw)
    let partial = vm.import("functools")?;
    let partial = vm.attr(&partial, "partial")?;
    let ty = args[0].type_of(vm).clone();
    let head = [ty, m.name.clone()];
    let f = vm.call_kw(&partial, &head, Kwargs { names: &m.kw_names, values: &m.kw_values })?;
    let rest = vm.new_tuple(m.args.clone());
    Ok(vm.new_tuple(vec![f, rest]))
}
