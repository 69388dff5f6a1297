//! The iterators that work on other iterators: `enumerate`, `zip`, `map`, `filter`.

use crate::error::PyResult;
use crate::image::TypeDef;
use crate::num::Int;
use crate::object::{Changes, Cloner, Immutable, Payload, layout_of};
use crate::types::generic_alias::class_getitem;
use crate::types::iterators::self_iter;
use crate::types::native::{class_method, method, static_method};
use crate::types::tuple::Tuple;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use std::cell::{Cell, RefCell};

/// The payload of `enumerate`.
pub struct Enumerate {
    /// The iterator that is counted.
    pub it: Value,
    /// The next number: an int.
    pub count: RefCell<Value>,
}

impl Payload for Enumerate {
    const CHANGES: Changes<Self> = Changes::RESTLESS;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.it);
    }
    fn clear(&mut self) {
        self.it = Value::NONE;
    }
    fn clone_in(&self, c: &mut Cloner) -> Enumerate {
        Enumerate { it: c.value(&self.it), count: RefCell::new(c.value(&self.count.borrow())) }
    }
}
impl Immutable for Enumerate {}

impl Enumerate {
    /// The next number; counts on.
    #[inline]
    pub fn number(&self, vm: &mut Vm) -> Value {
        let n = self.count.borrow().clone();
        let next = match Value::small_add(&n, &Value::i32(1)) {
            Some(next) if n.is_small() => next,
            _ => {
                let i = vm.int_value(&n).unwrap_or(Int::ZERO).add(&Int::ONE);
                vm.new_bigint(i)
            }
        };
        self.count.replace(next);
        n
    }
}

/// The payload of `zip`.
pub struct Zip {
    /// The iterators.
    pub its: Value,
    /// Must all end together?
    pub strict: Cell<bool>,
}

impl Payload for Zip {
    const CHANGES: Changes<Self> = Changes::RESTLESS;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.its);
    }
    fn clone_in(&self, c: &mut Cloner) -> Zip {
        Zip { its: c.value(&self.its), strict: self.strict.clone() }
    }
}
impl Immutable for Zip {}

/// The payload of `map`.
pub struct Map {
    /// What is called.
    pub func: Value,
    /// The iterators, a tuple.
    pub its: Value,
}

impl Payload for Map {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.func);
        visit(&self.its);
    }
    fn clear(&mut self) {
        self.func = Value::NONE;
    }
    fn clone_in(&self, c: &mut Cloner) -> Map {
        Map { func: c.value(&self.func), its: c.value(&self.its) }
    }
}
impl Immutable for Map {}

/// The payload of `filter`.
pub struct Filter {
    /// What decides; None: truth.
    pub func: Value,
    /// The iterator.
    pub it: Value,
}

impl Payload for Filter {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.func);
        visit(&self.it);
    }
    fn clear(&mut self) {
        self.func = Value::NONE;
        self.it = Value::NONE;
    }
    fn clone_in(&self, c: &mut Cloner) -> Filter {
        Filter { func: c.value(&self.func), it: c.value(&self.it) }
    }
}
impl Immutable for Filter {}

/// Iterators over each of a tuple of iterables, as a tuple.
fn iterators(vm: &mut Vm, iterables: &[Value]) -> PyResult {
    let its: PyResult<Vec<Value>> = iterables.iter().map(|i| vm.iter(i)).collect();
    Ok(vm.new_tuple(its?))
}
fn items(tuple: &Value) -> &[Value] {
    tuple.get::<Tuple>().map_or(&[], Tuple::items)
}

// --- enumerate ----------------------------------------------------------------------------------------------

fn enumerate_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let start = if args[2].is_small() {
        args[2].clone()
    } else {
        let i = vm.to_int(&args[2])?;
        vm.new_bigint(i)
    };
    let it = vm.iter(&args[1])?;
    Ok(vm.new_of(&args[0], Enumerate { it, count: RefCell::new(start) }))
}
fn enumerate_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let e = args[0].get::<Enumerate>().expect("an enumerate");
    match vm.next(&e.it)? {
        Some(item) => {
            let n = e.number(vm);
            Ok(vm.new_pair(n, item))
        }
        None => Ok(Value::NULL),
    }
}
fn enumerate_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let e = args[0].get::<Enumerate>().expect("an enumerate");
    let count = e.count.borrow().clone();
    let state = vm.new_pair(e.it.clone(), count);
    let class = args[0].type_of(vm).clone();
    Ok(vm.new_pair(class, state))
}

/// `enumerate`
pub static ENUMERATE: TypeDef = TypeDef::new("enumerate", layout_of::<Enumerate>())
    .flags(flags::BASE)
    .methods(&[
        static_method("__new__(cls, iterable, start=0)", enumerate_new),
        method("__iter__(self, /)", self_iter),
        method("__next__(self, /)", enumerate_next),
        method("__reduce__(self, /)", enumerate_reduce),
        class_method("__class_getitem__(cls, object, /)", class_getitem),
    ])
    .doc("Return an enumerate object.\n\n  iterable\n    an object supporting iteration\n\nThe enumerate object yields pairs containing a count (from start, which\ndefaults to zero) and a value yielded by the iterable argument.");

// --- zip ----------------------------------------------------------------------------------------------------

