//! `types.GenericAlias`: `list[int]` (PEP 585; `Objects/genericaliasobject.c`).

use crate::error::{PyResult, Raised};
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Immutable, Payload, layout_of};
use crate::types::T;
use crate::types::list::List;
use crate::types::native::{getter, method, static_method};
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::{TypeObj, flags};
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `types.GenericAlias`.
pub struct GenericAlias {
    /// What is subscripted.
    pub origin: Value,
    /// With what, a tuple.
    pub args: Value,
    /// The type variables in `args`, a tuple.
    pub parameters: Value,
    /// `*tuple[int]`
    pub unpacked: bool,
}

impl Payload for GenericAlias {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.origin);
        visit(&self.args);
        visit(&self.parameters);
    }
    fn clone_in(&self, c: &mut Cloner) -> GenericAlias {
        GenericAlias { origin: c.value(&self.origin), args: c.value(&self.args), parameters: c.value(&self.parameters), unpacked: self.unpacked }
    }
}
impl Immutable for GenericAlias {}

/// A native `__class_getitem__` for generic containers: `cls[item]`.
pub fn class_getitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    new_alias(vm, &args[0], &args[1])
}

/// `types.GenericAlias(origin, item)`
pub fn new_alias(vm: &mut Vm, origin: &Value, item: &Value) -> PyResult {
    let ty = vm.ty(T::GenericAlias).clone();
    make(vm, &ty, origin, item, false)
}

fn make(vm: &mut Vm, ty: &Value, origin: &Value, item: &Value, unpacked: bool) -> PyResult {
    let args = if item.is_a::<Tuple>() { item.clone() } else { vm.new_tuple(vec![item.clone()]) };
    let parameters = collect_parameters(vm, &args)?;
    Ok(vm.new_of(ty, GenericAlias { origin: origin.clone(), args, parameters, unpacked }))
}

fn items(v: &Value) -> Vec<Value> {
    v.get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default()
}

/// The type variables of `args`, each once, in order of appearance.
pub fn collect_parameters(vm: &mut Vm, args: &Value) -> PyResult {
    let mut found: Vec<Value> = Vec::new();
    collect_into(vm, &items(args), &mut found)?;
    Ok(vm.new_tuple(found))
}

fn collect_into(vm: &mut Vm, args: &[Value], found: &mut Vec<Value>) -> PyResult<()> {
    for a in args {
        if a.is_a::<TypeObj>() || !a.is_object() || a.is_a::<Str>() {
            continue;
        }
        if vm.attr_opt(a, "__typing_subst__")?.is_some() {
            add_new(vm, found, a)?;
            continue;
        }
        let nested = match vm.attr_opt(a, "__parameters__")? {
            Some(p) if p.is_a::<Tuple>() => items(&p),
            _ => match a.borrow::<List>(vm).map(|l| l.items().to_vec()).or_else(|| a.get::<Tuple>().map(|t| t.items().to_vec())) {
                Some(inner) => {
                    collect_into(vm, &inner, found)?;
                    continue;
                }
                None => Vec::new(),
            },
        };
        for p in nested {
            add_new(vm, found, &p)?;
        }
    }
    Ok(())
}

fn add_new(vm: &mut Vm, found: &mut Vec<Value>, v: &Value) -> PyResult<()> {
    for f in found.iter() {
        if vm.eq(f, v)? {
            return Ok(());
        }
    }
    found.push(v.clone());
    Ok(())
}

/// How an argument is shown in `list[...]` and `a | b`.
pub fn repr_item(vm: &mut Vm, v: &Value) -> PyResult<String> {
    if v.is(&Value::ELLIPSIS) {
        return Ok("...".into());
    }
    if let Some(inner) = v.borrow::<List>(vm).map(|l| l.items().to_vec()) {
        let mut parts = Vec::new();
        for i in inner {
            parts.push(repr_item(vm, &i)?);
        }
        return Ok(format!("[{}]", parts.join(", ")));
    }
    if v.is_object() && vm.attr_opt(v, "__origin__")?.is_some() && vm.attr_opt(v, "__args__")?.is_some() {
        return vm.repr_text(v);
    }
    let (Some(qualname), Some(module)) = (vm.attr_opt(v, "__qualname__")?, vm.attr_opt(v, "__module__")?) else { return vm.repr_text(v) };
    if module.is_none() || !module.is_a::<Str>() || !qualname.is_a::<Str>() {
        return vm.repr_text(v);
    }
    let (q, m) = (vm.text(&qualname), vm.text(&module));
    Ok(if m == "builtins" { q } else { format!("{m}.{q}") })
}

