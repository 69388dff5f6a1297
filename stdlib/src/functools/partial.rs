//! `partial`: a call with some of its arguments given beforehand.

use crate::payload::payload;
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Bare, attr_layout, layout_of};
use gilbert_vm::types::native::{Kwargs, class_method, getter, method, static_method};
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

struct Partial {
    func: Value,
    /// A tuple; Placeholder stands for an argument still to come.
    args: Value,
    /// A dict.
    keywords: Value,
}
payload!(Partial { one: [func, args, keywords], many: [], plain: [] });

/// `functools.partial`
pub static PARTIAL: TypeDef = TypeDef::new("functools.partial", attr_layout::<Partial>())
    .flags(flags::BASE | flags::HAS_DICT)
    .doc("Create a new function with partial application of the given arguments and keywords.")
    .methods(&[
        static_method("__new__(*args, **kwargs)", new),
        method("__call__(self, /, *args, **kwargs)", call),
        method("__repr__(self, /)", repr),
        method("__reduce__(self, /)", reduce),
        method("__setstate__(self, state, /)", setstate),
        class_method("__class_getitem__(cls, item, /)", class_getitem),
    ])
    .getset(&[
        getter("func", |vm, v| Ok(this(vm, v).func.clone())),
        getter("args", |vm, v| Ok(this(vm, v).args.clone())),
        getter("keywords", |vm, v| Ok(this(vm, v).keywords.clone())),
    ]);

/// `functools._PlaceholderType`
pub static PLACEHOLDER_TYPE: TypeDef = TypeDef::new("functools._PlaceholderType", layout_of::<Bare>())
    .doc("The type of the Placeholder singleton.\n\nUsed as a placeholder for partial arguments.")
    .methods(&[
        static_method("__new__(cls, /)", |vm, _| Ok(placeholder(vm))),
        method("__repr__(self, /)", |vm, _| Ok(vm.intern("Placeholder"))),
        method("__reduce__(self, /)", |vm, _| Ok(vm.intern("Placeholder"))),
    ]);

const STATE: &str = "functools.Placeholder";

/// The one Placeholder of the isolate.
pub fn placeholder(vm: &mut Vm) -> Value {
    if let Some(v) = vm.iso().state.get(STATE) {
        return v.clone();
    }
    let v = vm.new_native(&PLACEHOLDER_TYPE, Bare);
    vm.iso_mut().state.insert(STATE, v.clone());
    v
}

fn this<'a>(vm: &'a Vm, v: &'a Value) -> &'a Partial {
    v.borrow::<Partial>(vm).expect("a partial")
}
fn items(v: &Value) -> Vec<Value> {
    v.get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default()
}
/// Arguments with the places of `held` filled from `given`; `None` where too few are given.
fn filled(vm: &mut Vm, held: &[Value], given: &[Value]) -> Option<Vec<Value>> {
    let hole = placeholder(vm);
    let mut rest = given.iter();
    let mut all = Vec::with_capacity(held.len() + given.len());
    for v in held {
        all.push(if v.is(&hole) { rest.next()?.clone() } else { v.clone() });
    }
    all.extend(rest.cloned());
    Some(all)
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let given = items(&args[0]);
    let [cls, func, rest @ ..] = given.as_slice() else { return Err(vm.type_error("type 'partial' takes at least one argument")) };
    if !gilbert_vm::builtins::is_callable(vm, func) {
        return Err(vm.type_error("the first argument must be callable"));
    }
    let hole = placeholder(vm);
    if rest.last().is_some_and(|l| l.is(&hole)) {
        return Err(vm.type_error("trailing Placeholders are not allowed"));
    }
    let keywords = vm.new_dict();
    let (mut func, mut held) = (func.clone(), rest.to_vec());
    // a partial of a plain partial is one partial
    let inner = if vm.own_attrs(&func).is_empty() { func.borrow::<Partial>(vm).map(|p| (p.func.clone(), p.args.clone(), p.keywords.clone())) } else { None };
    if let Some((f, a, k)) = inner {
        let before = items(&a);
        let holes = before.iter().filter(|v| v.is(&hole)).count();
        let mut given = held.clone();
        // holes that are not reached stay holes
        while given.len() < holes {
            given.push(hole.clone());
        }
        held = filled(vm, &before, &given).unwrap_or_default();
        func = f;
        vm.dict_update(&keywords, &k)?;
    }
    vm.dict_update(&keywords, &args[1])?;
    let held = vm.new_tuple(held);
    Ok(vm.new_of(cls, Partial { func, args: held, keywords }))
}

