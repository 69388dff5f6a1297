//! Iterators over several iterables or several items: `accumulate`, `batched`, `chain`, `pairwise`, `starmap`, `zip_longest`.

use super::{iterator, state};
use crate::payload::payload;
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::op::BinOp;
use gilbert_vm::types::iterators::self_iter;
use gilbert_vm::types::native::{class_method, method, static_method};
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

struct Accumulate {
    it: Value,
    func: Value,
    /// The last result; absent before the first.
    total: Value,
    initial: Value,
}
struct Batched {
    it: Value,
    size: usize,
    strict: bool,
}
struct Chain {
    /// An iterator over the iterables; None at the end.
    source: Value,
    /// The iterator in use, or None.
    active: Value,
}
struct Pairwise {
    it: Value,
    last: Value,
}
struct StarMap {
    func: Value,
    it: Value,
}
struct ZipLongest {
    fill: Value,
    /// None where an iterator has ended.
    its: Vec<Value>,
}
payload!(Accumulate { one: [it, func, total, initial], many: [], plain: [] });
payload!(Batched { one: [it], many: [], plain: [size, strict] });
payload!(Chain { one: [source, active], many: [], plain: [] });
payload!(Pairwise { one: [it, last], many: [], plain: [] });
payload!(StarMap { one: [func, it], many: [], plain: [] });
payload!(ZipLongest { one: [fill], many: [its], plain: [] });

pub const TYPES: &[&TypeDef] = &[&ACCUMULATE, &BATCHED, &CHAIN, &PAIRWISE, &STARMAP, &ZIP_LONGEST];

static ACCUMULATE: TypeDef = iterator::<Accumulate>(
    "itertools.accumulate",
    &[
        static_method("__new__(cls, iterable, func=None, *, initial=None)", accumulate_new),
        method("__iter__(self, /)", self_iter),
        method("__next__(self, /)", accumulate_next),
    ],
    "Return series of accumulated sums.",
);
static BATCHED: TypeDef = iterator::<Batched>(
    "itertools.batched",
    &[
        static_method("__new__(cls, iterable, n, *, strict=False)", batched_new),
        method("__iter__(self, /)", self_iter),
        method("__next__(self, /)", batched_next),
    ],
    "Batch data into tuples of length n. The last batch may be shorter than n.",
);
static CHAIN: TypeDef = iterator::<Chain>(
    "itertools.chain",
    &[
        static_method("__new__(cls, *iterables)", chain_new),
        class_method("from_iterable(cls, iterable, /)", chain_from)
            .doc("Alternative chain() constructor taking a single iterable argument that evaluates lazily."),
        class_method("__class_getitem__(cls, item, /)", crate::functools::class_getitem),
        method("__iter__(self, /)", self_iter),
        method("__next__(self, /)", chain_next),
    ],
    "Return a chain object whose .__next__() method returns elements from the\nfirst iterable until it is exhausted, then elements from the next\niterable, until all of the iterables are exhausted.",
);
static PAIRWISE: TypeDef = iterator::<Pairwise>(
    "itertools.pairwise",
    &[static_method("__new__(cls, iterable, /)", pairwise_new), method("__iter__(self, /)", self_iter), method("__next__(self, /)", pairwise_next)],
    "Return an iterator of overlapping pairs taken from the input iterator.",
);
static STARMAP: TypeDef = iterator::<StarMap>(
    "itertools.starmap",
    &[static_method("__new__(cls, function, iterable, /)", starmap_new), method("__iter__(self, /)", self_iter), method("__next__(self, /)", starmap_next)],
    "Return an iterator whose values are returned from the function evaluated with an argument tuple taken from the given sequence.",
);
static ZIP_LONGEST: TypeDef = iterator::<ZipLongest>(
    "itertools.zip_longest",
    &[
        static_method("__new__(cls, *iterables, fillvalue=None)", longest_new),
        method("__iter__(self, /)", self_iter),
        method("__next__(self, /)", longest_next),
    ],
    "Return a zip_longest object whose .__next__() method returns a tuple where\nthe i-th element comes from the i-th iterable argument.",
);

fn accumulate_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = vm.iter(&args[1])?;
    let initial = if args[3].is_none() { Value::NULL } else { args[3].clone() };
    Ok(vm.new_of(&args[0], Accumulate { it, func: args[2].clone(), total: Value::NULL, initial }))
}
fn accumulate_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let a = state::<Accumulate>(vm, &args[0]);
    if !a.initial.is_null() {
        a.total = a.initial.take();
        return Ok(a.total.clone());
    }
    let (it, func, total) = (a.it.clone(), a.func.clone(), a.total.clone());
    let Some(item) = vm.next(&it)? else { return Ok(Value::NULL) };
    let sum = if total.is_null() {
        item
    } else if func.is_none() {
        vm.binary(BinOp::Add, &total, &item)?
    } else {
        vm.call(&func, &[total, item])?
    };
    state::<Accumulate>(vm, &args[0]).total = sum.clone();
    Ok(sum)
}

