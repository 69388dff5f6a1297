//! `set` and `frozenset`: their methods. The table is in `set_table.rs`, what sets do with each other in `set_ops.rs`.

use crate::error::{Exc, PyResult};
use crate::image::TypeDef;
use crate::object::layout_of;
use crate::op::CmpOp;
use crate::probe::Part;
use crate::types::T;
use crate::types::generic_alias::class_getitem;
use crate::types::native::{NativeDef, class_method, method, static_method};
use crate::types::seq::push_repr;
use crate::types::set_ops::{self as ops, table, table_mut};
use crate::types::set_table::Set;
use crate::types::tuple::Tuple;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;

// --- making -------------------------------------------------------------------------------------------------

fn set_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_of(&args[0], Set::default()))
}
fn set_init(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.touch_write(&args[0], Part::Whole);
    let old = table_mut(vm, &args[0]).take_all();
    drop(old);
    if !args[1].is_null() {
        vm.set_update(&args[0], &args[1])?;
    }
    Ok(Value::NONE)
}
fn frozenset_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (cls, iterable) = (&args[0], &args[1]);
    let frozen = vm.ty(T::FrozenSet);
    if cls.is(frozen) && !iterable.is_null() && iterable.type_of(vm).is(frozen) {
        return Ok(iterable.clone());
    }
    let set = vm.new_of(cls, Set::default());
    if !iterable.is_null() {
        vm.set_update(&set, iterable)?;
    }
    Ok(set)
}

// --- single elements ----------------------------------------------------------------------------------------

fn set_add(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.set_add(&args[0], &args[1])?;
    Ok(Value::NONE)
}
fn set_discard(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.set_discard(&args[0], &args[1])?;
    Ok(Value::NONE)
}
fn set_remove(vm: &mut Vm, args: &[Value]) -> PyResult {
    if vm.set_discard(&args[0], &args[1])? { Ok(Value::NONE) } else { Err(vm.key_error(&args[1])) }
}
fn set_pop(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.touch_write(&args[0], Part::Whole);
    match table_mut(vm, &args[0]).pop() {
        Some(key) => Ok(key),
        None => Err(vm.err(Exc::KeyError, "pop from an empty set")),
    }
}
fn set_clear(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.touch_write(&args[0], Part::Whole);
    let old = table_mut(vm, &args[0]).take_all();
    drop(old);
    Ok(Value::NONE)
}
fn set_contains(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.set_contains(&args[0], &args[1]).map(Value::bool)
}
fn set_len(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.touch_read(&args[0], Part::Whole);
    Ok(Value::small_wrap(table(vm, &args[0]).len() as i64))
}
fn set_iter(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_set_iter(&args[0]))
}
fn set_copy(vm: &mut Vm, args: &[Value]) -> PyResult {
    ops::copy(vm, &args[0])
}

// --- methods that take iterables ----------------------------------------------------------------------------

fn others(args: &[Value]) -> &[Value] {
    args[1].get::<Tuple>().map_or(&[], Tuple::items)
}
fn set_update(vm: &mut Vm, args: &[Value]) -> PyResult {
    for other in others(args) {
        vm.set_update(&args[0], other)?;
    }
    Ok(Value::NONE)
}
fn set_union(vm: &mut Vm, args: &[Value]) -> PyResult {
    let result = ops::copy_like(vm, &args[0], &args[0])?;
    for other in others(args) {
        if !other.is(&args[0]) {
            vm.set_update(&result, other)?;
        }
    }
    Ok(result)
}
fn set_intersection(vm: &mut Vm, args: &[Value]) -> PyResult {
    ops::intersection_all(vm, &args[0], others(args))
}
fn set_intersection_update(vm: &mut Vm, args: &[Value]) -> PyResult {
    let new = ops::intersection_all(vm, &args[0], others(args))?;
    ops::become_set(vm, &args[0], &new);
    Ok(Value::NONE)
}
fn set_difference(vm: &mut Vm, args: &[Value]) -> PyResult {
    let Some((first, rest)) = others(args).split_first() else { return ops::copy(vm, &args[0]) };
    let result = ops::difference(vm, &args[0], first)?;
    for other in rest {
        ops::difference_update(vm, &result, other)?;
    }
    Ok(result)
}
fn set_difference_update(vm: &mut Vm, args: &[Value]) -> PyResult {
    for other in others(args) {
        ops::difference_update(vm, &args[0], other)?;
    }
    Ok(Value::NONE)
}
fn set_symmetric_difference(vm: &mut Vm, args: &[Value]) -> PyResult {
    ops::symmetric_difference(vm, &args[0], &args[1])
}
fn set_symmetric_difference_update(vm: &mut Vm, args: &[Value]) -> PyResult {
    ops::symmetric_difference_update(vm, &args[0], &args[1])?;
    Ok(Value::NONE)
}
fn set_issubset(vm: &mut Vm, args: &[Value]) -> PyResult {
    ops::is_subset(vm, &args[0], &args[1]).map(Value::bool)
}
fn set_issuperset(vm: &mut Vm, args: &[Value]) -> PyResult {
    ops::is_superset(vm, &args[0], &args[1]).map(Value::bool)
}
fn set_isdisjoint(vm: &mut Vm, args: &[Value]) -> PyResult {
    ops::is_disjoint(vm, &args[0], &args[1]).map(Value::bool)
}

