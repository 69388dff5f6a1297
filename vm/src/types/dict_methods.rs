//! The methods of `dict`; the table itself is in `dict.rs`, its operations on values in `proto/dict.rs`.

use crate::error::{Exc, PyResult};
use crate::image::TypeDef;
use crate::object::layout_of;
use crate::probe::Part;
use crate::special::Special;
use crate::types::T;
use crate::types::dict::Dict;
use crate::types::dict_views::Side;
use crate::types::generic_alias::class_getitem;
use crate::types::native::{NativeDef, class_method, method, static_method};
use crate::types::seq::push_repr;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;

fn table<'a>(vm: &'a Vm, v: &'a Value) -> &'a Dict {
    v.borrow::<Dict>(vm).expect("a dict")
}
fn table_mut<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut Dict {
    v.borrow_mut::<Dict>(vm).expect("a dict")
}
fn is_exact(vm: &Vm, v: &Value) -> bool {
    v.type_of(vm).is(vm.ty(T::Dict))
}

// --- making and filling -------------------------------------------------------------------------------------

fn dict_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_of(&args[0], Dict::new()))
}
/// `dict.__init__` and `dict.update`: a mapping or pairs, then keywords.
fn dict_update(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[1].is_null() {
        update(vm, &args[0], &args[1])?;
    }
    if !table(vm, &args[2]).is_empty() {
        vm.dict_update_from(&args[0], &args[2])?;
    }
    Ok(Value::NONE)
}
/// Sets what a mapping (anything with `keys`) or an iterable of pairs gives.
fn update(vm: &mut Vm, this: &Value, other: &Value) -> PyResult<()> {
    if vm.is_plain_dict(other) {
        return vm.dict_update_from(this, other);
    }
    if vm.attr_opt(other, "keys")?.is_some() {
        return vm.dict_update(this, other);
    }
    let mut n = 0;
    vm.for_each(other, |vm, item| {
        let (key, value) = pair(vm, n, &item)?;
        n += 1;
        vm.dict_set(this, &key, value)
    })
}
fn pair(vm: &mut Vm, n: usize, item: &Value) -> PyResult<(Value, Value)> {
    let parts = match vm.collect(item) {
        Ok(parts) => parts,
        Err(e) if vm.is_exc(&e, Exc::TypeError) => {
            return Err(vm.type_error(format!("cannot convert dictionary update sequence element #{n} to a sequence")));
        }
        Err(e) => return Err(e),
    };
    let len = parts.len();
    match <[Value; 2]>::try_from(parts) {
        Ok([key, value]) => Ok((key, value)),
        Err(_) => Err(vm.value_error(format!("dictionary update sequence element #{n} has length {len}; 2 is required"))),
    }
}
fn dict_fromkeys(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (cls, value) = (&args[0], &args[2]);
    if cls.is(vm.ty(T::Dict)) {
        let d = vm.new_dict();
        match super::set_ops::known_hashes(vm, &args[1]) {
            Some(keys) => keys.into_iter().try_for_each(|k| vm.dict_set_hashed(&d, k.hash, &k.key, value.clone()))?,
            None => vm.for_each(&args[1], |vm, key| vm.dict_set(&d, &key, value.clone()))?,
        }
        return Ok(d);
    }
    let d = vm.call(cls, &[])?;
    vm.for_each(&args[1], |vm, key| vm.set_item(&d, &key, value.clone()))?;
    Ok(d)
}
/// A plain dict with the same entries.
fn copy(vm: &mut Vm, this: &Value) -> PyResult {
    if !vm.is_plain_dict(this) {
        let new = vm.new_dict();
        vm.dict_update(&new, this)?;
        return Ok(new);
    }
    vm.touch_read(this, Part::Whole);
    let copy = table(vm, this).copy();
    Ok(vm.new_object(T::Dict, copy))
}
fn dict_copy(vm: &mut Vm, args: &[Value]) -> PyResult {
    copy(vm, &args[0])
}

// --- items --------------------------------------------------------------------------------------------------

