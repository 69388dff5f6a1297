//! Iterators that leave items out: `compress`, `dropwhile`, `filterfalse`, `islice`, `takewhile`.

use super::{iterator, state};
use crate::payload::payload;
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::types::iterators::self_iter;
use gilbert_vm::types::native::{method, static_method};
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

struct Compress {
    data: Value,
    selectors: Value,
}
/// `dropwhile` and `takewhile`; `turned`: the predicate has once said no.
struct While {
    keep: Value,
    it: Value,
    turned: bool,
}
struct FilterFalse {
    keep: Value,
    it: Value,
}
struct Slice {
    it: Value,
    /// The index of the next item to be given, of those the source has.
    next: u64,
    stop: Option<u64>,
    step: u64,
    /// How many items of the source have been taken.
    taken: u64,
}
payload!(Compress { one: [data, selectors], many: [], plain: [] });
payload!(While { one: [keep, it], many: [], plain: [turned] });
payload!(FilterFalse { one: [keep, it], many: [], plain: [] });
payload!(Slice { one: [it], many: [], plain: [next, stop, step, taken] });

pub const TYPES: &[&TypeDef] = &[&COMPRESS, &DROP_WHILE, &TAKE_WHILE, &FILTER_FALSE, &ISLICE];

static COMPRESS: TypeDef = iterator::<Compress>(
    "itertools.compress",
    &[static_method("__new__(cls, data, selectors)", compress_new), method("__iter__(self, /)", self_iter), method("__next__(self, /)", compress_next)],
    "Return data elements corresponding to true selector elements.",
);
static DROP_WHILE: TypeDef = iterator::<While>(
    "itertools.dropwhile",
    &[static_method("__new__(cls, predicate, iterable, /)", while_new), method("__iter__(self, /)", self_iter), method("__next__(self, /)", drop_next)],
    "Drop items from the iterable while predicate(item) is true.\n\nAfterwards, return every element until the iterable is exhausted.",
);
static TAKE_WHILE: TypeDef = iterator::<While>(
    "itertools.takewhile",
    &[static_method("__new__(cls, predicate, iterable, /)", while_new), method("__iter__(self, /)", self_iter), method("__next__(self, /)", take_next)],
    "Return successive entries from an iterable as long as the predicate evaluates to true for each entry.",
);
static FILTER_FALSE: TypeDef = iterator::<FilterFalse>(
    "itertools.filterfalse",
    &[static_method("__new__(cls, function, iterable, /)", filter_new), method("__iter__(self, /)", self_iter), method("__next__(self, /)", filter_next)],
    "Return those items of iterable for which function(item) is false.\n\nIf function is None, return the items that are false.",
);
static ISLICE: TypeDef = iterator::<Slice>(
    "itertools.islice",
    &[static_method("__new__(cls, *args)", slice_new), method("__iter__(self, /)", self_iter), method("__next__(self, /)", slice_next)],
    "islice(iterable, stop) --> islice object\nislice(iterable, start, stop[, step]) --> islice object\n\nReturn an iterator whose next() method returns selected values from an\niterable.",
);

fn compress_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (data, selectors) = (vm.iter(&args[1])?, vm.iter(&args[2])?);
    Ok(vm.new_of(&args[0], Compress { data, selectors }))
}
fn compress_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let c = state::<Compress>(vm, &args[0]);
    let (data, selectors) = (c.data.clone(), c.selectors.clone());
    loop {
        let (Some(item), Some(chosen)) = (vm.next(&data)?, vm.next(&selectors)?) else { return Ok(Value::NULL) };
        if vm.truthy(&chosen)? {
            return Ok(item);
        }
    }
}