fn batched_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let size = vm.to_isize(&args[2])?;
    if size < 1 {
        return Err(vm.value_error("n must be at least one"));
    }
    let strict = vm.truthy(&args[3])?;
    let it = vm.iter(&args[1])?;
    Ok(vm.new_of(&args[0], Batched { it, size: size as usize, strict }))
}
fn batched_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let b = state::<Batched>(vm, &args[0]);
    let (it, size, strict) = (b.it.clone(), b.size, b.strict);
    if it.is_none() {
        return Ok(Value::NULL);
    }
    let mut items = Vec::new();
    while items.len() < size {
        match vm.next(&it)? {
            Some(item) => items.push(item),
            None => {
                state::<Batched>(vm, &args[0]).it = Value::NONE;
                break;
            }
        }
    }
    if items.is_empty() {
        return Ok(Value::NULL);
    }
    if strict && items.len() < size {
        return Err(vm.value_error("batched(): incomplete batch"));
    }
    Ok(vm.new_tuple(items))
}

fn chain_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let source = vm.iter(&args[1])?;
    Ok(vm.new_of(&args[0], Chain { source, active: Value::NONE }))
}
fn chain_from(vm: &mut Vm, args: &[Value]) -> PyResult {
    chain_new(vm, args)
}
fn chain_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    loop {
        let c = state::<Chain>(vm, &args[0]);
        let (source, active) = (c.source.clone(), c.active.clone());
        if source.is_none() {
            return Ok(Value::NULL);
        }
        if active.is_none() {
            match vm.next(&source)? {
                Some(iterable) => match vm.iter(&iterable) {
                    Ok(it) => state::<Chain>(vm, &args[0]).active = it,
                    Err(e) => {
                        state::<Chain>(vm, &args[0]).source = Value::NONE;
                        return Err(e);
                    }
                },
                None => {
                    state::<Chain>(vm, &args[0]).source = Value::NONE;
                    return Ok(Value::NULL);
                }
            }
            continue;
        }
        if let Some(item) = vm.next(&active)? {
            return Ok(item);
        }
        let c = state::<Chain>(vm, &args[0]);
        if c.active.is(&active) {
            c.active = Value::NONE;
        }
    }
}

fn pairwise_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = vm.iter(&args[1])?;
    Ok(vm.new_of(&args[0], Pairwise { it, last: Value::NULL }))
}
fn pairwise_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let p = state::<Pairwise>(vm, &args[0]);
    let (it, mut last) = (p.it.clone(), p.last.clone());
    if it.is_none() {
        return Ok(Value::NULL);
    }
    if last.is_null() {
        match vm.next(&it)? {
            Some(first) => {
                state::<Pairwise>(vm, &args[0]).last = first.clone();
                last = first;
            }
            None => {
                state::<Pairwise>(vm, &args[0]).it = Value::NONE;
                return Ok(Value::NULL);
            }
        }
    }
    match vm.next(&it)? {
        Some(item) => {
            state::<Pairwise>(vm, &args[0]).last = item.clone();
            Ok(vm.new_tuple(vec![last, item]))
        }
        None => {
            let p = state::<Pairwise>(vm, &args[0]);
            p.it = Value::NONE;
            p.last = Value::NULL;
            Ok(Value::NULL)
        }
    }
}

fn starmap_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = vm.iter(&args[2])?;
    Ok(vm.new_of(&args[0], StarMap { func: args[1].clone(), it }))
}
fn starmap_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let s = state::<StarMap>(vm, &args[0]);
    let (func, it) = (s.func.clone(), s.it.clone());
    let Some(item) = vm.next(&it)? else { return Ok(Value::NULL) };
    let items = vm.collect(&item)?;
    vm.call(&func, &items)
}

fn longest_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let given = args[1].get::<Tuple>().expect("bound").items();
    let its: PyResult<Vec<Value>> = given.iter().map(|i| vm.iter(i)).collect();
    let its = its?;
    Ok(vm.new_of(&args[0], ZipLongest { fill: args[2].clone(), its }))
}
fn longest_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let z = state::<ZipLongest>(vm, &args[0]);
    let (its, fill) = (z.its.clone(), z.fill.clone());
    let mut live = its.iter().filter(|i| !i.is_none()).count();
    let mut items = Vec::with_capacity(its.len());
    for (i, it) in its.iter().enumerate() {
        let item = if it.is_none() { None } else { vm.next(it)? };
        if let Some(item) = item {
            items.push(item);
            continue;
        }
        if !it.is_none() {
            live -= 1;
            let z = state::<ZipLongest>(vm, &args[0]);
            if let Some(slot) = z.its.get_mut(i) {
                *slot = Value::NONE;
            }
        }
        if live == 0 {
            return Ok(Value::NULL);
        }
        items.push(fill.clone());
    }
    if items.is_empty() { Ok(Value::NULL) } else { Ok(vm.new_tuple(items)) }
}
