//! `enumerate`, `filter`, `map`, `zip`: iterators upon iterators.

use crate::error::PyResult;
use crate::image::TypeDef;
use crate::num::Int;
use crate::object::{Cloner, Payload, layout_of};
use crate::types::iterators::self_iter;
use crate::types::native::{method, static_method};
use crate::types::tuple::Tuple;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `enumerate`.
struct Enumerate {
    it: Value,
    /// The next number; an int of any size.
    next: Value,
}

/// The payload of `filter`.
struct Filter {
    /// The predicate; None for truth.
    keep: Value,
    it: Value,
}

/// The payload of `map`.
struct Map {
    f: Value,
    its: Vec<Value>,
}

/// The payload of `zip`.
struct Zip {
    its: Vec<Value>,
    strict: bool,
}

macro_rules! payload {
    ($ty:ident { $($one:ident)* ; $($many:ident)* ; $($plain:ident)* }) => {
        impl Payload for $ty {
            fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
                $(visit(&self.$one);)*
                $(self.$many.iter().for_each(&mut *visit);)*
            }
            fn clear(&mut self) {
                $(self.$one = Value::NONE;)*
                $(self.$many = Vec::new();)*
            }
            fn clone_in(&self, c: &mut Cloner) -> $ty {
                $ty { $($one: c.value(&self.$one),)* $($many: c.values(&self.$many),)* $($plain: self.$plain,)* }
            }
        }
    };
}
payload!(Enumerate { it next ; ; });
payload!(Filter { keep it ; ; });
payload!(Map { f ; its ; });
payload!(Zip { ; its ; strict });

/// `enumerate`
pub static ENUMERATE: TypeDef = TypeDef::new("enumerate", layout_of::<Enumerate>)
    .flags(flags::BASE)
    .doc("Return an enumerate object.\n\n  iterable\n    an object supporting iteration")
    .methods(&[
        static_method("__new__(cls, iterable, start=0)", enumerate_new),
        method("__iter__(self, /)", self_iter),
        method("__next__(self, /)", enumerate_next),
        method("__reduce__(self, /)", enumerate_reduce),
    ]);
/// `filter`
pub static FILTER: TypeDef = TypeDef::new("filter", layout_of::<Filter>)
    .flags(flags::BASE)
    .doc("filter(function or None, iterable) --> filter object\n\nReturn an iterator yielding those items of iterable for which function(item)\nis true. If function is None, return the items that are true.")
    .methods(&[
        static_method("__new__(cls, function, iterable, /)", filter_new),
        method("__iter__(self, /)", self_iter),
        method("__next__(self, /)", filter_next),
        method("__reduce__(self, /)", filter_reduce),
    ]);
/// `map`
pub static MAP: TypeDef = TypeDef::new("map", layout_of::<Map>)
    .flags(flags::BASE)
    .doc("map(func, *iterables) --> map object\n\nMake an iterator that computes the function using arguments from\neach of the iterables.  Stops when the shortest iterable is exhausted.")
    .methods(&[
        static_method("__new__(cls, *args)", map_new),
        method("__iter__(self, /)", self_iter),
        method("__next__(self, /)", map_next),
        method("__reduce__(self, /)", map_reduce),
    ]);
/// `zip`
pub static ZIP: TypeDef = TypeDef::new("zip", layout_of::<Zip>)
    .flags(flags::BASE)
    .doc("zip(*iterables, strict=False) --> Yield tuples until an input is exhausted.")
    .methods(&[
        static_method("__new__(cls, *iterables, strict=False)", zip_new),
        method("__iter__(self, /)", self_iter),
        method("__next__(self, /)", zip_next),
        method("__reduce__(self, /)", zip_reduce),
        method("__setstate__(self, state, /)", zip_setstate),
    ]);

fn enumerate_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let next = vm.index(&args[2])?;
    let next = vm.exact_int(&next);
    let it = vm.iter(&args[1])?;
    Ok(vm.new_of(&args[0], Enumerate { it, next }))
}
fn enumerate_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = args[0].borrow::<Enumerate>(vm).expect("an enumerate").it.clone();
    let Some(item) = vm.next(&it)? else { return Ok(Value::NULL) };
    let number = args[0].borrow::<Enumerate>(vm).expect("an enumerate").next.clone();
    let following = match number.as_small() {
        Some(i) => vm.new_int(i + 1),
        None => {
            let i = vm.int_value(&number).unwrap_or(Int::ZERO).add(&Int::ONE);
            vm.new_bigint(i)
        }
    };
    args[0].borrow_mut::<Enumerate>(vm).expect("an enumerate").next = following;
    Ok(vm.new_tuple(vec![number, item]))
}
fn enumerate_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let e = args[0].borrow::<Enumerate>(vm).expect("an enumerate");
    let parts = vec![e.it.clone(), e.next.clone()];
    reduce(vm, &args[0], parts)
}

