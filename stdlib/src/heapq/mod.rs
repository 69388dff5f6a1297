//! `_heapq`: priority queues in lists (`Modules/_heapqmodule.c`). Comparisons may run Python; a list that changes its length meanwhile is an
//! error.

use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::probe::Part;
use gilbert_vm::types::list::List;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

const FUNCTIONS: &[NativeDef] = &[
    function("heapify(heap, /)", |vm, a| heapify(vm, a, false)).doc("Transform list into a heap, in-place, in O(len(heap)) time."),
    function("heappush(heap, item, /)", |vm, a| push(vm, a, false)).doc("Push item onto heap, maintaining the heap invariant."),
    function("heappop(heap, /)", |vm, a| pop(vm, a, false)).doc("Pop the smallest item off the heap, maintaining the heap invariant."),
    function("heapreplace(heap, item, /)", |vm, a| replace(vm, a, false)).doc("Pop and return the current smallest value, and add the new item."),
    function("heappushpop(heap, item, /)", |vm, a| pushpop(vm, a, false)).doc("Push item on the heap, then pop and return the smallest item from the heap."),
    function("heapify_max(heap, /)", |vm, a| heapify(vm, a, true)).doc("Maxheap variant of heapify."),
    function("heappush_max(heap, item, /)", |vm, a| push(vm, a, true)).doc("Push item onto max heap, maintaining the heap invariant."),
    function("heappop_max(heap, /)", |vm, a| pop(vm, a, true)).doc("Maxheap variant of heappop."),
    function("heapreplace_max(heap, item, /)", |vm, a| replace(vm, a, true)).doc("Maxheap variant of heapreplace."),
    function("heappushpop_max(heap, item, /)", |vm, a| pushpop(vm, a, true)).doc("Maxheap variant of heappushpop."),
    function("_heapify_max(heap, /)", |vm, a| heapify(vm, a, true)).doc("Maxheap variant of heapify."),
    function("_heappop_max(heap, /)", |vm, a| pop(vm, a, true)).doc("Maxheap variant of heappop."),
    function("_heapreplace_max(heap, item, /)", |vm, a| replace(vm, a, true)).doc("Maxheap variant of heapreplace."),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    Ok(vm.new_module("_heapq", "Heap queue algorithm (a.k.a. priority queue).", FUNCTIONS))
}

fn check(vm: &mut Vm, heap: &Value, what: &str) -> PyResult<()> {
    if heap.is_a::<List>() {
        vm.touch_write(heap, Part::Whole);
        return Ok(());
    }
    let name = vm.type_name(heap);
    Err(vm.type_error(format!("{what} must be list, not {name}")))
}
fn items<'a>(vm: &'a mut Vm, heap: &'a Value) -> &'a mut Vec<Value> {
    heap.borrow_mut::<List>(vm).expect("a list").items_mut()
}
fn len(vm: &mut Vm, heap: &Value) -> usize {
    items(vm, heap).len()
}
/// Whether `a` belongs above `b`; an error where the comparison changed the list's length.
fn above(vm: &mut Vm, heap: &Value, n: usize, a: usize, b: usize, max: bool) -> PyResult<bool> {
    let all = items(vm, heap);
    let (x, y) = (all[a].clone(), all[b].clone());
    let r = if max { vm.less(&y, &x)? } else { vm.less(&x, &y)? };
    if len(vm, heap) != n {
        return Err(vm.runtime_error("list changed size during iteration"));
    }
    Ok(r)
}
/// Moves the item at `pos` up towards `start`.
fn rise(vm: &mut Vm, heap: &Value, start: usize, mut pos: usize, max: bool) -> PyResult<()> {
    let n = len(vm, heap);
    while pos > start {
        let parent = (pos - 1) / 2;
        if !above(vm, heap, n, pos, parent, max)? {
            break;
        }
        items(vm, heap).swap(pos, parent);
        pos = parent;
    }
    Ok(())
}
/// Moves the item at `pos` down to a leaf along the better children, then up to its place.
fn sink(vm: &mut Vm, heap: &Value, start: usize, max: bool) -> PyResult<()> {
    let n = len(vm, heap);
    let mut pos = start;
    while 2 * pos + 1 < n {
        let mut child = 2 * pos + 1;
        if child + 1 < n && !above(vm, heap, n, child, child + 1, max)? {
            child += 1;
        }
        items(vm, heap).swap(pos, child);
        pos = child;
    }
    rise(vm, heap, start, pos, max)
}

fn heapify(vm: &mut Vm, args: &[Value], max: bool) -> PyResult {
    check(vm, &args[0], "heapify() argument")?;
    let n = len(vm, &args[0]);
    for i in (0..n / 2).rev() {
        if len(vm, &args[0]) != n {
            return Err(vm.runtime_error("list changed size during iteration"));
        }
        sink(vm, &args[0], i, max)?;
    }
    Ok(Value::NONE)
}
fn push(vm: &mut Vm, args: &[Value], max: bool) -> PyResult {
    check(vm, &args[0], "heappush() argument 1")?;
    items(vm, &args[0]).push(args[1].clone());
    let last = len(vm, &args[0]) - 1;
    rise(vm, &args[0], 0, last, max)?;
    Ok(Value::NONE)
}
fn pop(vm: &mut Vm, args: &[Value], max: bool) -> PyResult {
    check(vm, &args[0], "heappop() argument")?;
    let all = items(vm, &args[0]);
    let Some(last) = all.pop() else { return Err(vm.err(Exc::IndexError, "index out of range")) };
    let Some(first) = all.first_mut() else { return Ok(last) };
    let first = std::mem::replace(first, last);
    sink(vm, &args[0], 0, max)?;
    Ok(first)
}
fn replace(vm: &mut Vm, args: &[Value], max: bool) -> PyResult {
    check(vm, &args[0], "heapreplace() argument 1")?;
    let Some(first) = items(vm, &args[0]).first_mut() else { return Err(vm.err(Exc::IndexError, "index out of range")) };
    let first = std::mem::replace(first, args[1].clone());
    sink(vm, &args[0], 0, max)?;
    Ok(first)
}
fn pushpop(vm: &mut Vm, args: &[Value], max: bool) -> PyResult {
    check(vm, &args[0], "heappushpop() argument 1")?;
    let Some(first) = items(vm, &args[0]).first().cloned() else { return Ok(args[1].clone()) };
    let better = if max { vm.less(&args[1], &first)? } else { vm.less(&first, &args[1])? };
    if !better {
        return Ok(args[1].clone());
    }
    if len(vm, &args[0]) == 0 {
        return Err(vm.err(Exc::IndexError, "index out of range"));
    }
    replace(vm, args, max)
}
