//! `all`, `any`, `iter`, `len`, `max`, `min`, `next`, `sorted`, `aiter`, `anext`.

use crate::error::{Exc, PyResult};
use crate::op::CmpOp;
use crate::special::Special;
use crate::types::T;
use crate::types::iterators::CallableIter;
use crate::types::native::{NativeDef, function};
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;
use std::cell::Cell;

pub const FUNCTIONS: &[NativeDef] = &[
    function("anext(aiterator, default=NULL, /)", anext).doc("Return the next item from the async iterator."),
    function("aiter(async_iterable, /)", aiter).doc("Return an AsyncIterator for an AsyncIterable object."),
    function("all(iterable, /)", all).doc("Return True if bool(x) is True for all values x in the iterable.\n\nIf the iterable is empty, return True."),
    function("any(iterable, /)", any).doc("Return True if bool(x) is True for any x in the iterable.\n\nIf the iterable is empty, return False."),
    function("iter(object, sentinel=NULL, /)", iter).doc("Get an iterator from an object."),
    function("len(obj, /)", len).doc("Return the number of items in a container."),
    function("max(*args, key=None, default=NULL)", |vm, args| extreme(vm, args, "max", CmpOp::Gt))
        .doc("With a single iterable argument, return its biggest item."),
    function("min(*args, key=None, default=NULL)", |vm, args| extreme(vm, args, "min", CmpOp::Lt))
        .doc("With a single iterable argument, return its smallest item."),
    function("next(iterator, default=NULL, /)", next).doc("Return the next item from the iterator."),
    function("sorted(*args, key=None, reverse=False)", sorted).doc("Return a new list containing all items from the iterable in ascending order."),
];

fn all(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = vm.iter(&args[0])?;
    while let Some(v) = vm.next(&it)? {
        if !vm.truthy(&v)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}
fn any(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = vm.iter(&args[0])?;
    while let Some(v) = vm.next(&it)? {
        if vm.truthy(&v)? {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}
fn len(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::small_wrap(vm.len(&args[0])? as i64))
}
fn iter(vm: &mut Vm, args: &[Value]) -> PyResult {
    if args[1].is_null() {
        return vm.iter(&args[0]);
    }
    if !super::attributes::is_callable(vm, &args[0]) {
        return Err(vm.type_error("iter(object, sentinel): object must be callable"));
    }
    Ok(vm.new_object(T::CallableIter, CallableIter { callable: args[0].clone(), sentinel: args[1].clone(), done: Cell::new(false) }))
}
fn next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (it, default) = (&args[0], &args[1]);
    let Some(f) = vm.special(it, Special::Next) else {
        let name = vm.type_name(it);
        return Err(vm.type_error(format!("'{name}' object is not an iterator")));
    };
    match vm.call_special(&f, &[it.clone()]) {
        // absent: the caller makes it a StopIteration
        Ok(v) if v.is_null() && !default.is_null() => Ok(default.clone()),
        Err(e) if !default.is_null() && vm.is_exc(&e, Exc::StopIteration) => Ok(default.clone()),
        r => r,
    }
}
fn anext(vm: &mut Vm, args: &[Value]) -> PyResult {
    let Some(f) = vm.special(&args[0], Special::ANext) else {
        let name = vm.type_name(&args[0]);
        return Err(vm.type_error(format!("'{name}' object is not an async iterator")));
    };
    let awaitable = vm.call_special(&f, &args[..1])?;
    if args[1].is_null() { Ok(awaitable) } else { Ok(crate::types::async_gen::with_default(vm, awaitable, args[1].clone())) }
}
fn aiter(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.type_name(&args[0]);
    let Some(f) = vm.special(&args[0], Special::AIter) else {
        return Err(vm.type_error(format!("'{name}' object is not an async iterable")));
    };
    let it = vm.call_special(&f, &[args[0].clone()])?;
    if vm.special(&it, Special::ANext).is_none() {
        let got = vm.type_name(&it);
        return Err(vm.type_error(format!("aiter() returned not an async iterator of type '{got}'")));
    }
    Ok(it)
}

fn extreme(vm: &mut Vm, args: &[Value], name: &str, better: CmpOp) -> PyResult {
    let given = args[0].get::<Tuple>().expect("bound").items();
    let (key, default) = (&args[1], &args[2]);
    if given.is_empty() {
        return Err(vm.type_error(format!("{name} expected at least 1 argument, got 0")));
    }
    if given.len() > 1 && !default.is_null() {
        return Err(vm.type_error(format!("Cannot specify a default for {name}() with multiple positional arguments")));
    }
    let source = if given.len() == 1 { &given[0] } else { &args[0] };
    let it = vm.iter(source)?;
    let mut best: Option<(Value, Value)> = None;
    while let Some(item) = vm.next(&it)? {
        let rank = if key.is_none() { item.clone() } else { vm.call(key, &[item.clone()])? };
        let wins = match &best {
            Some((_, b)) => vm.compare_bool(better, &rank, b)?,
            None => true,
        };
        if wins {
            best = Some((item, rank));
        }
    }
    match best {
        Some((item, _)) => Ok(item),
        None if !default.is_null() => Ok(default.clone()),
        None => Err(vm.value_error(format!("{name}() iterable argument is empty"))),
    }
}

fn sorted(vm: &mut Vm, args: &[Value]) -> PyResult {
    let given = args[0].get::<Tuple>().expect("bound").items();
    let [iterable] = given else {
        return Err(vm.type_error(format!("sorted expected 1 argument, got {}", given.len())));
    };
    let mut items = vm.collect(iterable)?;
    let reverse = vm.truthy(&args[2])?;
    crate::types::sort::sort_values(vm, &mut items, &args[1], reverse)?;
    Ok(vm.new_list(items))
}
