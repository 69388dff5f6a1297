//! `tuple`: a fixed sequence of values. Up to three lie in the object itself.

use crate::error::{Exc, PyResult};
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Immutable, Kind, Payload, layout_of};
use crate::op::CmpOp;
use crate::types::T;
use crate::types::generic_alias::class_getitem;
use crate::types::list::seq_index;
use crate::types::native::{NativeDef, class_method, method, static_method};
use crate::types::seq;
use crate::types::slice::{self, Slice};
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `tuple`.
pub struct Tuple(Items);

enum Items {
    One([Value; 1]),
    Two([Value; 2]),
    Three([Value; 3]),
    Many(Box<[Value]>),
}

impl Tuple {
    /// From its items.
    pub fn new(items: Vec<Value>) -> Tuple {
        Tuple(match items.len() {
            1 => items.try_into().map_or_else(many, Items::One),
            2 => items.try_into().map_or_else(many, Items::Two),
            3 => items.try_into().map_or_else(many, Items::Three),
            _ => Items::Many(items.into()),
        })
    }
    /// A pair.
    #[inline]
    pub fn pair(a: Value, b: Value) -> Tuple {
        Tuple(Items::Two([a, b]))
    }
    /// From copies of the items.
    #[inline]
    pub fn from_slice(items: &[Value]) -> Tuple {
        Tuple(match items {
            [a] => Items::One([a.clone()]),
            [a, b] => Items::Two([a.clone(), b.clone()]),
            [a, b, c] => Items::Three([a.clone(), b.clone(), c.clone()]),
            _ => Items::Many(items.into()),
        })
    }
    /// The items.
    #[inline(always)]
    pub fn items(&self) -> &[Value] {
        match &self.0 {
            Items::One(a) => a,
            Items::Two(a) => a,
            Items::Three(a) => a,
            Items::Many(a) => a,
        }
    }
}

fn many(items: Vec<Value>) -> Items {
    Items::Many(items.into())
}

impl Payload for Tuple {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const KIND: Kind = Kind::Tuple;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.items().iter().for_each(visit);
    }
    fn clear(&mut self) {
        self.0 = Items::Many(Box::default());
    }
    fn outside(&self) -> usize {
        if let Items::Many(a) = &self.0 { size_of_val::<[Value]>(a) } else { 0 }
    }
    fn clone_in(&self, c: &mut Cloner) -> Tuple {
        Tuple::new(c.values(self.items()))
    }
}
impl Immutable for Tuple {}

impl Vm {
    /// A tuple of two.
    #[inline]
    pub fn new_pair(&mut self, a: Value, b: Value) -> Value {
        self.new_object(T::Tuple, Tuple::pair(a, b))
    }
    /// A tuple of copies.
    #[inline]
    pub fn new_tuple_of(&mut self, items: &[Value]) -> Value {
        if items.is_empty() {
            return self.iso().image.empty_tuple().clone();
        }
        self.new_object(T::Tuple, Tuple::from_slice(items))
    }
}

#[inline(always)]
fn items(v: &Value) -> &[Value] {
    v.get::<Tuple>().expect("a tuple").items()
}
/// Exactly a tuple, so that it can stand for its own copy.
fn is_exact(vm: &Vm, v: &Value) -> bool {
    v.type_of(vm).is(vm.ty(T::Tuple))
}