fn get(v: &Value) -> &GenericAlias {
    v.get::<GenericAlias>().expect("a native's own instance")
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    make(vm, &args[0], &args[1], &args[2], false)
}

fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let a = get(&args[0]);
    vm.enter_native()?;
    let text = repr_of(vm, a);
    vm.leave_native();
    let text = text?;
    Ok(vm.new_str(text))
}
fn repr_of(vm: &mut Vm, a: &GenericAlias) -> PyResult<String> {
    let mut parts = Vec::new();
    for i in items(&a.args) {
        parts.push(repr_item(vm, &i)?);
    }
    let inner = if parts.is_empty() { "()".to_string() } else { parts.join(", ") };
    Ok(format!("{}{}[{inner}]", if a.unpacked { "*" } else { "" }, repr_item(vm, &a.origin)?))
}

/// Attributes that an alias has of its own; all others are its origin's.
const OWN: [&str; 14] = [
    "__class__",
    "__bases__",
    "__origin__",
    "__args__",
    "__unpacked__",
    "__parameters__",
    "__typing_unpacked_tuple_args__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
    "__copy__",
    "__deepcopy__",
    "__getitem__",
    "__or__",
];

fn getattribute(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.text(&args[1]);
    if OWN.contains(&name.as_str()) {
        return vm.generic_get_attr(&args[0], &args[1]);
    }
    vm.get_attr(&get(&args[0]).origin, &args[1])
}

fn call(vm: &mut Vm, args: &[Value]) -> PyResult {
    let made = super::object_::call_packed(vm, &get(&args[0]).origin, &args[1], &args[2])?;
    let name = vm.intern("__orig_class__");
    match vm.set_attr(&made, &name, args[0].clone()) {
        Err(e) if !vm.is_exc(&e, crate::error::Exc::AttributeError) && !vm.is_exc(&e, crate::error::Exc::TypeError) => Err(e),
        _ => Ok(made),
    }
}

fn eq(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (a, Some(b)) = (get(&args[0]), args[1].get::<GenericAlias>()) else { return Ok(Value::NOT_IMPLEMENTED) };
    let same = a.unpacked == b.unpacked && vm.eq(&a.origin, &b.origin)? && vm.eq(&a.args, &b.args)?;
    Ok(Value::bool(same))
}
fn hash(vm: &mut Vm, args: &[Value]) -> PyResult {
    let a = get(&args[0]);
    let h = vm.hash(&a.origin)? ^ vm.hash(&a.args)?;
    Ok(vm.new_int(h))
}
fn mro_entries(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_tuple(vec![get(&args[0]).origin.clone()]))
}
fn instancecheck(vm: &mut Vm, _: &[Value]) -> PyResult {
    Err(vm.type_error("isinstance() argument 2 cannot be a parameterized generic"))
}
fn subclasscheck(vm: &mut Vm, _: &[Value]) -> PyResult {
    Err(vm.type_error("issubclass() argument 2 cannot be a parameterized generic"))
}
fn reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let a = get(&args[0]);
    let ty = args[0].type_of(vm).clone();
    let made = vm.new_tuple(vec![a.origin.clone(), a.args.clone()]);
    Ok(vm.new_tuple(vec![ty, made]))
}
fn iter(vm: &mut Vm, args: &[Value]) -> PyResult {
    let a = get(&args[0]);
    let ty = vm.ty(T::GenericAlias).clone();
    let star = make(vm, &ty, &a.origin, &a.args, true)?;
    let one = vm.new_tuple(vec![star]);
    vm.iter(&one)
}
fn dir(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.call_method(&get(&args[0]).origin, "__dir__", &[])
}

fn get_item(vm: &mut Vm, args: &[Value]) -> PyResult {
    let a = get(&args[0]);
    let new_args = substitute(vm, &args[0], &a.args, &a.parameters, &args[1])?;
    let ty = vm.ty(T::GenericAlias).clone();
    make(vm, &ty, &a.origin, &new_args, a.unpacked)
}

/// `alias[item]`: the arguments of `alias` with its type variables replaced (`_Py_subs_parameters`).
pub fn substitute(vm: &mut Vm, alias: &Value, args: &Value, parameters: &Value, item: &Value) -> PyResult {
    let params = items(parameters);
    if params.is_empty() {
        let text = vm.repr_text(alias)?;
        return Err(vm.type_error(format!("{text} is not a generic class")));
    }
    let mut item = if item.is_a::<Tuple>() { item.clone() } else { vm.new_tuple(vec![item.clone()]) };
    for p in &params {
        if let Some(prepare) = vm.attr_opt(p, "__typing_prepare_subst__")?
            && !prepare.is_none()
        {
            item = vm.call(&prepare, &[alias.clone(), item.clone()])?;
        }
    }
    let given = items(&item);
    if given.len() != params.len() {
        return Err(wrong_count(vm, alias, given.len(), params.len())?);
    }
    let mut out = Vec::new();
    for arg in items(args) {
        substitute_one(vm, &arg, &params, &given, &mut out)?;
    }
    Ok(vm.new_tuple(out))
}