fn filter_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = vm.iter(&args[2])?;
    Ok(vm.new_of(&args[0], Filter { keep: args[1].clone(), it }))
}
fn filter_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let f = args[0].borrow::<Filter>(vm).expect("a filter");
    let (keep, it) = (f.keep.clone(), f.it.clone());
    while let Some(item) = vm.next(&it)? {
        let good = if keep.is_none() {
            vm.truthy(&item)?
        } else {
            let r = vm.call(&keep, &[item.clone()])?;
            vm.truthy(&r)?
        };
        if good {
            return Ok(item);
        }
    }
    Ok(Value::NULL)
}
fn filter_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let f = args[0].borrow::<Filter>(vm).expect("a filter");
    let parts = vec![f.keep.clone(), f.it.clone()];
    reduce(vm, &args[0], parts)
}

fn map_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let given = args[1].get::<Tuple>().expect("bound").items();
    let [f, iterables @ ..] = given else { return Err(vm.type_error("map() must have at least two arguments.")) };
    if iterables.is_empty() {
        return Err(vm.type_error("map() must have at least two arguments."));
    }
    let its = iterators(vm, iterables)?;
    Ok(vm.new_of(&args[0], Map { f: f.clone(), its }))
}
fn map_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let m = args[0].borrow::<Map>(vm).expect("a map");
    let f = m.f.clone();
    if let [it] = m.its.as_slice() {
        let it = it.clone();
        return match vm.next(&it)? {
            Some(item) => vm.call(&f, &[item]),
            None => Ok(Value::NULL),
        };
    }
    let its = m.its.clone();
    let mut items = Vec::with_capacity(its.len());
    for it in &its {
        match vm.next(it)? {
            Some(item) => items.push(item),
            None => return Ok(Value::NULL),
        }
    }
    vm.call(&f, &items)
}
fn map_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let m = args[0].borrow::<Map>(vm).expect("a map");
    let parts = std::iter::once(m.f.clone()).chain(m.its.iter().cloned()).collect();
    reduce(vm, &args[0], parts)
}

fn zip_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let its = iterators(vm, args[1].get::<Tuple>().expect("bound").items())?;
    let strict = vm.truthy(&args[2])?;
    Ok(vm.new_of(&args[0], Zip { its, strict }))
}
fn zip_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let z = args[0].borrow::<Zip>(vm).expect("a zip");
    let (its, strict) = (z.its.clone(), z.strict);
    let mut items = Vec::with_capacity(its.len());
    for (i, it) in its.iter().enumerate() {
        match vm.next(it)? {
            Some(item) => items.push(item),
            None if strict => return zip_uneven(vm, &its, i),
            None => return Ok(Value::NULL),
        }
    }
    if items.is_empty() { Ok(Value::NULL) } else { Ok(vm.new_tuple(items)) }
}
/// The iterator `ended` has ended first: an error unless it is the first and the others end as well.
fn zip_uneven(vm: &mut Vm, its: &[Value], ended: usize) -> PyResult {
    let earlier = |i: usize| if i == 1 { "argument 1".to_string() } else { format!("arguments 1-{i}") };
    if ended > 0 {
        return Err(vm.value_error(format!("zip() argument {} is shorter than {}", ended + 1, earlier(ended))));
    }
    for (i, it) in its.iter().enumerate().skip(1) {
        if vm.next(it)?.is_some() {
            return Err(vm.value_error(format!("zip() argument {} is longer than {}", i + 1, earlier(i))));
        }
    }
    Ok(Value::NULL)
}
fn zip_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let z = args[0].borrow::<Zip>(vm).expect("a zip");
    let (its, strict) = (z.its.clone(), z.strict);
    let ty = args[0].type_of(vm).clone();
    let parts = vm.new_tuple(its);
    let all = if strict { vec![ty, parts, Value::TRUE] } else { vec![ty, parts] };
    Ok(vm.new_tuple(all))
}
fn zip_setstate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let strict = vm.truthy(&args[1])?;
    args[0].borrow_mut::<Zip>(vm).expect("a zip").strict = strict;
    Ok(Value::NONE)
}

fn iterators(vm: &mut Vm, iterables: &[Value]) -> PyResult<Vec<Value>> {
    iterables.iter().map(|i| vm.iter(i)).collect()
}
/// `(type(v), parts)`
fn reduce(vm: &mut Vm, v: &Value, parts: Vec<Value>) -> PyResult {
    let ty = v.type_of(vm).clone();
    let parts = vm.new_tuple(parts);
    Ok(vm.new_tuple(vec![ty, parts]))
}
