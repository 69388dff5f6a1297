//! `count`, `cycle`, `repeat`.

use super::{iterator, state};
use crate::payload::payload;
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::op::BinOp;
use gilbert_vm::special::Special;
use gilbert_vm::types::iterators::self_iter;
use gilbert_vm::types::native::{method, static_method};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

struct Count {
    next: Value,
    step: Value,
}
struct Cycle {
    it: Value,
    saved: Vec<Value>,
    index: usize,
    first_pass: bool,
}
struct Repeat {
    item: Value,
    /// How often still; `None`: for ever.
    left: Option<i64>,
}
payload!(Count { one: [next, step], many: [], plain: [] });
payload!(Cycle { one: [it], many: [saved], plain: [index, first_pass] });
payload!(Repeat { one: [item], many: [], plain: [left] });

pub const TYPES: &[&TypeDef] = &[&COUNT, &CYCLE, &REPEAT];

static COUNT: TypeDef = iterator::<Count>(
    "itertools.count",
    &[
        static_method("__new__(cls, start=0, step=1)", count_new),
        method("__iter__(self, /)", self_iter),
        method("__next__(self, /)", count_next),
        method("__repr__(self, /)", count_repr),
        method("__reduce__(self, /)", count_reduce),
    ],
    "Return a count object whose .__next__() method returns consecutive values.",
);
static CYCLE: TypeDef = iterator::<Cycle>(
    "itertools.cycle",
    &[static_method("__new__(cls, iterable, /)", cycle_new), method("__iter__(self, /)", self_iter), method("__next__(self, /)", cycle_next)],
    "Return elements from the iterable until it is exhausted. Then repeat the sequence indefinitely.",
);
static REPEAT: TypeDef = iterator::<Repeat>(
    "itertools.repeat",
    &[
        static_method("__new__(cls, object, times=NULL)", repeat_new),
        method("__iter__(self, /)", self_iter),
        method("__next__(self, /)", repeat_next),
        method("__length_hint__(self, /)", repeat_hint),
        method("__repr__(self, /)", repeat_repr),
        method("__reduce__(self, /)", repeat_reduce),
    ],
    "repeat(object [,times]) -> create an iterator which returns the object\nfor the specified number of times.  If not specified, returns the object\nendlessly.",
);

fn count_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    for v in &args[1..3] {
        let numeric = [Special::Index, Special::Float, Special::Complex, Special::Int].iter().any(|s| vm.special(v, *s).is_some());
        if !numeric {
            return Err(vm.type_error("a number is required"));
        }
    }
    let exact = |vm: &mut Vm, v: &Value| if v.is_bool() { vm.exact_int(v) } else { v.clone() };
    let (next, step) = (exact(vm, &args[1]), exact(vm, &args[2]));
    Ok(vm.new_of(&args[0], Count { next, step }))
}
fn count_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let c = state::<Count>(vm, &args[0]);
    if let Some(sum) = if Value::both_small(&c.next, &c.step) { Value::small_add(&c.next, &c.step) } else { None } {
        return Ok(std::mem::replace(&mut c.next, sum));
    }
    let (now, step) = (c.next.clone(), c.step.clone());
    let sum = vm.binary(BinOp::Add, &now, &step)?;
    state::<Count>(vm, &args[0]).next = sum;
    Ok(now)
}
fn count_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let c = state::<Count>(vm, &args[0]);
    let (next, step) = (c.next.clone(), c.step.clone());
    let name = vm.short_type_name(&args[0]);
    let mut text = format!("{name}({}", vm.repr_text(&next)?);
    if step.as_small() != Some(1) {
        text.push_str(&format!(", {}", vm.repr_text(&step)?));
    }
    Ok(vm.new_str(text + ")"))
}
fn count_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let c = state::<Count>(vm, &args[0]);
    let mut parts = vec![c.next.clone()];
    if c.step.as_small() != Some(1) {
        parts.push(c.step.clone());
    }
    reduced(vm, &args[0], parts)
}
fn reduced(vm: &mut Vm, this: &Value, parts: Vec<Value>) -> PyResult {
    let ty = this.type_of(vm).clone();
    let parts = vm.new_tuple(parts);
    Ok(vm.new_tuple(vec![ty, parts]))
}

fn cycle_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = vm.iter(&args[1])?;
    Ok(vm.new_of(&args[0], Cycle { it, saved: Vec::new(), index: 0, first_pass: true }))
}
fn cycle_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let c = state::<Cycle>(vm, &args[0]);
    if c.first_pass {
        let it = c.it.clone();
        let item = vm.next(&it)?;
        let c = state::<Cycle>(vm, &args[0]);
        if let Some(item) = item {
            c.saved.push(item.clone());
            return Ok(item);
        }
        c.first_pass = false;
        drop(std::mem::replace(&mut c.it, Value::NONE));
    }
    let c = state::<Cycle>(vm, &args[0]);
    let Some(item) = c.saved.get(c.index).cloned() else { return Ok(Value::NULL) };
    c.index = (c.index + 1) % c.saved.len();
    Ok(item)
}

fn repeat_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let left = if args[2].is_null() { None } else { Some(vm.to_isize(&args[2])?.max(0) as i64) };
    Ok(vm.new_of(&args[0], Repeat { item: args[1].clone(), left }))
}
fn repeat_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let r = state::<Repeat>(vm, &args[0]);
    match &mut r.left {
        Some(0) => Ok(Value::NULL),
        Some(n) => {
            *n -= 1;
            Ok(r.item.clone())
        }
        None => Ok(r.item.clone()),
    }
}
fn repeat_hint(vm: &mut Vm, args: &[Value]) -> PyResult {
    match state::<Repeat>(vm, &args[0]).left {
        Some(n) => Ok(vm.new_int(n)),
        None => Err(vm.type_error("len() of unsized object")),
    }
}
fn repeat_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let r = state::<Repeat>(vm, &args[0]);
    let (item, left) = (r.item.clone(), r.left);
    let name = vm.short_type_name(&args[0]);
    let item = vm.repr_text(&item)?;
    let text = left.map_or(format!("{name}({item})"), |n| format!("{name}({item}, {n})"));
    Ok(vm.new_str(text))
}
fn repeat_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let r = state::<Repeat>(vm, &args[0]);
    let (item, left) = (r.item.clone(), r.left);
    let mut parts = vec![item];
    if let Some(n) = left {
        parts.push(vm.new_int(n));
    }
    reduced(vm, &args[0], parts)
}
