//! The builtin functions about iteration: `iter`, `next`, `sorted`, `sum`, `min`, `max`, `any`, `all`.

use crate::error::{Exc, PyResult};
use crate::op::{BinOp, CmpOp};
use crate::proto::compare::compare_plain;
use crate::special::Special;
use crate::types::T;
use crate::types::iterators::CallableIter;
use crate::types::native::{NativeDef, function};
use crate::types::sort::sort_values;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;
use std::cell::Cell;

/// The functions, to be registered in `builtins`.
pub static FUNCTIONS: &[NativeDef] = &[
    function("iter(object, sentinel=NULL, /)", iter).doc(
        "Get an iterator from an object.\n\nIn the first form, the argument must supply its own iterator, or be a sequence.\n\
        In the second form, the callable is called until it returns the sentinel.",
    ),
    function("next(iterator, default=NULL, /)", next).doc(
        "Return the next item from the iterator.\n\nIf default is given and the iterator is exhausted,\n\
        it is returned instead of raising StopIteration.",
    ),
    function("sorted(iterable, /, *, key=None, reverse=False)", sorted).doc(
        "Return a new list containing all items from the iterable in ascending order.\n\n\
        A custom key function can be supplied to customize the sort order, and the\nreverse flag can be set to request the result in descending order.",
    ),
    function("sum(iterable, /, start=0)", sum).doc(
        "Return the sum of a 'start' value (default: 0) plus an iterable of numbers\n\nWhen the iterable is empty, return the start value.\n\
        This function is intended specifically for use with numeric values and may\nreject non-numeric types.",
    ),
    function("min(*args, key=None, default=NULL)", min).doc(
        "min(iterable, *[, default=obj, key=func]) -> value\nmin(arg1, arg2, *args, *[, key=func]) -> value\n\n\
        With a single iterable argument, return its smallest item. The\ndefault keyword-only argument specifies an object to return if\n\
        the provided iterable is empty.\nWith two or more positional arguments, return the smallest argument.",
    ),
    function("max(*args, key=None, default=NULL)", max).doc(
        "max(iterable, *[, default=obj, key=func]) -> value\nmax(arg1, arg2, *args, *[, key=func]) -> value\n\n\
        With a single iterable argument, return its biggest item. The\ndefault keyword-only argument specifies an object to return if\n\
        the provided iterable is empty.\nWith two or more positional arguments, return the largest argument.",
    ),
    function("any(iterable, /)", any)
        .doc("Return True if bool(x) is True for any x in the iterable.\n\nIf the iterable is empty, return False."),
    function("all(iterable, /)", all)
        .doc("Return True if bool(x) is True for all values x in the iterable.\n\nIf the iterable is empty, return True."),
];

fn iter(vm: &mut Vm, args: &[Value]) -> PyResult {
    if args[1].is_null() {
        return vm.iter(&args[0]);
    }
    if vm.special(&args[0], Special::Call).is_none() {
        return Err(vm.type_error("iter(object, sentinel): object must be callable"));
    }
    let it = CallableIter { callable: args[0].clone(), sentinel: args[1].clone(), done: Cell::new(false) };
    Ok(vm.new_object(T::CallableIter, it))
}

fn next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (it, default) = (&args[0], &args[1]);
    let Some(f) = vm.special(it, Special::Next) else {
        let name = vm.type_name(it);
        return Err(vm.type_error(format!("'{name}' object is not an iterator")));
    };
    match vm.call_special(&f, std::slice::from_ref(it)) {
        // a native's end; without a default the absent value becomes StopIteration
        Ok(v) if v.is_null() => Ok(default.clone()),
        Err(e) if !default.is_null() && vm.is_exc(&e, Exc::StopIteration) => Ok(default.clone()),
        r => r,
    }
}

fn sorted(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mut items = vm.collect(&args[0])?;
    let reverse = vm.truthy(&args[2])?;
    sort_values(vm, &mut items, &args[1], reverse)?;
    Ok(vm.new_list(items))
}