fn while_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = vm.iter(&args[2])?;
    Ok(vm.new_of(&args[0], While { keep: args[1].clone(), it, turned: false }))
}
fn drop_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let w = state::<While>(vm, &args[0]);
    let (keep, it, turned) = (w.keep.clone(), w.it.clone(), w.turned);
    while let Some(item) = vm.next(&it)? {
        if turned {
            return Ok(item);
        }
        let r = vm.call(&keep, &[item.clone()])?;
        if !vm.truthy(&r)? {
            state::<While>(vm, &args[0]).turned = true;
            return Ok(item);
        }
    }
    Ok(Value::NULL)
}
fn take_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let w = state::<While>(vm, &args[0]);
    if w.turned {
        return Ok(Value::NULL);
    }
    let (keep, it) = (w.keep.clone(), w.it.clone());
    let Some(item) = vm.next(&it)? else { return Ok(Value::NULL) };
    let r = vm.call(&keep, &[item.clone()])?;
    if vm.truthy(&r)? {
        return Ok(item);
    }
    state::<While>(vm, &args[0]).turned = true;
    Ok(Value::NULL)
}

fn filter_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = vm.iter(&args[2])?;
    Ok(vm.new_of(&args[0], FilterFalse { keep: args[1].clone(), it }))
}
fn filter_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let f = state::<FilterFalse>(vm, &args[0]);
    let (keep, it) = (f.keep.clone(), f.it.clone());
    while let Some(item) = vm.next(&it)? {
        let good = if keep.is_none() {
            vm.truthy(&item)?
        } else {
            let r = vm.call(&keep, &[item.clone()])?;
            vm.truthy(&r)?
        };
        if !good {
            return Ok(item);
        }
    }
    Ok(Value::NULL)
}

/// An index of `islice`: None, or an int that is not negative.
fn slice_index(vm: &mut Vm, v: &Value) -> Option<Option<u64>> {
    if v.is_none() {
        return Some(None);
    }
    match vm.to_isize(v) {
        Ok(i) if i >= 0 => Some(Some(i as u64)),
        _ => None,
    }
}
fn slice_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let given = args[1].get::<Tuple>().expect("bound").items();
    let wrong = |vm: &mut Vm, what: &str| vm.value_error(format!("{what} for islice() must be None or an integer: 0 <= x <= sys.maxsize."));
    let (iterable, start, stop, step) = match given {
        [it, stop] => (it, Value::NONE, stop.clone(), Value::NONE),
        [it, start, stop] => (it, start.clone(), stop.clone(), Value::NONE),
        [it, start, stop, step] => (it, start.clone(), stop.clone(), step.clone()),
        other => {
            let (least, n) = if other.len() < 2 { ("at least 2", other.len()) } else { ("at most 4", other.len()) };
            return Err(vm.type_error(format!("islice expected {least} arguments, got {n}")));
        }
    };
    let Some(stop) = slice_index(vm, &stop) else {
        return Err(wrong(vm, "Stop argument"));
    };
    let Some(start) = slice_index(vm, &start) else { return Err(wrong(vm, "Indices")) };
    let step = match slice_index(vm, &step) {
        Some(None) => 1,
        Some(Some(n)) if n > 0 => n,
        _ => return Err(vm.value_error("Step for islice() must be a positive integer or None.")),
    };
    let it = vm.iter(iterable)?;
    Ok(vm.new_of(&args[0], Slice { it, next: start.unwrap_or(0), stop, step, taken: 0 }))
}
fn slice_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let s = state::<Slice>(vm, &args[0]);
    if s.it.is_none() {
        return Ok(Value::NULL);
    }
    let (it, wanted, stop) = (s.it.clone(), s.next, s.stop);
    let (target, give) = match stop {
        Some(stop) if wanted >= stop => (stop, false),
        _ => (wanted + 1, true),
    };
    let mut item = None;
    loop {
        let s = state::<Slice>(vm, &args[0]);
        if s.taken >= target {
            break;
        }
        s.taken += 1;
        item = vm.next(&it)?;
        if item.is_none() {
            break;
        }
    }
    let s = state::<Slice>(vm, &args[0]);
    match item {
        Some(item) if give => {
            s.next = wanted.saturating_add(s.step);
            if let Some(stop) = stop {
                s.next = s.next.min(stop.max(wanted + 1));
            }
            Ok(item)
        }
        _ => {
            drop(std::mem::replace(&mut s.it, Value::NONE));
            Ok(Value::NULL)
        }
    }
}