// --- operators: only between sets ---------------------------------------------------------------------------

fn both_sets(args: &[Value]) -> bool {
    args[0].is_a::<Set>() && args[1].is_a::<Set>()
}
macro_rules! operators {
    ($($forward:ident $reflected:ident $op:expr;)*) => { $(
        fn $forward(vm: &mut Vm, args: &[Value]) -> PyResult {
            if both_sets(args) { $op(vm, &args[0], &args[1]) } else { Ok(Value::NOT_IMPLEMENTED) }
        }
        fn $reflected(vm: &mut Vm, args: &[Value]) -> PyResult {
            if both_sets(args) { $op(vm, &args[1], &args[0]) } else { Ok(Value::NOT_IMPLEMENTED) }
        }
    )* };
}
operators! {
    set_and set_rand ops::intersection;
    set_or set_ror union;
    set_sub set_rsub ops::difference;
    set_xor set_rxor ops::symmetric_difference;
}
fn union(vm: &mut Vm, a: &Value, b: &Value) -> PyResult {
    let result = ops::copy_like(vm, a, a)?;
    vm.set_update(&result, b)?;
    Ok(result)
}
fn set_iand(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !both_sets(args) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let new = ops::intersection(vm, &args[0], &args[1])?;
    ops::become_set(vm, &args[0], &new);
    Ok(args[0].clone())
}
fn set_ior(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !both_sets(args) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    vm.set_update(&args[0], &args[1])?;
    Ok(args[0].clone())
}
fn set_isub(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !both_sets(args) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    ops::difference_update(vm, &args[0], &args[1])?;
    Ok(args[0].clone())
}
fn set_ixor(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !both_sets(args) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    ops::symmetric_difference_update(vm, &args[0], &args[1])?;
    Ok(args[0].clone())
}

fn compare(vm: &mut Vm, op: CmpOp, args: &[Value]) -> PyResult {
    if !both_sets(args) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (a, b) = (&args[0], &args[1]);
    let (x, y) = (table(vm, a).len(), table(vm, b).len());
    let r = match op {
        CmpOp::Eq => ops::equal(vm, a, b)?,
        CmpOp::Ne => !ops::equal(vm, a, b)?,
        CmpOp::Le => ops::is_subset(vm, a, b)?,
        CmpOp::Ge => ops::is_subset(vm, b, a)?,
        CmpOp::Lt => x < y && ops::is_subset(vm, a, b)?,
        CmpOp::Gt => x > y && ops::is_subset(vm, b, a)?,
    };
    Ok(Value::bool(r))
}
fn set_lt(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Lt, args)
}
fn set_le(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Le, args)
}
fn set_eq(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Eq, args)
}
fn set_ne(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Ne, args)
}
fn set_gt(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Gt, args)
}
fn set_ge(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Ge, args)
}

// --- the rest -----------------------------------------------------------------------------------------------

fn frozenset_hash(vm: &mut Vm, args: &[Value]) -> PyResult {
    let h = table(vm, &args[0]).frozen_hash();
    Ok(vm.new_int(h))
}
fn set_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let this = &args[0];
    let name = vm.type_name(this);
    if !vm.enter_repr(this) {
        return Ok(vm.new_str(format!("{name}(...)")));
    }
    let items = vm.set_items(this);
    let r = repr_items(vm, &items);
    vm.leave_repr(this);
    let inner = r?;
    if items.is_empty() {
        return Ok(vm.new_str(format!("{name}()")));
    }
    let plain = this.type_of(vm).is(vm.ty(T::Set));
    let mut out = if plain { Vec::new() } else { format!("{name}(").into_bytes() };
    out.push(b'{');
    out.extend(inner);
    out.push(b'}');
    if !plain {
        out.push(b')');
    }
    Ok(vm.new_str_wtf8(out))
}
fn repr_items(vm: &mut Vm, items: &[Value]) -> PyResult<Vec<u8>> {
    let mut out = Vec::new();
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.extend_from_slice(b", ");
        }
        push_repr(vm, &mut out, item)?;
    }
    Ok(out)
}
fn set_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let items = vm.set_items(&args[0]);
    let list = vm.new_list(items);
    let list = vm.new_tuple(vec![list]);
    let state = crate::types::object_::getstate(vm, &args[..1])?;
    let class = args[0].type_of(vm).clone();
    Ok(vm.new_tuple(vec![class, list, state]))
}
fn set_sizeof(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::small_wrap(200 + table(vm, &args[0]).bytes() as i64))
}

