//! `str_iterator` and `str_ascii_iterator`. The position is kept in bytes, so that stepping needs no index.

use super::Str;
use crate::error::PyResult;
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Immutable, Kind, Payload, layout_of};
use crate::probe::Part;
use crate::text::wtf8;
use crate::types::T;
use crate::types::native::{NativeDef, method};
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use std::cell::Cell;

/// The payload of the iterators of str.
pub struct StrIter {
    /// The str.
    pub text: Value,
    /// Byte offset of the next character, or [`DONE`].
    pub at: Cell<usize>,
}

/// The position of an iterator that has ended.
pub const DONE: usize = usize::MAX;

impl Payload for StrIter {
    const CHANGES: Changes<Self> = Changes::RESTLESS;
    const KIND: Kind = Kind::StrIter;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.text);
    }
    fn clear(&mut self) {
        self.text = Value::NULL;
    }
    fn clone_in(&self, c: &mut Cloner) -> StrIter {
        StrIter { text: c.value(&self.text), at: self.at.clone() }
    }
}
impl Immutable for StrIter {}

impl StrIter {
    /// The next character, or the absent value.
    #[inline]
    pub fn step(&self, vm: &mut Vm) -> Value {
        let Some(s) = self.text.get::<Str>() else { return Value::NULL };
        let at = self.at.get();
        match s.bytes().get(at..).and_then(wtf8::first) {
            Some((c, n)) => {
                self.at.set(at + n);
                vm.new_char(c)
            }
            None => {
                self.at.set(DONE);
                Value::NULL
            }
        }
    }
}

/// `iter(s)`
pub fn iter(vm: &mut Vm, a: &[Value]) -> PyResult {
    let t = if super::this(&a[0]).is_ascii() { T::StrAsciiIter } else { T::StrIter };
    Ok(vm.new_object(t, StrIter { text: a[0].clone(), at: Cell::new(0) }))
}

fn this(v: &Value) -> &StrIter {
    v.get::<StrIter>().expect("a str iterator")
}

fn iter_self(_: &mut Vm, a: &[Value]) -> PyResult {
    Ok(a[0].clone())
}

fn next(vm: &mut Vm, a: &[Value]) -> PyResult {
    vm.touch_write(&a[0], Part::Whole);
    Ok(this(&a[0]).step(vm))
}

/// The index in characters; `None` at the end.
fn position(it: &StrIter) -> Option<usize> {
    let s = it.text.get::<Str>()?;
    if it.at.get() == DONE { None } else { Some(s.char_of(it.at.get())) }
}

fn length_hint(vm: &mut Vm, a: &[Value]) -> PyResult {
    vm.touch_read(&a[0], Part::Whole);
    let it = this(&a[0]);
    let len = it.text.get::<Str>().map_or(0, Str::char_len);
    Ok(Value::small_wrap(position(it).map_or(0, |i| len - i) as i64))
}

fn reduce(vm: &mut Vm, a: &[Value]) -> PyResult {
    vm.touch_read(&a[0], Part::Whole);
    let it = this(&a[0]);
    let name = vm.intern("iter");
    let builtins = vm.iso().builtins.clone();
    let iter = vm.dict_get_str(&builtins, &name).unwrap_or(Value::NONE);
    match position(it) {
        Some(i) => {
            let args = vm.new_tuple(vec![it.text.clone()]);
            Ok(vm.new_tuple(vec![iter, args, Value::small_wrap(i as i64)]))
        }
        None => {
            let empty = vm.new_str_piece(b"");
            let args = vm.new_tuple(vec![empty]);
            Ok(vm.new_tuple(vec![iter, args]))
        }
    }
}

fn set_state(vm: &mut Vm, a: &[Value]) -> PyResult {
    vm.touch_write(&a[0], Part::Whole);
    let i = vm.arg_ssize(&a[1])?.max(0) as usize;
    let it = this(&a[0]);
    if let Some(s) = it.text.get::<Str>()
        && it.at.get() != DONE
    {
        it.at.set(s.byte_of(i));
    }
    Ok(Value::NONE)
}

const METHODS: &[NativeDef] = &[
    method("__iter__(self, /)", iter_self),
    method("__next__(self, /)", next),
    method("__length_hint__(self, /)", length_hint).doc("Private method returning an estimate of len(list(it))."),
    method("__reduce__(self, /)", reduce).doc("Return state information for pickling."),
    method("__setstate__(self, object, /)", set_state).doc("Set state information for unpickling."),
];

/// `str_iterator`
pub static STR_ITER: TypeDef = TypeDef::new("str_iterator", layout_of::<StrIter>()).flags(flags::NO_NEW).methods(METHODS);
/// `str_ascii_iterator`
pub static STR_ASCII_ITER: TypeDef = TypeDef::new("str_ascii_iterator", layout_of::<StrIter>()).flags(flags::NO_NEW).methods(METHODS);