fn zip_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let strict = vm.truthy(&args[2])?;
    let its = iterators(vm, items(&args[1]))?;
    Ok(vm.new_of(&args[0], Zip { its, strict: Cell::new(strict) }))
}
fn zip_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let z = args[0].get::<Zip>().expect("a zip");
    let its = items(&z.its);
    if let [a, b] = its {
        let Some(x) = vm.next(a)? else { return ended(vm, z, 0) };
        let Some(y) = vm.next(b)? else { return ended(vm, z, 1) };
        return Ok(vm.new_pair(x, y));
    }
    if its.is_empty() {
        return Ok(Value::NULL);
    }
    let mut row = Vec::with_capacity(its.len());
    for (i, it) in its.iter().enumerate() {
        match vm.next(it)? {
            Some(v) => row.push(v),
            None => return ended(vm, z, i),
        }
    }
    Ok(vm.new_tuple(row))
}
/// Iterator `i` has ended first; where all must end together, none may have had more.
fn ended(vm: &mut Vm, z: &Zip, i: usize) -> PyResult {
    if !z.strict.get() {
        return Ok(Value::NULL);
    }
    let arguments = |n: usize| if n == 1 { "argument 1".to_string() } else { format!("arguments 1-{n}") };
    if i > 0 {
        return Err(vm.value_error(format!("zip() argument {} is shorter than {}", i + 1, arguments(i))));
    }
    for (j, it) in items(&z.its).iter().enumerate().skip(1) {
        if vm.next(it)?.is_some() {
            return Err(vm.value_error(format!("zip() argument {} is longer than {}", j + 1, arguments(j))));
        }
    }
    Ok(Value::NULL)
}
fn zip_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let z = args[0].get::<Zip>().expect("a zip");
    let mut parts = vec![args[0].type_of(vm).clone(), z.its.clone()];
    if z.strict.get() {
        parts.push(Value::TRUE);
    }
    Ok(vm.new_tuple(parts))
}
fn zip_setstate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let strict = vm.truthy(&args[1])?;
    args[0].get::<Zip>().expect("a zip").strict.set(strict);
    Ok(Value::NONE)
}

/// `zip`
pub static ZIP: TypeDef = TypeDef::new("zip", layout_of::<Zip>())
    .flags(flags::BASE)
    .methods(&[
        static_method("__new__(cls, *iterables, strict=False)", zip_new),
        method("__iter__(self, /)", self_iter),
        method("__next__(self, /)", zip_next),
        method("__reduce__(self, /)", zip_reduce),
        method("__setstate__(self, object, /)", zip_setstate),
    ])
    .doc("zip(*iterables, strict=False) --> Yield tuples until an input is exhausted.");

// --- map ----------------------------------------------------------------------------------------------------

fn map_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let all = items(&args[1]);
    if all.len() < 2 {
        return Err(vm.type_error("map() must have at least two arguments."));
    }
    let its = iterators(vm, &all[1..])?;
    Ok(vm.new_of(&args[0], Map { func: all[0].clone(), its }))
}
fn map_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let m = args[0].get::<Map>().expect("a map");
    let its = items(&m.its);
    if let [it] = its {
        return match vm.next(it)? {
            Some(v) => vm.call(&m.func, &[v]),
            None => Ok(Value::NULL),
        };
    }
    let mut row = Vec::with_capacity(its.len());
    for it in its {
        match vm.next(it)? {
            Some(v) => row.push(v),
            None => return Ok(Value::NULL),
        }
    }
    vm.call(&m.func, &row)
}
fn map_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let m = args[0].get::<Map>().expect("a map");
    let mut parts = vec![m.func.clone()];
    parts.extend_from_slice(items(&m.its));
    let parts = vm.new_tuple(parts);
    let class = args[0].type_of(vm).clone();
    Ok(vm.new_pair(class, parts))
}

/// `map`
pub static MAP: TypeDef = TypeDef::new("map", layout_of::<Map>())
    .flags(flags::BASE)
    .methods(&[
        static_method("__new__(cls, /, *args)", map_new),
        method("__iter__(self, /)", self_iter),
        method("__next__(self, /)", map_next),
        method("__reduce__(self, /)", map_reduce),
    ])
    .doc("map(func, *iterables) --> map object\n\nMake an iterator that computes the function using arguments from\neach of the iterables.  Stops when the shortest iterable is exhausted.");

// --- filter -------------------------------------------------------------------------------------------------

fn filter_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = vm.iter(&args[2])?;
    Ok(vm.new_of(&args[0], Filter { func: args[1].clone(), it }))
}
fn filter_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let f = args[0].get::<Filter>().expect("a filter");
    let by_truth = f.func.is_none() || f.func.is(vm.ty(crate::types::T::Bool));
    while let Some(item) = vm.next(&f.it)? {
        let good = if by_truth {
            vm.truthy(&item)?
        } else {
            let r = vm.call(&f.func, std::slice::from_ref(&item))?;
            vm.truthy(&r)?
        };
        if good {
            return Ok(item);
        }
    }
    Ok(Value::NULL)
}
fn filter_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let f = args[0].get::<Filter>().expect("a filter");
    let parts = vm.new_pair(f.func.clone(), f.it.clone());
    let class = args[0].type_of(vm).clone();
    Ok(vm.new_pair(class, parts))
}

/// `filter`
pub static FILTER: TypeDef = TypeDef::new("filter", layout_of::<Filter>())
    .flags(flags::BASE)
    .methods(&[
        static_method("__new__(cls, function, iterable, /)", filter_new),
        method("__iter__(self, /)", self_iter),
        method("__next__(self, /)", filter_next),
        method("__reduce__(self, /)", filter_reduce),
    ])
    .doc("filter(function or None, iterable) --> filter object\n\nReturn an iterator yielding those items of iterable for which function(item)\nis true. If function is None, return the items that are true.");