fn dict_getitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (this, key) = (&args[0], &args[1]);
    if let Some(v) = vm.dict_get(this, key)? {
        return Ok(v);
    }
    if !is_exact(vm, this)
        && let Some(missing) = vm.special(this, Special::Missing)
    {
        return vm.call_special(&missing, args);
    }
    Err(vm.key_error(key))
}
fn dict_setitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.dict_set(&args[0], &args[1], args[2].clone())?;
    Ok(Value::NONE)
}
fn dict_delitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    match vm.dict_remove(&args[0], &args[1])? {
        Some(_) => Ok(Value::NONE),
        None => Err(vm.key_error(&args[1])),
    }
}
fn dict_contains(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.dict_contains(&args[0], &args[1]).map(Value::bool)
}
fn dict_len(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.touch_read(&args[0], Part::Whole);
    Ok(Value::small_wrap(table(vm, &args[0]).len() as i64))
}
fn dict_get(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.dict_get(&args[0], &args[1])?.unwrap_or_else(|| args[2].clone()))
}
fn dict_setdefault(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.dict_setdefault(&args[0], &args[1], args[2].clone())
}
fn dict_pop(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (this, key) = (&args[0], &args[1]);
    // as in CPython an empty dict does not even hash the key
    if table(vm, this).is_empty() {
        vm.touch_read(this, Part::Whole);
    } else if let Some((_, value)) = vm.dict_remove(this, key)? {
        return Ok(value);
    }
    if args[2].is_null() { Err(vm.key_error(key)) } else { Ok(args[2].clone()) }
}
fn dict_popitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.touch_write(&args[0], Part::Whole);
    match table_mut(vm, &args[0]).pop() {
        Some((key, value)) => Ok(vm.new_pair(key, value)),
        None => Err(vm.err(Exc::KeyError, "popitem(): dictionary is empty")),
    }
}
fn dict_clear(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.touch_write(&args[0], Part::Whole);
    let old = table_mut(vm, &args[0]).take_all();
    drop(old);
    Ok(Value::NONE)
}

// --- iteration and views ------------------------------------------------------------------------------------

fn dict_iter(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_dict_iter(&args[0], Side::Keys, false))
}
fn dict_reversed(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_dict_iter(&args[0], Side::Keys, true))
}
fn dict_keys(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_dict_view(&args[0], Side::Keys))
}
fn dict_values(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_dict_view(&args[0], Side::Values))
}
fn dict_items(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_dict_view(&args[0], Side::Items))
}

// --- the rest -----------------------------------------------------------------------------------------------

fn dict_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let this = &args[0];
    vm.touch_read(this, Part::Whole);
    if !vm.enter_repr(this) {
        return Ok(vm.new_str("{...}"));
    }
    let mut out = vec![b'{'];
    let r = repr_entries(vm, this, &mut out);
    vm.leave_repr(this);
    r?;
    out.push(b'}');
    Ok(vm.new_str_wtf8(out))
}
fn repr_entries(vm: &mut Vm, this: &Value, out: &mut Vec<u8>) -> PyResult<()> {
    let mut i = 0;
    while let Some((at, key, value)) = table(vm, this).next_from(i).map(|(i, k, v)| (i, k.value.clone(), v.clone())) {
        if out.len() > 1 {
            out.extend_from_slice(b", ");
        }
        push_repr(vm, out, &key)?;
        out.extend_from_slice(b": ");
        push_repr(vm, out, &value)?;
        i = at + 1;
    }
    Ok(())
}