fn tuple_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (cls, iterable) = (&args[0], &args[1]);
    let exact = cls.is(vm.ty(T::Tuple));
    if exact && !iterable.is_null() && is_exact(vm, iterable) {
        return Ok(iterable.clone());
    }
    let all = if iterable.is_null() { Vec::new() } else { vm.collect(iterable)? };
    Ok(if exact { vm.new_tuple(all) } else { vm.new_of(cls, Tuple::new(all)) })
}
fn tuple_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    if items(&args[0]).is_empty() {
        return Ok(vm.new_str("()"));
    }
    seq::repr(vm, &args[0], "(", ")")
}
fn tuple_hash(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.enter_native()?;
    let hashes: PyResult<Vec<i64>> = items(&args[0]).iter().map(|i| vm.hash(i)).collect();
    vm.leave_native();
    let h = crate::hash::tuple(hashes?.into_iter());
    Ok(vm.new_int(h))
}
fn tuple_len(_: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::small_wrap(items(&args[0]).len() as i64))
}
#[inline]
fn tuple_getitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (this, key) = (items(&args[0]), &args[1]);
    if let Some(s) = key.get::<Slice>() {
        let span = slice::indices(vm, s, this.len())?;
        if span.count == this.len() && span.step == 1 && is_exact(vm, &args[0]) {
            return Ok(args[0].clone());
        }
        return Ok(vm.new_tuple(span.take(this)));
    }
    let i = seq::subscript(vm, "tuple", key)?;
    match seq::resolve(i, this.len()) {
        Some(i) => Ok(this[i].clone()),
        None => Err(vm.err(Exc::IndexError, "tuple index out of range")),
    }
}
fn tuple_contains(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::bool(seq::find(vm, &args[0], 0, usize::MAX, &args[1])?.is_some()))
}
fn tuple_iter(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_tuple_iter(&args[0]))
}
fn tuple_index(vm: &mut Vm, args: &[Value]) -> PyResult {
    seq_index(vm, args, |vm, _| Err(vm.value_error("tuple.index(x): x not in tuple")))
}
fn tuple_count(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = seq::count(vm, &args[0], &args[1])?;
    Ok(Value::small_wrap(n as i64))
}
fn tuple_add(vm: &mut Vm, args: &[Value]) -> PyResult {
    let Some(other) = args[1].get::<Tuple>() else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let this = items(&args[0]);
    if this.is_empty() && is_exact(vm, &args[1]) {
        return Ok(args[1].clone());
    }
    if other.items().is_empty() && is_exact(vm, &args[0]) {
        return Ok(args[0].clone());
    }
    let mut all = seq::room(vm, Some(this.len() + other.items().len()))?;
    all.extend_from_slice(this);
    all.extend_from_slice(other.items());
    Ok(vm.new_tuple(all))
}
fn tuple_mul(vm: &mut Vm, args: &[Value]) -> PyResult {
    let Some(n) = seq::repeat_count(vm, &args[1])? else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    if (n == 1 || items(&args[0]).is_empty()) && is_exact(vm, &args[0]) {
        return Ok(args[0].clone());
    }
    let all = seq::repeated(vm, &args[0], n)?;
    Ok(vm.new_tuple(all))
}
fn tuple_getnewargs(vm: &mut Vm, args: &[Value]) -> PyResult {
    let copy = vm.new_tuple_of(items(&args[0]));
    Ok(vm.new_tuple(vec![copy]))
}

fn compare(vm: &mut Vm, op: CmpOp, args: &[Value]) -> PyResult {
    if !args[1].is_a::<Tuple>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    seq::compare(vm, op, &args[0], &args[1])
}
fn tuple_lt(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Lt, args)
}
fn tuple_le(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Le, args)
}
fn tuple_eq(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Eq, args)
}
fn tuple_ne(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Ne, args)
}
fn tuple_gt(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Gt, args)
}
fn tuple_ge(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Ge, args)
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, iterable=NULL, /)", tuple_new),
    method("__repr__(self, /)", tuple_repr),
    method("__hash__(self, /)", tuple_hash),
    method("__len__(self, /)", tuple_len),
    method("__getitem__(self, key, /)", tuple_getitem),
    method("__contains__(self, key, /)", tuple_contains),
    method("__iter__(self, /)", tuple_iter),
    method("__add__(self, value, /)", tuple_add),
    method("__mul__(self, value, /)", tuple_mul),
    method("__rmul__(self, value, /)", tuple_mul),
    method("__lt__(self, value, /)", tuple_lt),
    method("__le__(self, value, /)", tuple_le),
    method("__eq__(self, value, /)", tuple_eq),
    method("__ne__(self, value, /)", tuple_ne),
    method("__gt__(self, value, /)", tuple_gt),
    method("__ge__(self, value, /)", tuple_ge),
    method("__getnewargs__(self, /)", tuple_getnewargs),
    class_method("__class_getitem__(cls, object, /)", class_getitem).doc("See PEP 585"),
    method("index(self, value, start=0, stop=140737488355327, /)", tuple_index)
        .doc("Return first index of value.\n\nRaises ValueError if the value is not present."),
    method("count(self, value, /)", tuple_count).doc("Return number of occurrences of value."),
];

/// `tuple`
pub static DEF: TypeDef = TypeDef::new("tuple", layout_of::<Tuple>())
    .flags(flags::BASE | flags::SEQUENCE | flags::PLAIN_EQ | flags::MATCH_SELF)
    .methods(METHODS)
    .doc("Built-in immutable sequence.\n\nIf no argument is given, the constructor returns an empty tuple.\nIf iterable is specified the tuple is initialized from iterable's items.\n\nIf the argument is a tuple, the return value is the same object.");