macro_rules! methods {
    ($($own:expr,)*) => { &[
        method("__repr__(self, /)", set_repr),
        method("__len__(self, /)", set_len),
        method("__contains__(self, object, /)", set_contains).doc("x.__contains__(y) <==> y in x."),
        method("__iter__(self, /)", set_iter),
        method("__and__(self, value, /)", set_and),
        method("__rand__(self, value, /)", set_rand),
        method("__or__(self, value, /)", set_or),
        method("__ror__(self, value, /)", set_ror),
        method("__sub__(self, value, /)", set_sub),
        method("__rsub__(self, value, /)", set_rsub),
        method("__xor__(self, value, /)", set_xor),
        method("__rxor__(self, value, /)", set_rxor),
        method("__lt__(self, value, /)", set_lt),
        method("__le__(self, value, /)", set_le),
        method("__eq__(self, value, /)", set_eq),
        method("__ne__(self, value, /)", set_ne),
        method("__gt__(self, value, /)", set_gt),
        method("__ge__(self, value, /)", set_ge),
        method("__reduce__(self, /)", set_reduce).doc("Return state information for pickling."),
        method("__sizeof__(self, /)", set_sizeof).doc("S.__sizeof__() -> size of S in memory, in bytes."),
        class_method("__class_getitem__(cls, object, /)", class_getitem).doc("See PEP 585"),
        method("copy(self, /)", set_copy).doc("Return a shallow copy of a set."),
        method("union(self, *others)", set_union).doc("Return a new set with elements from the set and all others."),
        method("intersection(self, *others)", set_intersection).doc("Return a new set with elements common to the set and all others."),
        method("difference(self, *others)", set_difference).doc("Return a new set with elements in the set that are not in the others."),
        method("symmetric_difference(self, other, /)", set_symmetric_difference)
            .doc("Return a new set with elements in either the set or other but not both."),
        method("issubset(self, other, /)", set_issubset).doc("Report whether another set contains this set."),
        method("issuperset(self, other, /)", set_issuperset).doc("Report whether this set contains another set."),
        method("isdisjoint(self, other, /)", set_isdisjoint).doc("Return True if two sets have a null intersection."),
        $($own,)*
    ] };
}

const SET_METHODS: &[NativeDef] = methods![
    static_method("__new__(cls, ...)", set_new),
    method("__init__(self, iterable=NULL, /)", set_init),
    method("__iand__(self, value, /)", set_iand),
    method("__ior__(self, value, /)", set_ior),
    method("__isub__(self, value, /)", set_isub),
    method("__ixor__(self, value, /)", set_ixor),
    method("add(self, object, /)", set_add).doc("Add an element to a set.\n\nThis has no effect if the element is already present."),
    method("clear(self, /)", set_clear).doc("Remove all elements from this set."),
    method("discard(self, object, /)", set_discard).doc("Remove an element from a set if it is a member."),
    method("remove(self, object, /)", set_remove)
        .doc("Remove an element from a set; it must be a member.\n\nIf the element is not a member, raise a KeyError."),
    method("pop(self, /)", set_pop).doc("Remove and return an arbitrary set element.\n\nRaises KeyError if the set is empty."),
    method("update(self, *others)", set_update).doc("Update the set, adding elements from all others."),
    method("intersection_update(self, *others)", set_intersection_update).doc("Update the set, keeping only elements found in it and all others."),
    method("difference_update(self, *others)", set_difference_update).doc("Update the set, removing elements found in others."),
    method("symmetric_difference_update(self, other, /)", set_symmetric_difference_update)
        .doc("Update the set, keeping only elements found in either set, but not in both."),
];
const FROZEN_METHODS: &[NativeDef] = methods![static_method("__new__(cls, iterable=NULL, /)", frozenset_new), method("__hash__(self, /)", frozenset_hash),];

/// `set`
pub static SET: TypeDef = TypeDef::new("set", layout_of::<Set>())
    .flags(flags::BASE | flags::MATCH_SELF)
    .methods(SET_METHODS)
    .doc("set() -> new empty set object\nset(iterable) -> new set object\n\nBuild an unordered collection of unique elements.");
/// `frozenset`
pub static FROZEN_SET: TypeDef = TypeDef::new("frozenset", layout_of::<Set>())
    .flags(flags::BASE | flags::MATCH_SELF)
    .methods(FROZEN_METHODS)
    .doc("frozenset() -> empty frozenset object\nfrozenset(iterable) -> frozenset object\n\nBuild an immutable unordered collection of unique elements.");