/// Whether two dicts have the same keys with equal values. Comparisons may change either meanwhile.
fn equal(vm: &mut Vm, a: &Value, b: &Value) -> PyResult<bool> {
    vm.touch_read(a, Part::Whole);
    vm.touch_read(b, Part::Whole);
    if table(vm, a).len() != table(vm, b).len() {
        return Ok(false);
    }
    let mut i = 0;
    while let Some((at, hash, key, value)) = table(vm, a).next_from(i).map(|(i, k, v)| (i, k.hash, k.value.clone(), v.clone())) {
        let Some(j) = vm.dict_find(b, hash, &key)? else { return Ok(false) };
        let other = table(vm, b).value_at(j).cloned().unwrap_or_default();
        if other.is_null() || !vm.eq(&value, &other)? {
            return Ok(false);
        }
        i = at + 1;
    }
    Ok(true)
}
fn dict_eq(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[1].is_a::<Dict>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    equal(vm, &args[0], &args[1]).map(Value::bool)
}
fn dict_ne(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[1].is_a::<Dict>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    equal(vm, &args[0], &args[1]).map(|e| Value::bool(!e))
}
fn merged(vm: &mut Vm, left: &Value, right: &Value) -> PyResult {
    if !left.is_a::<Dict>() || !right.is_a::<Dict>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let new = copy(vm, left)?;
    update(vm, &new, right)?;
    Ok(new)
}
fn dict_or(vm: &mut Vm, args: &[Value]) -> PyResult {
    merged(vm, &args[0], &args[1])
}
fn dict_ror(vm: &mut Vm, args: &[Value]) -> PyResult {
    merged(vm, &args[1], &args[0])
}
fn dict_ior(vm: &mut Vm, args: &[Value]) -> PyResult {
    update(vm, &args[0], &args[1])?;
    Ok(args[0].clone())
}
fn dict_sizeof(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::small_wrap(64 + table(vm, &args[0]).bytes() as i64))
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, ...)", dict_new),
    method("__init__(self, other=NULL, /, **kwargs)", dict_update),
    method("__repr__(self, /)", dict_repr),
    method("__len__(self, /)", dict_len),
    method("__getitem__(self, key, /)", dict_getitem).doc("Return self[key]."),
    method("__setitem__(self, key, value, /)", dict_setitem),
    method("__delitem__(self, key, /)", dict_delitem),
    method("__contains__(self, key, /)", dict_contains).doc("True if the dictionary has the specified key, else False."),
    method("__iter__(self, /)", dict_iter),
    method("__reversed__(self, /)", dict_reversed).doc("Return a reverse iterator over the dict keys."),
    method("__eq__(self, value, /)", dict_eq),
    method("__ne__(self, value, /)", dict_ne),
    method("__or__(self, value, /)", dict_or),
    method("__ror__(self, value, /)", dict_ror),
    method("__ior__(self, value, /)", dict_ior),
    method("__sizeof__(self, /)", dict_sizeof).doc("D.__sizeof__() -> size of D in memory, in bytes"),
    class_method("__class_getitem__(cls, object, /)", class_getitem).doc("See PEP 585"),
    method("get(self, key, default=None, /)", dict_get).doc("Return the value for key if key is in the dictionary, else default."),
    method("setdefault(self, key, default=None, /)", dict_setdefault)
        .doc("Insert key with a value of default if key is not in the dictionary.\n\nReturn the value for key if key is in the dictionary, else default."),
    method("pop(self, key, default=NULL, /)", dict_pop).doc("D.pop(k[,d]) -> v, remove specified key and return the corresponding value."),
    method("popitem(self, /)", dict_popitem).doc("Remove and return a (key, value) pair as a 2-tuple."),
    method("keys(self, /)", dict_keys).doc("D.keys() -> a set-like object providing a view on D's keys"),
    method("items(self, /)", dict_items).doc("D.items() -> a set-like object providing a view on D's items"),
    method("values(self, /)", dict_values).doc("D.values() -> an object providing a view on D's values"),
    method("update(self, other=NULL, /, **kwargs)", dict_update).doc("D.update([E, ]**F) -> None.  Update D from mapping/iterable E and F."),
    class_method("fromkeys(cls, iterable, value=None, /)", dict_fromkeys).doc("Create a new dictionary with keys from iterable and values set to value."),
    method("clear(self, /)", dict_clear).doc("D.clear() -> None.  Remove all items from D."),
    method("copy(self, /)", dict_copy).doc("D.copy() -> a shallow copy of D"),
];

/// `dict`
pub static DEF: TypeDef = TypeDef::new("dict", layout_of::<Dict>()).flags(flags::BASE | flags::MAPPING | flags::MATCH_SELF).methods(METHODS).doc(
    "dict() -> new empty dictionary\ndict(mapping) -> new dictionary initialized from a mapping object's\n    (key, value) pairs\n\
        dict(iterable) -> new dictionary initialized as if via:\n    d = {}\n    for k, v in iterable:\n        d[k] = v\n\
        dict(**kwargs) -> new dictionary initialized with the name=value pairs\n    in the keyword argument list.  For example:  dict(one=1, two=2)",
);
