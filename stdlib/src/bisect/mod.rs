//! `_bisect`: where to insert into a sorted sequence (`Modules/_bisectmodule.c`).

use gilbert_vm::error::PyResult;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

const FUNCTIONS: &[NativeDef] = &[
    function("bisect_right(a, x, lo=0, hi=None, *, key=None)", |vm, a| find(vm, a, true))
        .doc("Return the index where to insert item x in list a, assuming a is sorted."),
    function("bisect(a, x, lo=0, hi=None, *, key=None)", |vm, a| find(vm, a, true))
        .doc("Return the index where to insert item x in list a, assuming a is sorted."),
    function("bisect_left(a, x, lo=0, hi=None, *, key=None)", |vm, a| find(vm, a, false))
        .doc("Return the index where to insert item x in list a, assuming a is sorted."),
    function("insort_right(a, x, lo=0, hi=None, *, key=None)", |vm, a| insort(vm, a, true))
        .doc("Insert item x in list a, and keep it sorted assuming a is sorted."),
    function("insort(a, x, lo=0, hi=None, *, key=None)", |vm, a| insort(vm, a, true)).doc("Insert item x in list a, and keep it sorted assuming a is sorted."),
    function("insort_left(a, x, lo=0, hi=None, *, key=None)", |vm, a| insort(vm, a, false))
        .doc("Insert item x in list a, and keep it sorted assuming a is sorted."),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    Ok(vm.new_module("_bisect", "Bisection algorithms.", FUNCTIONS))
}

/// The index for `x`, whose key has been taken already.
fn search(vm: &mut Vm, args: &[Value], x: &Value, right: bool) -> PyResult<usize> {
    let (a, key) = (&args[0], &args[4]);
    let lo = vm.to_isize(&args[2])?;
    let Ok(mut lo) = usize::try_from(lo) else { return Err(vm.value_error("lo must be non-negative")) };
    let mut hi = match vm_hi(vm, &args[3])? {
        Some(hi) => hi,
        None => vm.len(a)?,
    };
    while lo < hi {
        let mid = lo + (hi - lo) / 2;
        let mut item = vm.get_item(a, &Value::small_wrap(mid as i64))?;
        if !key.is_none() {
            item = vm.call(key, &[item])?;
        }
        let go_right = if right { !vm.less(x, &item)? } else { vm.less(&item, x)? };
        if go_right {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    Ok(lo)
}
/// The upper bound; `None` for the sequence's end.
fn vm_hi(vm: &mut Vm, v: &Value) -> PyResult<Option<usize>> {
    if v.is_none() {
        return Ok(None);
    }
    Ok(match vm.to_isize(v)? {
        -1 => None,
        i => Some(i.max(0) as usize),
    })
}
fn find(vm: &mut Vm, args: &[Value], right: bool) -> PyResult {
    let i = search(vm, args, &args[1], right)?;
    Ok(Value::small_wrap(i as i64))
}
fn insort(vm: &mut Vm, args: &[Value], right: bool) -> PyResult {
    let x = if args[4].is_none() { args[1].clone() } else { vm.call(&args[4], &[args[1].clone()])? };
    let i = search(vm, args, &x, right)?;
    vm.call_method(&args[0], "insert", &[Value::small_wrap(i as i64), args[1].clone()])?;
    Ok(Value::NONE)
}