fn call(vm: &mut Vm, args: &[Value]) -> PyResult {
    let p = this(vm, &args[0]);
    let (func, held, keywords) = (p.func.clone(), p.args.clone(), p.keywords.clone());
    let given = args[1].get::<Tuple>().expect("bound").items();
    let held = held.get::<Tuple>().map_or(&[][..], |t| t.items());
    let Some(all) = filled(vm, held, given) else {
        let hole = placeholder(vm);
        let missing = held.iter().filter(|v| v.is(&hole)).count();
        return Err(vm.type_error(format!("missing positional arguments in 'partial' call; expected at least {missing}, got {}", given.len())));
    };
    let mut kw = vm.dict_items(&keywords);
    for (name, value) in vm.dict_items(&args[2]) {
        let mut found = None;
        for (i, (n, _)) in kw.iter().enumerate() {
            if vm.eq(n, &name)? {
                found = Some(i);
                break;
            }
        }
        match found {
            Some(i) => kw[i].1 = value,
            None => kw.push((name, value)),
        }
    }
    let (names, values): (Vec<Value>, Vec<Value>) = kw.into_iter().unzip();
    vm.call_kw(&func, &all, Kwargs { names: &names, values: &values })
}

fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let p = this(vm, &args[0]);
    let (func, held, keywords) = (p.func.clone(), p.args.clone(), p.keywords.clone());
    let name = {
        let class = args[0].type_of(vm).clone();
        let (module, qualname) = (vm.attr(&class, "__module__")?, vm.attr(&class, "__qualname__")?);
        format!("{}.{}", vm.text(&module), vm.text(&qualname))
    };
    vm.enter_native()?;
    let parts = repr_parts(vm, &func, &held, &keywords);
    vm.leave_native();
    let text = format!("{name}({})", parts?.join(", "));
    Ok(vm.new_str(text))
}
fn repr_parts(vm: &mut Vm, func: &Value, held: &Value, keywords: &Value) -> PyResult<Vec<String>> {
    let mut parts = vec![vm.repr_text(func)?];
    for a in items(held) {
        parts.push(vm.repr_text(&a)?);
    }
    for (n, v) in vm.dict_items(keywords) {
        let value = vm.repr_text(&v)?;
        let name = vm.str_text(&n)?;
        parts.push(format!("{name}={value}"));
    }
    Ok(parts)
}

fn reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let p = this(vm, &args[0]);
    let (func, held, keywords) = (p.func.clone(), p.args.clone(), p.keywords.clone());
    let class = args[0].type_of(vm).clone();
    let dict = if vm.own_attrs(&args[0]).is_empty() { Value::NONE } else { vm.attr(&args[0], "__dict__")? };
    let given = vm.new_tuple(vec![func.clone()]);
    let state = vm.new_tuple(vec![func, held, keywords, dict]);
    Ok(vm.new_tuple(vec![class, given, state]))
}
fn setstate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let state = items(&args[1]);
    let [func, held, keywords, dict] = state.as_slice() else { return Err(vm.type_error("invalid partial state")) };
    if !gilbert_vm::builtins::is_callable(vm, func) || !held.is_a::<Tuple>() {
        return Err(vm.type_error("invalid partial state"));
    }
    let kw = vm.new_dict();
    if !keywords.is_none() {
        vm.dict_update(&kw, keywords)?;
    }
    let held_items = items(held);
    let held = vm.new_tuple(held_items);
    let p = args[0].borrow_mut::<Partial>(vm).expect("a partial");
    let old = std::mem::replace(p, Partial { func: func.clone(), args: held, keywords: kw });
    drop(old);
    if !dict.is_none() {
        for (name, value) in vm.dict_items(dict) {
            vm.set_attr(&args[0], &name, value)?;
        }
    }
    Ok(Value::NONE)
}

/// `cls[item]`: a generic alias.
pub fn class_getitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    let types = vm.import("types")?;
    let alias = vm.attr(&types, "GenericAlias")?;
    vm.call(&alias, args)
}