fn sum(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mut total = args[1].clone();
    if let Some((kind, sep)) = unsummable(vm, &total) {
        return Err(vm.type_error(format!("sum() can't sum {kind} [use {sep}.join(seq) instead]")));
    }
    let it = vm.iter(&args[0])?;
    while let Some(item) = vm.next(&it)? {
        total = match (total.as_float(), item.as_float()) {
            (Some(_), Some(_)) => return sum_floats(vm, total, item, &it),
            _ if Value::both_small(&total, &item) => match Value::small_add(&total, &item) {
                Some(t) => t,
                None => vm.binary(BinOp::Add, &total, &item)?,
            },
            _ => vm.binary(BinOp::Add, &total, &item)?,
        };
    }
    Ok(total)
}
/// Floats are summed with compensation (Neumaier), as CPython does since 3.12, until something else comes.
fn sum_floats(vm: &mut Vm, total: Value, mut item: Value, it: &Value) -> PyResult {
    let (mut sum, mut lost) = (total.float_unchecked(), 0.0);
    loop {
        let x = match (item.as_float(), item.as_small_or_bool()) {
            (Some(f), _) => f,
            (None, Some(i)) => {
                // CPython adds ints without compensation
                sum += i as f64;
                match vm.next(it)? {
                    Some(next) => item = next,
                    None => return Ok(compensated(sum, lost)),
                }
                continue;
            }
            _ => break,
        };
        let t = sum + x;
        lost += if sum.abs() >= x.abs() { (sum - t) + x } else { (x - t) + sum };
        sum = t;
        match vm.next(it)? {
            Some(next) => item = next,
            None => return Ok(compensated(sum, lost)),
        }
    }
    let mut total = compensated(sum, lost);
    loop {
        total = vm.binary(BinOp::Add, &total, &item)?;
        match vm.next(it)? {
            Some(next) => item = next,
            None => return Ok(total),
        }
    }
}
fn compensated(sum: f64, lost: f64) -> Value {
    Value::float(if lost != 0.0 && lost.is_finite() { sum + lost } else { sum })
}
fn unsummable(vm: &Vm, start: &Value) -> Option<(&'static str, &'static str)> {
    let class = start.class(vm);
    if start.is_a::<crate::types::str::Str>() {
        return Some(("strings", "''"));
    }
    class.mro.iter().find_map(|t| match t.get_type_name().as_str() {
        "bytes" => Some(("bytes", "b''")),
        "bytearray" => Some(("bytearray", "b''")),
        _ => None,
    })
}

fn min(vm: &mut Vm, args: &[Value]) -> PyResult {
    extreme(vm, "min", CmpOp::Lt, args)
}
fn max(vm: &mut Vm, args: &[Value]) -> PyResult {
    extreme(vm, "max", CmpOp::Gt, args)
}
fn extreme(vm: &mut Vm, name: &str, op: CmpOp, args: &[Value]) -> PyResult {
    let (given, key, default) = (args[0].get::<Tuple>().map_or(&[][..], Tuple::items), &args[1], &args[2]);
    let several = given.len() > 1;
    if given.is_empty() {
        return Err(vm.type_error(format!("{name} expected at least 1 argument, got 0")));
    }
    if several && !default.is_null() {
        return Err(vm.type_error(format!("Cannot specify a default for {name}() with multiple positional arguments")));
    }
    let it = vm.iter(if several { &args[0] } else { &given[0] })?;
    let mut best: Option<(Value, Value)> = None;
    while let Some(item) = vm.next(&it)? {
        let k = if key.is_none() { item.clone() } else { vm.call(key, std::slice::from_ref(&item))? };
        let better = match &best {
            None => true,
            Some((best, _)) => match compare_plain(op, &k, best) {
                Some(r) => r,
                None => vm.compare_bool(op, &k, best)?,
            },
        };
        if better {
            best = Some((k, item));
        }
    }
    match best {
        Some((_, item)) => Ok(item),
        None if default.is_null() => Err(vm.value_error(format!("{name}() iterable argument is empty"))),
        None => Ok(default.clone()),
    }
}

fn any(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = vm.iter(&args[0])?;
    while let Some(item) = vm.next(&it)? {
        if vm.truthy(&item)? {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}
fn all(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = vm.iter(&args[0])?;
    while let Some(item) = vm.next(&it)? {
        if !vm.truthy(&item)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}