fn wrong_count(vm: &mut Vm, alias: &Value, given: usize, want: usize) -> PyResult<Raised> {
    let text = vm.repr_text(alias)?;
    let many = if given > want { "many" } else { "few" };
    Ok(vm.type_error(format!("Too {many} arguments for {text}; actual {given}, expected {want}")))
}

fn substitute_one(vm: &mut Vm, arg: &Value, params: &[Value], given: &[Value], out: &mut Vec<Value>) -> PyResult<()> {
    if arg.is_a::<TypeObj>() || !arg.is_object() || arg.is_a::<Str>() {
        out.push(arg.clone());
        return Ok(());
    }
    if let Some(inner) = arg.borrow::<List>(vm).map(|l| l.items().to_vec()) {
        let mut list = Vec::new();
        for i in inner {
            substitute_one(vm, &i, params, given, &mut list)?;
        }
        let list = vm.new_list(list);
        out.push(list);
        return Ok(());
    }
    let new = if let Some(subst) = vm.attr_opt(arg, "__typing_subst__")? {
        let mut at = None;
        for (i, p) in params.iter().enumerate() {
            if vm.eq(p, arg)? {
                at = Some(i);
            }
        }
        match at {
            Some(i) => vm.call(&subst, &[given[i].clone()])?,
            None => arg.clone(),
        }
    } else {
        match vm.attr_opt(arg, "__parameters__")? {
            Some(own) if !items(&own).is_empty() => {
                let mut chosen = Vec::new();
                for own in items(&own) {
                    for (p, g) in params.iter().zip(given) {
                        if vm.eq(p, &own)? {
                            chosen.push(g.clone());
                        }
                    }
                }
                let chosen = vm.new_tuple(chosen);
                vm.get_item(arg, &chosen)?
            }
            _ => arg.clone(),
        }
    };
    match vm.attr_opt(&new, "__typing_unpacked_tuple_args__")? {
        Some(t) if t.is_a::<Tuple>() => out.extend(items(&t)),
        _ if new.is_a::<Tuple>() => out.extend(items(&new)),
        _ => out.push(new),
    }
    Ok(())
}

fn get_origin(_: &mut Vm, v: &Value) -> PyResult {
    Ok(get(v).origin.clone())
}
fn get_args(_: &mut Vm, v: &Value) -> PyResult {
    Ok(get(v).args.clone())
}
fn get_parameters(_: &mut Vm, v: &Value) -> PyResult {
    Ok(get(v).parameters.clone())
}
fn get_unpacked(_: &mut Vm, v: &Value) -> PyResult {
    Ok(Value::bool(get(v).unpacked))
}
fn get_unpacked_args(vm: &mut Vm, v: &Value) -> PyResult {
    let a = get(v);
    Ok(if a.unpacked && a.origin.is(vm.ty(T::Tuple)) { a.args.clone() } else { Value::NONE })
}

/// `types.GenericAlias`
pub static DEF: TypeDef = TypeDef::new("types.GenericAlias", layout_of::<GenericAlias>())
    .flags(flags::BASE)
    .doc("Represent a PEP 585 generic type\n\nE.g. for t = list[int], t.__origin__ is list and t.__args__ is (int,).")
    .methods(&[
        static_method("__new__(cls, origin, args, /)", new),
        method("__repr__(self, /)", repr),
        method("__getattribute__(self, name, /)", getattribute),
        method("__call__(self, /, *args, **kwargs)", call),
        method("__eq__(self, value, /)", eq),
        method("__hash__(self, /)", hash),
        method("__getitem__(self, key, /)", get_item),
        method("__mro_entries__(self, bases, /)", mro_entries),
        method("__instancecheck__(self, instance, /)", instancecheck),
        method("__subclasscheck__(self, cls, /)", subclasscheck),
        method("__reduce__(self, /)", reduce),
        method("__iter__(self, /)", iter),
        method("__dir__(self, /)", dir),
        method("__or__(self, value, /)", super::union::or),
        method("__ror__(self, value, /)", super::union::ror),
    ])
    .getset(&[
        getter("__origin__", get_origin),
        getter("__args__", get_args),
        getter("__parameters__", get_parameters),
        getter("__unpacked__", get_unpacked),
        getter("__typing_unpacked_tuple_args__", get_unpacked_args),
    ]);
